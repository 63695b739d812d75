/* SPDX-License-Identifier: Apache-2.0 */
/* Signature Version 4. The key is that of one day, region and service: what leaks of it is good for no other. */
#include "crypto/signature_v4.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

static struct digest derive_key(struct arena *arena, str secret, str scope)
{
	str first = arena_printf(arena, "AWS4%.*s", STR_ARG(secret));
	struct digest key = digest_hmac_sha256(first, str_split(&scope, '/'));
	while (str_is_set(scope))
		key = digest_hmac_sha256(digest_str(&key), str_split(&scope, '/'));
	return key;
}

str signature_v4_hash(struct arena *arena, str data)
{
	struct digest digest = digest_sha256(data);
	return hex_encode(arena, digest_str(&digest));
}

str signature_v4_sign(struct arena *arena, str secret, str scope, str timestamp, str canonical)
{
	str text = arena_printf(arena, SIGNATURE_V4_ALGORITHM "\n%.*s\n%.*s\n%.*s", STR_ARG(timestamp), STR_ARG(scope),
		STR_ARG(signature_v4_hash(arena, canonical)));
	struct digest key = derive_key(arena, secret, scope);
	struct digest signed_text = digest_hmac_sha256(digest_str(&key), text);
	str hex = hex_encode(arena, digest_str(&signed_text));
	secret_wipe(&key, sizeof key);
	secret_wipe(&signed_text, sizeof signed_text);
	return hex;
}
