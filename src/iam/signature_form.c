/* SPDX-License-Identifier: Apache-2.0 */
/* Reading signatures. Both forms come to the same parts, which are looked at once. The errors are those of
   AWS, word for word where known, since people search for them. */
#include "iam/signature_form.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "crypto/signature_v4.h"
#include "message/canonical.h"
#include "iam/signature.h"
#include "message/request.h"
#include "message/url.h"

enum {
	AUTHORIZATION_MAX = 4096, /* bytes of the header */
	PART_MAX = 2048, /* bytes of each part */
	SHOWN_MAX = 32, /* bytes of a text that is shown to its sender */
	COMPLAINT_MAX = 1024,
	EXPIRES_MAX = 7 * 24 * 60 * 60, /* seconds */
};

/* As they stand in the message; absent where the message has none. */
struct parts {
	str algorithm, credential, signed_headers, hex, date, expires, token;
	bool is_in_query;
};

struct place {
	str name;
	size_t offset; /* in struct parts */
	bool is_optional;
};

#define PLACE(text, member) .name = STR_INIT(text), .offset = offsetof(struct parts, member)

static const struct place header_places[] = {
	{ PLACE("Credential", credential) },
	{ PLACE("Signature", hex) },
	{ PLACE("SignedHeaders", signed_headers) },
};

static const struct place query_places[] = {
	{ PLACE("X-Amz-Algorithm", algorithm) },
	{ PLACE("X-Amz-Credential", credential) },
	{ PLACE("X-Amz-Signature", hex) },
	{ PLACE("X-Amz-SignedHeaders", signed_headers) },
	{ PLACE("X-Amz-Date", date) },
	{ PLACE("X-Amz-Expires", expires), .is_optional = true },
	{ PLACE("X-Amz-Security-Token", token), .is_optional = true },
};

static str *part_at(struct parts *parts, const struct place *place)
{
	return (str *)(void *)((char *)parts + place->offset);
}

static const struct place *find_place(const struct place *places, size_t count, str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(places[i].name, name))
			return &places[i];
	return NULL;
}

/* Adds a sentence for each part that must be there and is not: its name between the two texts. */
static void add_missing(struct buf *complaint, struct parts *parts, const struct place *places, size_t count,
	const char *before, const char *after)
{
	for (size_t i = 0; i < count; i++)
		if (!places[i].is_optional && str_is_empty(*part_at(parts, &places[i])))
			buf_printf(complaint, "%s'%s'%s. ", before, places[i].name.data, after);
}

/* --- In the header --- */

/* The header as AWS shows it, so that two texts can be compared without being seen. */
static str hashed(struct arena *arena, str authorization)
{
	struct digest digest = digest_sha256(authorization);
	return base64_encode(arena, digest_str(&digest));
}

/* A header that must not be there twice, absent when it is not there. */
static RESULT take_header(
	struct request *request, const struct message_request *message, str name, str *value)
{
	*value = STR_NONE;
	for (size_t i = 0; i < message->header_count; i++) {
		if (!str_equal_ignoring_ascii_case(message->headers[i].name, name))
			continue;
		if (str_is_set(*value))
			return FAIL(request, INCOMPLETE_SIGNATURE, "The header %.*s is given more than once.",
				STR_ARG(name));
		*value = message->headers[i].value;
	}
	return OK;
}

static RESULT take_pair(struct request *request, str authorization, str pair, struct parts *parts)
{
	str value = pair;
	str name = str_split(&value, '=');
	const struct place *place = find_place(header_places, ARRAY_LEN(header_places), name);
	if (!str_is_set(value))
		return FAIL(request, INCOMPLETE_SIGNATURE,
			"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with "
			"SHA-256 and encoded with Base64): '%.*s'.",
			STR_ARG(hashed(request->arena, authorization)));
	if (!place || str_is_set(*part_at(parts, place)))
		return FAIL(request, INCOMPLETE_SIGNATURE,
			"Unknown or repeated key in Authorization header (hashed with SHA-256 and encoded "
			"with "
			"Base64): '%.*s'.",
			STR_ARG(hashed(request->arena, authorization)));
	*part_at(parts, place) = value;
	return OK;
}

