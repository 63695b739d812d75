/* SPDX-License-Identifier: Apache-2.0 */
/* Digests by libsodium: its states live on the stack and are wiped here, and there is nothing to fetch. */
#include "crypto/digest.h"

#include <sodium.h>

#include "crypto/secret.h"

static const unsigned char *bytes_of(str s)
{
	return (const unsigned char *)s.data;
}

struct digest digest_sha256_parts(const str *parts, size_t count)
{
	struct digest digest;
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < count; i++)
		if (parts[i].len)
			crypto_hash_sha256_update(&state, bytes_of(parts[i]), parts[i].len);
	crypto_hash_sha256_final(&state, digest.bytes);
	secret_wipe(&state, sizeof state);
	return digest;
}

struct digest digest_sha256(str data)
{
	return digest_sha256_parts(&data, 1);
}

struct digest digest_hmac_sha256_parts(str key, const str *parts, size_t count)
{
	struct digest digest;
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, bytes_of(key.len ? key : STR("")), key.len);
	for (size_t i = 0; i < count; i++)
		if (parts[i].len)
			crypto_auth_hmacsha256_update(&state, bytes_of(parts[i]), parts[i].len);
	crypto_auth_hmacsha256_final(&state, digest.bytes);
	secret_wipe(&state, sizeof state);
	return digest;
}

struct digest digest_hmac_sha256(str key, str data)
{
	return digest_hmac_sha256_parts(key, &data, 1);
}
