/* SPDX-License-Identifier: Apache-2.0 */
/* RSA-2048 keys that sign our tokens (RS256: RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 section 3.3), held ready for
   use. One key serves all threads at once. */
#pragma once

#include "base/arena.h"
#include "base/histogram.h"

enum { SIGNING_KEY_BITS = 2048, SIGNATURE_LEN = SIGNING_KEY_BITS / 8 };

struct signing_key;

/* Takes a few hundred milliseconds of processor time: only for worker threads. */
struct signing_key *signing_key_generate(void);

/* From a PKCS #8 private key in DER; NULL when it is anything but a whole RSA key of SIGNING_KEY_BITS. */
struct signing_key *signing_key_from_der(str pkcs8);

/* The private key as PKCS #8 in DER: keep it sealed. */
str signing_key_to_der(struct arena *arena, const struct signing_key *key);

void signing_key_free(struct signing_key **key);

/* The key's name in tokens and JWKS ("kid"): its thumbprint (RFC 7638) in base64url, so it depends on the key
   alone. Lives as long as the key. */
str signing_key_id(const struct signing_key *key);

/* The public numbers n and e, big-endian without leading zeros, as a JWK wants them before base64url. */
str signing_key_modulus(struct arena *arena, const struct signing_key *key);
str signing_key_exponent(struct arena *arena, const struct signing_key *key);

/* SIGNATURE_LEN bytes; some 300 us. */
str signing_key_sign(struct arena *arena, const struct signing_key *key, str data);

/* How long the signatures of this process took. */
const struct histogram *signing_key_times(void);

bool signing_key_verify(const struct signing_key *key, str data, str signature);
