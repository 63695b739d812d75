/* SPDX-License-Identifier: Apache-2.0 */
/* Checking signatures. What the algorithm leaves open is closed here: which headers a signature covers, and
   that no other spelling of the path has the same one. Sentences are those of AWS where it has one. */
#include "iam/signature.h"

#include "base/buf.h"
#include "base/settings.h"
#include "crypto/secret.h"
#include "crypto/signature_v4.h"
#include "message/canonical.h"
#include "message/request.h"

enum { SIGNED_HEADERS_MAX = 64, COMPLAINT_MAX = 1024 };


/* --- Without the key --- */

/* "5 min", or "90 sec" where minutes do not tell it. */
static str span(struct arena *arena, int64_t milliseconds)
{
	bool is_whole = milliseconds % MINUTE == 0;
	return arena_printf(arena, "%lld %s", (long long)(milliseconds / (is_whole ? MINUTE : SECOND)),
		is_whole ? "min" : "sec");
}

static RESULT check_time(struct request *request, const struct signature *signature)
{
	struct arena *arena = request->arena;
	/* Signers count whole seconds. */
	int64_t now = request->now - request->now % SECOND;
	int64_t earliest = now - signature->lifetime, latest = now + SIGNATURE_SKEW;
	if (signature->signed_at < earliest)
		return FAIL(request, INVALID_SIGNATURE,
			"Signature expired: %s is now earlier than %s (%s - %s.)", signature->timestamp.data,
			clock_iso8601_basic(arena, earliest).data, clock_iso8601_basic(arena, now).data,
			span(arena, signature->lifetime).data);
	if (signature->signed_at > latest)
		return FAIL(request, INVALID_SIGNATURE,
			"Signature not yet current: %s is still later than %s (%s + %s.)",
			signature->timestamp.data, clock_iso8601_basic(arena, latest).data,
			clock_iso8601_basic(arena, now).data, span(arena, SIGNATURE_SKEW).data);
	return OK;
}

static bool is_one_of(str text, const char *const *texts)
{
	for (; *texts; texts++)
		if (str_equal(text, str_of(*texts)))
			return true;
	return false;
}

/* All that is wrong with the scope, in AWS's order. */
static RESULT check_scope(
	struct request *request, const struct signature *signature, const char *const *services)
{
	struct buf complaint = buf_new(request->arena, COMPLAINT_MAX);
	if (!str_equal(signature->region, request->settings->region))
		buf_add(&complaint, STR("Credential should be scoped to a valid region. "));
	if (!is_one_of(signature->service, services))
		buf_printf(&complaint, "Credential should be scoped to correct service: '%s'. ", services[0]);
	if (!str_equal(signature->terminator, STR(SIGNATURE_V4_TERMINATOR)))
		buf_add(&complaint,
			STR("Credential should be scoped with a valid terminator: '" SIGNATURE_V4_TERMINATOR "'. "));
	if (!str_equal(signature->date, str_slice(signature->timestamp, 0, sizeof "20150830" - 1)))
		buf_add(&complaint,
			STR("Date in Credential scope does not match YYYYMMDD from ISO-8601 version "
			    "of date from HTTP. "));
	if (!complaint.len)
		return OK;
	return FAIL(request, INVALID_SIGNATURE, "%.*s", STR_ARG(buf_str(&complaint)));
}

static bool has_upper_case(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'Z')
			return true;
	return false;
}

/* Lower case, in order, none empty or twice: as every signer writes them. */
static bool is_header_list(str names)
{
	str previous = STR("");
	size_t count = 0;
	while (str_is_set(names)) {
		str name = str_split(&names, ';');
		if (++count > SIGNED_HEADERS_MAX || has_upper_case(name) || str_compare(previous, name) >= 0)
			return false;
		previous = name;
	}
	return true;
}

static bool is_listed(str names, str name)
{
	while (str_is_set(names))
		if (str_equal_ignoring_ascii_case(str_split(&names, ';'), name))
			return true;
	return false;
}

static bool is_for_aws(str header_name)
{
	return str_equal_ignoring_ascii_case(str_slice(header_name, 0, sizeof "x-amz-" - 1), STR("x-amz-"));
}

static RESULT check_signed_headers(
	struct request *request, const struct message_request *message, str signed_headers)
{
	if (!is_header_list(signed_headers))
		return FAIL(request, INVALID_SIGNATURE,
			"SignedHeaders must be at most %d names in lower case, each once, in order, "
			"separated by ';'.",
			SIGNED_HEADERS_MAX);
	if (!is_listed(signed_headers, STR("host")))
		return FAIL(request, INVALID_SIGNATURE,
			"'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
	for (size_t i = 0; i < message->header_count; i++) {
		str name = message->headers[i].name;
		if (is_for_aws(name) && !is_listed(signed_headers, name))
			return FAIL(request, INVALID_SIGNATURE,
				"There were headers present in the request which were not signed");
	}
	return OK;
}

/* "/a", "//a", "/./a" and "/b/../a" have one canonical form, but are not the same to those who route a
   message: only the first is taken. */
static RESULT check_path(struct request *request, str path)
{
	bool is_first = true;
	while (str_is_set(path)) {
		str segment = str_split(&path, '/');
		bool is_inner = !is_first && str_is_set(path);
		if ((is_inner && str_is_empty(segment)) || str_equal(segment, STR(".")) ||
			str_equal(segment, STR("..")))
			return FAIL(request, INVALID_SIGNATURE,
				"The path of a signed request must not have empty segments or dots for "
				"segments.");
		is_first = false;
	}
	return OK;
}

result signature_check(struct request *request, const struct message_request *message,
	const struct signature *signature, const char *const *services)
{
	TRY(check_time(request, signature));
	TRY(check_scope(request, signature, services));
	TRY(check_signed_headers(request, message, signature->signed_headers));
	return check_path(request, message->path);
}

/* --- With the key --- */

bool signature_fits(struct arena *arena, const struct message_request *message,
	const struct signature *signature, str secret)
{
	/* Always that of the body which arrived. What the message says of itself may only agree, so that
	   UNSIGNED-PAYLOAD, which S3 knows, is refused. */
	str hash = signature_v4_hash(arena, message->body),
	    claimed = message_header(message, STR("X-Amz-Content-Sha256"));
	str canonical = canonical_request(arena, message, signature->signed_headers, hash);
	if (!str_is_set(canonical) || (str_is_set(claimed) && !str_equal(claimed, hash)))
		return false;
	return secret_equal(
		signature_v4_sign(arena, secret, signature->scope, signature->timestamp, canonical),
		signature->hex);
}
