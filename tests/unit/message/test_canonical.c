/* SPDX-License-Identifier: Apache-2.0 */
/* The text of canonical requests; that signers agree with it is shown in test_signature. */
#include "message/canonical.h"

#include "base/fatal.h"
#include "message/request.h"
#include "unit/cases.h"

static str canonical(struct arena *arena, str path, str query, str signed_headers)
{
	static const struct message_header headers[] = {
		{ STR_INIT("Host"), STR_INIT("iam.amazonaws.com") },
		{ STR_INIT("My-Header"), STR_INIT(" a   b\t c ") },
		{ STR_INIT("X-Amz-Date"), STR_INIT("20150830T123600Z") },
		{ STR_INIT("my-header"), STR_INIT("d") },
		{ STR_INIT("Empty"), STR_INIT("") },
	};
	const struct message_request message = {
		.method = STR("GET"),
		.path = path,
		.query = query,
		.headers = headers,
		.header_count = ARRAY_LEN(headers),
	};
	return canonical_request(arena, &message, signed_headers, STR("HASH"));
}

static void a_request_has_its_six_parts(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_str_equal(canonical(arena, STR("/"), STR("Action=ListUsers&Version=2010-05-08"), STR("host;x-amz-date")),
		STR("GET\n/\nAction=ListUsers&Version=2010-05-08\nhost:iam.amazonaws.com\n"
		    "x-amz-date:20150830T123600Z\n\nhost;x-amz-date\nHASH"));
	assert_str_equal(canonical(arena, STR("/"), STR_NONE, STR("empty;host;my-header")),
		STR("GET\n/\n\nempty:\nhost:iam.amazonaws.com\nmy-header:a b c,d\n\nempty;host;my-header\nHASH"));
	arena_free(&arena);
}

static void paths_and_queries_have_one_spelling(void **state)
{
	(void)state;
	static const struct {
		const char *path, *query, *canonical; /* of both */
	} cases[] = {
		{ "/", NULL, "/\n" },
		{ "", NULL, "/\n" },
		{ "/a/../..//b/./", NULL, "/b/\n" },
		{ "/a%20b/%3A", NULL, "/a%2520b/%253A\n" },
		{ "/a:b~c", NULL, "/a%3Ab~c\n" },
		{ "/..", NULL, "/\n" },
		{ "/", "", "/\n" },
		{ "/", "b=2&a=2&a=1&ab=1&B=1", "/\nB=1&a=1&a=2&ab=1&b=2" },
		{ "/", "a&&b=&=c&", "/\n=c&a=&b=" },
		{ "/", "a=%2f+x~&a=%41", "/\na=%2F%20x~&a=A" },
		{ "/", "X-Amz-Signature=1&a=b=c", "/\na=b%3Dc" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new();
		str text = canonical(arena, str_of(cases[i].path), str_of(cases[i].query), STR("host"));
		assert_str_equal(text, arena_printf(arena, "GET\n%s\nhost:iam.amazonaws.com\n\nhost\nHASH",
			cases[i].canonical));
		arena_free(&arena);
	}
}

/* What is answered as GET is signed as it was sent. */
static void head_is_signed_as_head(void **state)
{
	static const struct message_header host = { STR_INIT("Host"), STR_INIT("iam.amazonaws.com") };
	const struct message_request message = {
		.method = STR("GET"), .is_head = true, .path = STR("/"), .headers = &host, .header_count = 1
	};
	struct arena *arena = arena_new();
	(void)state;
	assert_str_equal(canonical_request(arena, &message, STR("host"), STR("HASH")),
		STR("HEAD\n/\n\nhost:iam.amazonaws.com\n\nhost\nHASH"));
	arena_free(&arena);
}

static void what_cannot_be_signed_is_absent(void **state)
{
	(void)state;
	static const struct {
		const char *name, *query, *signed_headers;
	} cases[] = {
		{ "header that is not there", NULL, "date;host" },
		{ "malformed escape", "a=%4", "host" },
		{ "NUL", "a=%00", "host" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_case(!str_is_set(canonical(arena, STR("/"), str_of(cases[i].query),
			str_of(cases[i].signed_headers))), cases[i].name);
	char *path = arena_alloc(arena, CANONICAL_MAX);
	memset(path, '/', 1);
	memset(path + 1, 'a', CANONICAL_MAX - 1);
	assert_false(str_is_set(canonical(arena, (str){ path, CANONICAL_MAX }, STR_NONE, STR("host"))));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_has_its_six_parts),
		cmocka_unit_test(paths_and_queries_have_one_spelling),
		cmocka_unit_test(head_is_signed_as_head),
		cmocka_unit_test(what_cannot_be_signed_is_absent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
