/* SPDX-License-Identifier: Apache-2.0 */
/* Codes that prove an address: six digits, sent to it, good for a day and for that address alone. Only a
   keyed hash is kept; a new code takes the place of the one before. */
#pragma once

#include "base/request.h"

struct user;

enum code_purpose { CODE_SIGN_UP, CODE_PURPOSE_COUNT };

enum code_verdict {
	CODE_RIGHT,
	CODE_WRONG,
	CODE_EXPIRED, /* or there is none */
};

/* Inside a transaction: a new code for the value that the user's attribute ("email") has now. */
RESULT confirmation_code_make(struct request *request, const struct user *user, enum code_purpose purpose,
	str attribute, str *code);

/* Inside a transaction: judges a code; a right one is used up. `*attribute` is the one it was sent to. */
RESULT confirmation_code_check(struct request *request, const struct user *user, enum code_purpose purpose,
	str code, enum code_verdict *verdict, str *attribute);

/* What a verdict other than CODE_RIGHT is called. Raises CodeMismatch, ExpiredCode. */
RESULT confirmation_code_refuse(struct request *request, enum code_verdict verdict);
