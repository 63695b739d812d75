/* SPDX-License-Identifier: Apache-2.0 */
/* One-time passwords on liboath. All codes of the window are made and compared in constant time: its own
   functions that validate stop at the first that fits. */
#include "crypto/totp.h"

#include <liboath/oath.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "crypto/library.h"
#include "crypto/random.h"
#include "crypto/secret.h"

enum { STEP_SECONDS = OATH_TOTP_DEFAULT_TIME_STEP_SIZE, DRIFT = 1 };

str totp_secret_new(struct arena *arena)
{
	return random_bytes(arena, TOTP_SECRET_LEN);
}

str totp_secret_text(struct arena *arena, str secret)
{
	char *padded;
	size_t padded_len;
	library_start();
	if (oath_base32_encode(secret.data, secret.len, &padded, &padded_len) != OATH_OK)
		fatal("out of memory for a secret in base32");
	str text = { padded, padded_len };
	while (str_has_suffix(text, STR("=")))
		text.len--;
	text = arena_copy(arena, text);
	secret_wipe(padded, padded_len);
	free(padded);
	return text;
}

int64_t totp_step(int64_t now)
{
	return now / ((int64_t)STEP_SECONDS * SECOND);
}

str totp_code(struct arena *arena, str secret, int64_t step)
{
	char *code = arena_alloc(arena, TOTP_DIGITS + 1);
	library_start();
	if (oath_hotp_generate(secret.data, secret.len, (uint64_t)step, TOTP_DIGITS, false,
		    OATH_HOTP_DYNAMIC_TRUNCATION, code) != OATH_OK)
		fatal("a one-time password cannot be made");
	return (str){ code, TOTP_DIGITS };
}

enum totp_verdict totp_check(
	struct arena *arena, str secret, int64_t now, int64_t last_step, str code, int64_t *step)
{
	enum totp_verdict verdict = TOTP_WRONG;
	int64_t middle = totp_step(now);
	for (int64_t each = middle - DRIFT; each <= middle + DRIFT; each++) {
		bool fits = secret_equal(totp_code(arena, secret, each), code);
		/* One code may be that of two steps; the one that still counts wins. */
		if (fits && each > last_step) {
			verdict = TOTP_RIGHT;
			*step = each;
		} else if (fits && verdict == TOTP_WRONG) {
			verdict = TOTP_USED;
		}
	}
	return verdict;
}
