/* SPDX-License-Identifier: Apache-2.0 */
/* Our own tokens: compact JWS (RFC 7515 section 3.1) signed with RS256, and nothing else. */
#pragma once

#include "base/arena.h"

struct signing_key;

/* Room for the access token of a user who is in 100 groups with names of 128 characters. */
enum { TOKEN_LEN_MAX = 96 * 1024 };

/* A token with the header {"kid":"...","alg":"RS256"}, exactly so. `claims_json` is written as it is. */
str token_sign(struct arena *arena, const struct signing_key *key, str claims_json);

struct token_parts {
	str header_json, payload_json; /* decoded, not parsed */
	str signed_part; /* header and payload as they stand in the token */
	str signature; /* decoded */
};

/* Takes a token apart, at most TOKEN_LEN_MAX long; false when it is not three non-empty texts in base64url without
   padding. Checks no signature: believe nothing in it but which key to try. */
bool token_split(struct arena *arena, str token, struct token_parts *out);

/* Whether `key` signed the token as token_sign() does; then gives the claims. Times in the claims are the caller's
   business. */
bool token_verify(struct arena *arena, const struct signing_key *key, str token, str *payload_json);
