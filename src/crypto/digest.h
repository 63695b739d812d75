/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), of one text or of several as if they stood behind each other. */
#pragma once

#include "base/str.h"

enum { DIGEST_LEN = 32 };

struct digest {
	unsigned char bytes[DIGEST_LEN];
};

struct digest digest_sha256(str data);
struct digest digest_sha256_parts(const str *parts, size_t count);

/* A key of any length. */
struct digest digest_hmac_sha256(str key, str data);
struct digest digest_hmac_sha256_parts(str key, const str *parts, size_t count);

/* A view of the bytes, as long as the digest lives. */
static inline str digest_str(const struct digest *digest)
{
	return (str){ (const char *)digest->bytes, DIGEST_LEN };
}
