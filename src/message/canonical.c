/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical requests. Query parameters arrive in any legal spelling ("%2f" or "%2F", "+" or "%20") and leave
   in the one that the signer used; the path is encoded once more as it arrived, as every service but S3 wants
   it. */
#include "message/canonical.h"

#include <stdlib.h>

#include "base/buf.h"
#include "message/request.h"
#include "message/url.h"

/* Segments of the path without the empty ones and the dots (RFC 3986 section 5.2.4). */
static size_t split_path(struct arena *arena, str path, str **segments)
{
	size_t count = 0;
	*segments = ARENA_ARRAY(arena, str, path.len + 1);
	while (str_is_set(path)) {
		str segment = str_split(&path, '/');
		if (str_equal(segment, STR("..")))
			count -= count > 0;
		else if (segment.len && !str_equal(segment, STR(".")))
			(*segments)[count++] = segment;
	}
	return count;
}

static void add_path(struct buf *out, str path)
{
	str *segments;
	size_t count = split_path(out->arena, path, &segments);
	for (size_t i = 0; i < count; i++) {
		buf_add_char(out, '/');
		buf_add(out, url_encode(out->arena, segments[i], STR("")));
	}
	if (!count || str_has_suffix(path, STR("/")))
		buf_add_char(out, '/');
}

static int compare_pairs(const void *a, const void *b)
{
	const struct url_pair *left = a, *right = b;
	int order = str_compare(left->name, right->name);
	return order ? order : str_compare(left->value, right->value);
}

/* Encodes the pairs in place, without the signature, and gives how many are left. */
static size_t encode_pairs(struct arena *arena, struct url_pair *pairs, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (str_equal(pairs[i].name, STR("X-Amz-Signature")))
			continue;
		pairs[kept++] = (struct url_pair){
			.name = url_encode(arena, pairs[i].name, STR("")),
			.value = url_encode(arena, pairs[i].value, STR("")),
		};
	}
	return kept;
}

static bool add_query(struct buf *out, str query)
{
	struct url_pair *pairs;
	size_t count;
	if (!url_pairs(out->arena, query, CANONICAL_PARAMETERS_MAX, &pairs, &count))
		return false;
	/* The order is that of the encoded texts. */
	count = encode_pairs(out->arena, pairs, count);
	qsort(pairs, count, sizeof *pairs, compare_pairs);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_char(out, '&');
		buf_add(out, pairs[i].name);
		buf_add_char(out, '=');
		buf_add(out, pairs[i].value);
	}
	return true;
}

/* Trimmed, and each run of blanks inside as one space. */
static void add_header_value(struct buf *out, str value)
{
	value = str_trim(value);
	for (size_t i = 0; i < value.len; i++) {
		bool is_blank = value.data[i] == ' ' || value.data[i] == '\t';
		if (!is_blank)
			buf_add_char(out, value.data[i]);
		else if (value.data[i - 1] != ' ' && value.data[i - 1] != '\t')
			buf_add_char(out, ' ');
	}
}

/* The line of one header, its values joined in the order received. False when there is none. */
static bool add_header(struct buf *out, const struct message_request *message, str name)
{
	bool found = false;
	buf_add(out, name);
	for (size_t i = 0; i < message->header_count; i++) {
		if (!str_equal_ignoring_ascii_case(message->headers[i].name, name))
			continue;
		buf_add_char(out, found ? ',' : ':');
		add_header_value(out, message->headers[i].value);
		found = true;
	}
	buf_add_char(out, '\n');
	return found;
}

static bool add_headers(struct buf *out, const struct message_request *message, str signed_headers)
{
	while (str_is_set(signed_headers))
		if (!add_header(out, message, str_split(&signed_headers, ';')))
			return false;
	return true;
}

str canonical_request(
	struct arena *arena, const struct message_request *message, str signed_headers, str payload_hash)
{
	struct buf out = buf_new(arena, CANONICAL_MAX);
	buf_add(&out, message->is_head ? STR("HEAD") : message->method);
	buf_add_char(&out, '\n');
	add_path(&out, message->path);
	buf_add_char(&out, '\n');
	if (!add_query(&out, message->query))
		return STR_NONE;
	buf_add_char(&out, '\n');
	if (!add_headers(&out, message, signed_headers))
		return STR_NONE;
	buf_add_char(&out, '\n');
	buf_add(&out, signed_headers);
	buf_add_char(&out, '\n');
	buf_add(&out, payload_hash);
	return out.overflowed ? STR_NONE : buf_str(&out);
}
