/* SPDX-License-Identifier: Apache-2.0 */
/* Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, steps of 30 seconds
   since 1970, six digits. */
#pragma once

#include "base/arena.h"

enum { TOTP_SECRET_LEN = 32, TOTP_SECRET_TEXT_LEN = 52, TOTP_DIGITS = 6 };

/* A new secret, TOTP_SECRET_LEN random bytes. */
str totp_secret_new(struct arena *arena);

/* What a person types into an app: base32 (RFC 4648) without padding, TOTP_SECRET_TEXT_LEN characters. */
str totp_secret_text(struct arena *arena, str secret);

/* The step that a time in milliseconds falls into. */
int64_t totp_step(int64_t now);

/* The code of a step. */
str totp_code(struct arena *arena, str secret, int64_t step);

enum totp_verdict {
	TOTP_WRONG,
	TOTP_USED, /* it is the code of a step that counts no more */
	TOTP_RIGHT,
};

/* Judges a code at a time: clocks may be one step off either way (RFC 6238 section 5.2). Codes of steps up to
   `last_step` count no more; 0 when none was used. `*step` is that of a right code. Takes the same time for
   every code of six characters. */
enum totp_verdict totp_check(
	struct arena *arena, str secret, int64_t now, int64_t last_step, str code, int64_t *step);
