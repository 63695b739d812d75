/* SPDX-License-Identifier: Apache-2.0 */
/* How often something may be tried: guesses at passwords and codes, and messages sent. What is counted is a
   subject, so that a name that nobody has behaves like one that somebody has.

   The counts stand in the store: they hold for every process, and over a restart. */
#pragma once

#include "base/request.h"
#include "crypto/digest.h"

struct user;
struct user_pool;

enum attempt_kind {
	ATTEMPT_PASSWORD, /* wrong passwords alone: 5 without delay, then blocked for 1 s, doubled by each up
			     to 15 min; 15 min of quiet forget them */
	ATTEMPT_MFA_CODE, /* wrong codes of a second factor: the same, but up to 1 h, and a day of quiet:
			     whoever knows the password and starts one sign-in after the other has some 24
			     guesses a day at a million codes */
	ATTEMPT_MFA_MESSAGE, /* codes of a second factor that are sent: 15 an hour */
	ATTEMPT_SET_UP_MFA, /* wrong codes of a factor that is being set up: as passwords */
	ATTEMPT_CONFIRM_SIGN_UP, /* 15 an hour */
	ATTEMPT_RESEND_CODE, /* 5 an hour, as the next ones */
	ATTEMPT_FORGOT_PASSWORD,
	ATTEMPT_CHANGE_PASSWORD, /* wrong ones alone */
	ATTEMPT_ATTRIBUTE_CODE,
	ATTEMPT_CONFIRM_FORGOT_PASSWORD, /* 15 an hour, as the next one */
	ATTEMPT_VERIFY_ATTRIBUTE,
	ATTEMPT_MESSAGE, /* 20 an hour: messages that anybody can have sent to an address, whoever has it; see
			    userpool/user_message.h */
	ATTEMPT_KIND_COUNT
};

/* A kind of attempt on somebody. */
struct attempt_subject {
	enum attempt_kind kind;
	struct digest hash;
};

/* On that user, or, with `user` NULL, on a name that nobody has. */
struct attempt_subject attempt_subject(struct request *request, enum attempt_kind kind,
	const struct user_pool *pool, const struct user *user, str name);

/* Inside a transaction: counts one more unless as many as an hour allows were counted. Raises LimitExceeded
   "Attempt limit exceeded, please try after some time."; that one changes nothing. */
RESULT attempt_count(struct request *request, const struct attempt_subject *subject);

/* Inside a transaction: what comes of a guess that was right or wrong. While the subject is blocked neither
   counts, and nobody learns which it was. A right one ends the count. */
RESULT attempt_settle(
	struct request *request, const struct attempt_subject *subject, bool is_right, bool *is_blocked);

/* Whether a guess would be of no use now, so that it need not be checked. */
RESULT attempt_check_blocked(
	struct request *request, const struct attempt_subject *subject, bool *is_blocked);

/* Inside a transaction: forgets the count. */
RESULT attempt_forget(struct request *request, const struct attempt_subject *subject);
