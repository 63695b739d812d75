/* SPDX-License-Identifier: Apache-2.0 */
/* Random material. Letters are drawn by rejection: a plain remainder would favour the front of the alphabet. */
#include "crypto/random.h"

#include <assert.h>

#include "base/entropy.h"
#include "crypto/secret.h"

str random_bytes(struct arena *arena, size_t len)
{
	char *bytes = arena_alloc(arena, len);
	entropy_fill(bytes, len);
	return (str){ bytes, len };
}

/* Draws up to `wanted` letters out of one helping of entropy and returns how many it got. */
static size_t draw(str alphabet, char *letters, size_t wanted)
{
	unsigned char entropy[64];
	size_t fair = 256 - 256 % alphabet.len, drawn = 0;
	entropy_fill(entropy, sizeof entropy);
	for (size_t i = 0; i < sizeof entropy && drawn < wanted; i++)
		if (entropy[i] < fair)
			letters[drawn++] = alphabet.data[entropy[i] % alphabet.len];
	secret_wipe(entropy, sizeof entropy);
	return drawn;
}

str random_text(struct arena *arena, str alphabet, size_t len)
{
	assert(alphabet.len >= 1 && alphabet.len <= 256);
	char *letters = arena_alloc(arena, len + 1);
	for (size_t done = 0; done < len;)
		done += draw(alphabet, letters + done, len - done);
	return (str){ letters, len };
}

str random_token(struct arena *arena, size_t len)
{
	return random_text(arena, STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), len);
}

str random_digits(struct arena *arena, size_t len)
{
	return random_text(arena, STR("0123456789"), len);
}
