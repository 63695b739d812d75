/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "message/request.h"

static const struct message_header sent[] = {
	{ STR_INIT("Host"), STR_INIT("localhost") },
	{ STR_INIT("X-Amz-Target"), STR_INIT("first") },
	{ STR_INIT("x-amz-target"), STR_INIT("second") },
	{ STR_INIT("Empty"), STR_INIT("") },
};

static void test_header_is_found_without_case(void **state)
{
	(void)state;
	struct message_request request = { .headers = sent, .header_count = ARRAY_LEN(sent) };
	assert_str_equal(message_header(&request, STR("x-AMZ-target")), STR("first"));
	assert_true(str_is_set(message_header(&request, STR("empty"))));
	assert_false(str_is_set(message_header(&request, STR("X-Amz"))));
	assert_false(str_is_set(message_header(&request, STR("X-Amz-Target2"))));
}

static void test_media_type_is_compared_without_parameters(void **state)
{
	(void)state;
	static const struct {
		const char *sent;
		bool expected;
	} cases[] = {
		{ "application/json", true },
		{ "Application/JSON; charset=utf-8", true },
		{ "application/json ;charset=utf-8", true },
		{ "application/jsonp", false },
		{ "text/plain; application/json", false },
		{ "", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct message_header header = { STR("content-type"), str_of(cases[i].sent) };
		struct message_request request = { .headers = &header, .header_count = 1 };
		assert_case(message_has_media_type(&request, STR("application/json")) == cases[i].expected,
			cases[i].sent);
	}
	struct message_request bare = { 0 };
	assert_false(message_has_media_type(&bare, STR("application/json")));
}

static void test_headers_keep_their_order(void **state)
{
	(void)state;
	struct message_response response = { 0 };
	message_add_header(&response, STR("A"), STR("1"));
	message_add_header(&response, STR("B"), STR("2"));
	assert_int_equal(response.header_count, 2);
	assert_str_equal(response.headers[1].value, STR("2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_is_found_without_case),
		cmocka_unit_test(test_media_type_is_compared_without_parameters),
		cmocka_unit_test(test_headers_keep_their_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
