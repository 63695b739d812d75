/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/iam/letter.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "message/canonical.h"
#include "message/url.h"
#include "unit/cases.h"

static void add_header(struct letter *letter, str name, str value)
{
	assert_true(letter->message.header_count < LETTER_HEADERS_MAX);
	letter->headers[letter->message.header_count++] = (struct message_header){ name, value };
}

struct letter *letter_new(
	struct arena *arena, const char *method, const char *target, const char *headers, const char *body)
{
	struct letter *letter = ARENA_NEW(arena, struct letter);
	str query = str_of(target), lines = str_of(headers);
	letter->arena = arena;
	letter->message.method = str_of(method);
	letter->message.path = str_split(&query, '?');
	letter->message.query = query;
	letter->message.headers = letter->headers;
	letter->message.body = body ? str_of(body) : STR("");
	while (lines.len) {
		str value = str_split(&lines, '\n');
		str name = str_split(&value, ':');
		add_header(letter, name, str_trim(value));
	}
	return letter;
}

static str hmac(struct arena *arena, str key, str data)
{
	struct digest digest = digest_hmac_sha256(key, data);
	return arena_copy(arena, digest_str(&digest));
}

static str hex_of(struct arena *arena, str data)
{
	struct digest digest = digest_sha256(data);
	return hex_encode(arena, digest_str(&digest));
}

static str signature_of(const struct letter *letter, const struct letter_signing *signing)
{
	struct arena *arena = letter->arena;
	str hash =
		signing->payload_hash ? str_of(signing->payload_hash) : hex_of(arena, letter->message.body);
	str canonical = canonical_request(arena, &letter->message, str_of(signing->signed_headers), hash);
	str text = arena_printf(arena, "AWS4-HMAC-SHA256\n%s\n%s\n%s", signing->timestamp, signing->scope,
		hex_of(arena, canonical).data);
	str key = arena_printf(arena, "AWS4%.*s", STR_ARG(signing->secret)), rest = str_of(signing->scope);
	while (str_is_set(rest))
		key = hmac(arena, key, str_split(&rest, '/'));
	return hex_encode(arena, hmac(arena, key, text));
}

void letter_sign(struct letter *letter, const struct letter_signing *signing)
{
	str value = arena_printf(letter->arena,
		"AWS4-HMAC-SHA256 Credential=%.*s/%s, SignedHeaders=%s, Signature=%s",
		STR_ARG(signing->access_key_id), signing->scope, signing->signed_headers,
		signature_of(letter, signing).data);
	add_header(letter, STR("Authorization"), value);
}

void letter_presign(struct letter *letter, const struct letter_signing *signing)
{
	struct arena *arena = letter->arena;
	str *query = &letter->message.query;
	str credential = arena_printf(arena, "%.*s/%s", STR_ARG(signing->access_key_id), signing->scope);
	*query = arena_printf(arena,
		"%.*s%sX-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s&X-Amz-Date=%s&X-Amz-"
		"SignedHeaders=%s",
		STR_ARG(*query), query->len ? "&" : "", url_encode(arena, credential, STR("")).data,
		signing->timestamp, url_encode(arena, str_of(signing->signed_headers), STR("")).data);
	if (signing->expires)
		*query = arena_printf(arena, "%s&X-Amz-Expires=%s", query->data, signing->expires);
	*query =
		arena_printf(arena, "%s&X-Amz-Signature=%s", query->data, signature_of(letter, signing).data);
}
