/* SPDX-License-Identifier: Apache-2.0 */
/* Codes that prove an address: six digits, or many more characters in a link, sent to it, good for a while
   and for that address alone. Only a keyed hash is kept; a new code takes the place of the one before it with
   the same purpose. */
#pragma once

#include "base/request.h"
#include "userpool/user_message.h"

struct user;

enum code_purpose {
	CODE_SIGN_UP, /* a day */
	CODE_FORGOT_PASSWORD, /* an hour */
	CODE_VERIFY_EMAIL, /* a day, also for the next one */
	CODE_VERIFY_PHONE_NUMBER,
	CODE_PURPOSE_COUNT
};

enum code_verdict {
	CODE_RIGHT,
	CODE_WRONG,
	CODE_EXPIRED, /* it was right */
	CODE_ABSENT, /* there is none, or a wrong code came when it had expired */
};

/* Inside a transaction: a new code that goes to the address. */
RESULT confirmation_code_make(struct request *request, const struct user *user, enum code_purpose purpose,
	const struct user_address *address, str *code);

/* The same, for a link: 43 letters and digits that nobody guesses, and nobody has to type. */
RESULT confirmation_code_make_for_link(struct request *request, const struct user *user,
	enum code_purpose purpose, const struct user_address *address, str *code);

/* Whether a code looks like one of a link. */
bool confirmation_code_is_for_link(str code);

/* Inside a transaction: judges a code. `*address` is where it was sent, which may be another address than the
   user has by now. A right one is to be forgotten with what it permits. */
RESULT confirmation_code_check(struct request *request, const struct user *user, enum code_purpose purpose,
	str code, enum code_verdict *verdict, struct user_address *address);

/* Inside a transaction: the address that a code of that purpose was sent to last, absent for none. */
RESULT confirmation_code_address(struct request *request, const struct user *user, enum code_purpose purpose,
	struct user_address *address);

/* Inside a transaction: a code of that purpose is worth nothing any more. */
RESULT confirmation_code_forget(struct request *request, const struct user *user, enum code_purpose purpose);

/* Inside a transaction that is kept though the code was no right one: the audit trail shall tell. */
void confirmation_code_note(struct request *request, enum code_verdict verdict);

/* What a verdict other than CODE_RIGHT is called. Raises CodeMismatch, ExpiredCode. */
RESULT confirmation_code_refuse(struct request *request, enum code_verdict verdict);