static RESULT require_header_parts(struct request *request, str authorization, struct parts *parts)
{
	struct buf complaint = buf_new(request->arena, COMPLAINT_MAX);
	add_missing(&complaint, parts, header_places, ARRAY_LEN(header_places),
		"Authorization header requires ", " parameter");
	if (str_is_empty(parts->date))
		buf_add(&complaint,
			STR("Authorization header requires existence of either a 'X-Amz-Date' or a "
			    "'Date' header. "));
	if (!complaint.len)
		return OK;
	return FAIL(request, INCOMPLETE_SIGNATURE,
		"%.*s(Hashed with SHA-256 and encoded with Base64) Authorization=%.*s",
		STR_ARG(buf_str(&complaint)), STR_ARG(hashed(request->arena, authorization)));
}

static RESULT read_header_form(struct request *request, const struct message_request *message,
	str authorization, struct parts *parts)
{
	str rest = authorization;
	if (authorization.len > AUTHORIZATION_MAX)
		return FAIL(request, INCOMPLETE_SIGNATURE,
			"The header Authorization is longer than %d bytes.", AUTHORIZATION_MAX);
	parts->algorithm = str_split(&rest, ' ');
	while (str_is_set(rest))
		TRY(take_pair(request, authorization, str_trim(str_split(&rest, ',')), parts));
	TRY(take_header(request, message, STR("X-Amz-Date"), &parts->date));
	if (!str_is_set(parts->date))
		TRY(take_header(request, message, STR("Date"), &parts->date));
	return require_header_parts(request, authorization, parts);
}

/* --- In the query --- */

/* Whether somebody meant the query to carry a signature. A date or a token alone does not make one. */
static bool is_in_query(const struct url_pair *pairs, size_t count)
{
	return str_is_set(url_pair_value(pairs, count, STR("X-Amz-Algorithm"))) ||
	       str_is_set(url_pair_value(pairs, count, STR("X-Amz-Credential"))) ||
	       str_is_set(url_pair_value(pairs, count, STR("X-Amz-Signature"))) ||
	       str_is_set(url_pair_value(pairs, count, STR("X-Amz-SignedHeaders")));
}

static RESULT read_query_form(
	struct request *request, const struct url_pair *pairs, size_t count, struct parts *parts)
{
	struct buf complaint = buf_new(request->arena, COMPLAINT_MAX);
	parts->is_in_query = true;
	for (size_t i = 0; i < count; i++) {
		const struct place *place = find_place(query_places, ARRAY_LEN(query_places), pairs[i].name);
		if (!place)
			continue;
		if (str_is_set(*part_at(parts, place)))
			return FAIL(request, INCOMPLETE_SIGNATURE,
				"The query-string parameter %s is given more than once.", place->name.data);
		*part_at(parts, place) = pairs[i].value;
	}
	add_missing(&complaint, parts, query_places, ARRAY_LEN(query_places),
		"AWS query-string parameters must include ", "");
	if (!complaint.len)
		return OK;
	return FAIL(request, INCOMPLETE_SIGNATURE, "%.*sRe-examine the query-string parameters.",
		STR_ARG(buf_str(&complaint)));
}

/* --- The parts --- */

static bool is_printable(str text, size_t max)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return text.len <= max;
}

/* What a message about a short text may repeat of it. */
static str shown(str text)
{
	return is_printable(text, SHOWN_MAX) ? text : STR("...");
}

static RESULT check_characters(struct request *request, const struct parts *parts)
{
	const str texts[] = { parts->algorithm, parts->credential, parts->signed_headers, parts->hex };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!is_printable(texts[i], PART_MAX))
			return FAIL(request, INCOMPLETE_SIGNATURE,
				"A part of the signature has characters that none may have, or more than %d.",
				PART_MAX);
	return OK;
}

