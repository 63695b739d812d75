/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens. The header of our own tokens is fixed text but for the key's id, so a verifier compares instead of
   parsing: what it does not know ("alg":"none", another algorithm, "crit", "jwk") cannot get through. */
#include "crypto/token.h"

#include "base/buf.h"
#include "base/encode.h"
#include "crypto/signing_key.h"

static str header_of(struct arena *arena, const struct signing_key *key)
{
	return arena_printf(arena, "{\"kid\":\"%.*s\",\"alg\":\"RS256\"}", STR_ARG(signing_key_id(key)));
}

str token_sign(struct arena *arena, const struct signing_key *key, str claims_json)
{
	struct buf token = buf_new(arena, SIZE_MAX);
	buf_add(&token, base64url_encode(arena, header_of(arena, key)));
	buf_add_char(&token, '.');
	buf_add(&token, base64url_encode(arena, claims_json));
	str signature = signing_key_sign(arena, key, buf_str(&token));
	buf_add_char(&token, '.');
	buf_add(&token, base64url_encode(arena, signature));
	return buf_str(&token);
}

static bool decode_part(struct arena *arena, str text, str *bytes)
{
	return text.len && base64url_decode(arena, text, bytes);
}

bool token_split(struct arena *arena, str token, struct token_parts *out)
{
	if (token.len > TOKEN_LEN_MAX)
		return false;
	str rest = token;
	str header = str_split(&rest, '.'), payload = str_split(&rest, '.');
	if (!decode_part(arena, header, &out->header_json) || !decode_part(arena, payload, &out->payload_json) ||
		!decode_part(arena, rest, &out->signature))
		return false;
	out->signed_part = (str){ token.data, header.len + 1 + payload.len };
	return true;
}

bool token_verify(struct arena *arena, const struct signing_key *key, str token, str *payload_json)
{
	struct token_parts parts;
	if (!token_split(arena, token, &parts) || !str_equal(parts.header_json, header_of(arena, key)) ||
		!signing_key_verify(key, parts.signed_part, parts.signature))
		return false;
	*payload_json = parts.payload_json;
	return true;
}
