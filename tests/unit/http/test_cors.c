/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "http/cors.h"

static str find(const struct message_header *headers, size_t count, str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(headers[i].name, name))
			return headers[i].value;
	return STR_NONE;
}

static void test_who_may_read(void **state)
{
	static const struct {
		const char *name;
		str path, origin;
		str allowed; /* absent: no header */
		bool with_credentials;
	} cases[] = {
		{ "the API", STR_INIT("/"), STR_INIT("https://a.example:8443"), STR_INIT("https://a.example:8443"), true },
		{ "a file's page", STR_INIT("/"), STR_INIT("null"), STR_INIT("null"), true },
		{ "the API without an origin", STR_INIT("/"), { NULL, 0 }, { NULL, 0 }, false },
		{ "empty origin", STR_INIT("/"), STR_INIT(""), { NULL, 0 }, false },
		{ "line end", STR_INIT("/"), STR_INIT("https://a\r\nX: y"), { NULL, 0 }, false },
		{ "list", STR_INIT("/"), STR_INIT("https://a,https://b"), { NULL, 0 }, false },
		{ "high byte", STR_INIT("/"), STR_INIT("https://\xc3\xa9"), { NULL, 0 }, false },
		{ "token endpoint", STR_INIT("/oauth2/token"), STR_INIT("https://a"), STR_INIT("*"), false },
		{ "keys, cached without an origin", STR_INIT("/p/.well-known/jwks.json"), { NULL, 0 }, STR_INIT("*"), false },
		{ "administration", STR_INIT("/admin/v1/x"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "administration itself", STR_INIT("/admin"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "administration, escaped", STR_INIT("/%61dmin/v1"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "bad escape", STR_INIT("/%6"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "metrics", STR_INIT("/metrics"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "a page", STR_INIT("/p/confirmUser"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "a page, escaped", STR_INIT("/p/confirm%55ser"), STR_INIT("https://a"), { NULL, 0 }, false },
		{ "a name that only begins so", STR_INIT("/administer"), STR_INIT("https://a"), STR_INIT("*"), false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct message_header origin = { STR("Origin"), cases[i].origin };
		struct message_request request = { .method = STR("POST"),
			.path = cases[i].path,
			.headers = &origin,
			.header_count = str_is_set(cases[i].origin) };
		struct message_header found[CORS_HEADERS_MAX];
		size_t count = cors_headers(*state, &request, found);
		str allowed = find(found, count, STR("Access-Control-Allow-Origin"));
		bool credentials = str_is_set(find(found, count, STR("Access-Control-Allow-Credentials")));
		assert_case(str_is_set(allowed) == str_is_set(cases[i].allowed), cases[i].name);
		assert_case(str_equal(allowed, cases[i].allowed), cases[i].name);
		assert_case(credentials == cases[i].with_credentials, cases[i].name);
	}
}

static str allowed_headers(struct arena *arena, str wanted)
{
	struct message_header headers[] = {
		{ STR("Origin"), STR("https://a") },
		{ STR("Access-Control-Request-Headers"), wanted },
	};
	struct message_request request = { .method = STR("OPTIONS"),
		.path = STR("/"),
		.headers = headers,
		.header_count = ARRAY_LEN(headers) };
	struct message_response response = { 0 };
	assert_true(cors_is_preflight(arena, &request));
	cors_answer_preflight(arena, &request, &response);
	assert_int_equal(response.status, 200);
	return find(response.headers, response.header_count, STR("Access-Control-Allow-Headers"));
}

static void test_only_tokens_are_reflected(void **state)
{
	struct arena *arena = *state;
	char *long_list = arena_alloc(arena, 1025);
	memset(long_list, 'a', 1025);
	assert_str_equal(allowed_headers(arena, STR("authorization, X-Amz-Date")), STR("authorization, X-Amz-Date"));
	assert_false(str_is_set(allowed_headers(arena, STR("a\r\nSet-Cookie: x"))));
	assert_false(str_is_set(allowed_headers(arena, STR("a;b"))));
	assert_false(str_is_set(allowed_headers(arena, STR("a\0b"))));
	assert_false(str_is_set(allowed_headers(arena, STR(""))));
	assert_false(str_is_set(allowed_headers(arena, (str){ long_list, 1025 })));
}

static void test_what_is_no_preflight(void **state)
{
	struct message_header origin = { STR("Origin"), STR("https://a") };
	struct message_request request = { .method = STR("OPTIONS"), .path = STR("/"), .headers = &origin };
	assert_false(cors_is_preflight(*state, &request));
	request.header_count = 1;
	assert_true(cors_is_preflight(*state, &request));
	request.method = STR("POST");
	assert_false(cors_is_preflight(*state, &request));
	request.method = STR("OPTIONS");
	request.path = STR("/admin/");
	assert_false(cors_is_preflight(*state, &request));
}

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_may_read),
		cmocka_unit_test(test_only_tokens_are_reflected),
		cmocka_unit_test(test_what_is_no_preflight),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