static RESULT read_algorithm(struct request *request, str algorithm)
{
	if (str_equal(algorithm, STR(SIGNATURE_V4_ALGORITHM)))
		return OK;
	return FAIL(request, INCOMPLETE_SIGNATURE, "Unsupported AWS 'algorithm': '%.*s'.",
		STR_ARG(shown(algorithm)));
}

static RESULT read_credential(struct request *request, str credential, struct signature *out)
{
	str *const elements[] = { &out->access_key_id, &out->date, &out->region, &out->service,
		&out->terminator };
	str rest = credential;
	for (size_t i = 0; i < ARRAY_LEN(elements); i++)
		*elements[i] = str_split(&rest, '/');
	/* What an absent text is split into is absent. */
	if (!str_is_set(out->terminator) || str_is_set(rest))
		return FAIL(request, INCOMPLETE_SIGNATURE,
			"Credential must have exactly 5 slash-delimited elements, e.g. "
			"keyid/date/region/service/term.");
	out->scope = str_from(credential, out->access_key_id.len + 1);
	return OK;
}

static RESULT read_date(struct request *request, const struct parts *parts, struct signature *out)
{
	if (!clock_parse_iso8601_basic(parts->date, &out->signed_at) &&
		(parts->is_in_query || !clock_parse_http_date(parts->date, &out->signed_at)))
		return FAIL(request, INCOMPLETE_SIGNATURE,
			"Date must be in ISO-8601 'basic format'. Got '%.*s'. See "
			"http://en.wikipedia.org/wiki/ISO_8601",
			STR_ARG(shown(parts->date)));
	out->timestamp = clock_iso8601_basic(request->arena, out->signed_at);
	return OK;
}

static RESULT read_expires(struct request *request, str expires, struct signature *out)
{
	int64_t seconds;
	out->lifetime = SIGNATURE_SKEW;
	if (!str_is_set(expires))
		return OK;
	if (!str_to_int64(expires, &seconds) || seconds < 1 || seconds > EXPIRES_MAX)
		return FAIL(request, INCOMPLETE_SIGNATURE,
			"X-Amz-Expires must be a number of seconds from 1 to %d.", EXPIRES_MAX);
	out->lifetime = seconds * SECOND;
	return OK;
}

static RESULT interpret(struct request *request, const struct parts *parts, struct signature *out)
{
	TRY(check_characters(request, parts));
	TRY(read_algorithm(request, parts->algorithm));
	TRY(read_date(request, parts, out));
	TRY(read_credential(request, parts->credential, out));
	TRY(read_expires(request, parts->expires, out));
	out->signed_headers = parts->signed_headers;
	out->hex = parts->hex;
	out->has_security_token = str_is_set(parts->token);
	return OK;
}

result signature_form_read(
	struct request *request, const struct message_request *message, struct signature *out)
{
	struct parts parts = { .is_in_query = false };
	struct url_pair *pairs;
	size_t count;
	str authorization;
	TRY(take_header(request, message, STR("Authorization"), &authorization));
	TRY(take_header(request, message, STR("X-Amz-Security-Token"), &parts.token));
	/* What is no query carries no signature, and none fits it. */
	if (!url_pairs(request->arena, message->query, CANONICAL_PARAMETERS_MAX, &pairs, &count))
		count = 0;
	bool in_query = is_in_query(pairs, count);
	if (in_query && str_is_set(authorization))
		return FAIL(request, INVALID_SIGNATURE,
			"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
			"header.");
	if (!in_query && !str_has_prefix(authorization, STR("AWS4-")))
		return FAIL(request, MISSING_AUTHENTICATION_TOKEN, "Missing Authentication Token");
	TRY(in_query ? read_query_form(request, pairs, count, &parts)
		     : read_header_form(request, message, authorization, &parts));
	return interpret(request, &parts, out);
}
