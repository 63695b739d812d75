/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_filter.h"

#include "base/fatal.h"
#include "unit/userpool/house.h"

static const struct {
	const char *text;
	enum user_filter_subject subject;
	bool is_prefix;
	const char *value;
} good[] = {
	{ "username = \"jane\"", USER_FILTER_USERNAME, false, "jane" },
	{ "username ^= \"ja\"", USER_FILTER_USERNAME, true, "ja" },
	{ "sub = \"1-2\"", USER_FILTER_SUB, false, "1-2" },
	{ "sub ^= \"1\"", USER_FILTER_SUB, true, "1" },
	{ "cognito:user_status = \"CONFIRMED\"", USER_FILTER_STATUS, false, "CONFIRMED" },
	{ "status = \"Enabled\"", USER_FILTER_ENABLED, false, "Enabled" },
	{ "email=\"a@b\"", USER_FILTER_ATTRIBUTE, false, "a@b" },
	{ "email^=\"a@b\"", USER_FILTER_ATTRIBUTE, true, "a@b" },
	{ "  email  =  \"a@b\"  ", USER_FILTER_ATTRIBUTE, false, "a@b" },
	{ "\temail\t^=\t\"a@b\"\t", USER_FILTER_ATTRIBUTE, true, "a@b" },
	{ "email = \"\"", USER_FILTER_ATTRIBUTE, false, "" },
	{ "email ^= \"\"", USER_FILTER_ATTRIBUTE, true, "" },
	{ "email = \" a \"", USER_FILTER_ATTRIBUTE, false, " a " },
	{ "email = \"a=b\"", USER_FILTER_ATTRIBUTE, false, "a=b" },
	{ "email = \"say \\\"a\\\"\"", USER_FILTER_ATTRIBUTE, false, "say \"a\"" },
	{ "email = \"\\\"\"", USER_FILTER_ATTRIBUTE, false, "\"" },
	{ "email = \"a\\\\\"", USER_FILTER_ATTRIBUTE, false, "a\\" },
	{ "email = \"\\\\\\\"\"", USER_FILTER_ATTRIBUTE, false, "\\\"" },
	{ "email = \"\\a\"", USER_FILTER_ATTRIBUTE, false, "a" },
	{ "email = \"\xc3\xa9\"", USER_FILTER_ATTRIBUTE, false, "\xc3\xa9" },
	{ "email = \"%_*\"", USER_FILTER_ATTRIBUTE, false, "%_*" },
	{ "email = \"' OR 1 = 1 --\"", USER_FILTER_ATTRIBUTE, false, "' OR 1 = 1 --" },
};

static void test_good(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		struct request *request = house_request(*state);
		struct user_filter filter;
		assert_ok(request, user_filter_parse(request, str_of(good[i].text), &filter));
		assert_case(filter.subject == good[i].subject, good[i].text);
		assert_case(filter.is_prefix == good[i].is_prefix, good[i].text);
		assert_str_equal(filter.value, str_of(good[i].value));
		assert_str_equal(
			filter.attribute, good[i].subject == USER_FILTER_ATTRIBUTE ? STR("email") : STR_NONE);
		request_free(&request);
	}
}

static void test_attributes(void **state)
{
	static const str names[] = { STR_INIT("email"), STR_INIT("phone_number"), STR_INIT("name"),
		STR_INIT("given_name"), STR_INIT("family_name"), STR_INIT("preferred_username") };
	static const char *const operators[] = { "=", "^=" };
	for (size_t i = 0; i < 2 * ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		struct user_filter filter;
		str text = arena_printf(
			request->arena, "%.*s %s \"x\"", STR_ARG(names[i / 2]), operators[i % 2]);
		assert_ok(request, user_filter_parse(request, text, &filter));
		assert_int_equal(filter.subject, USER_FILTER_ATTRIBUTE);
		assert_str_equal(filter.attribute, names[i / 2]);
		assert_int_equal(filter.is_prefix, i % 2);
		request_free(&request);
	}
}

static void test_none(void **state)
{
	static const str texts[] = { { NULL, 0 }, STR_INIT(""), STR_INIT("  \t ") };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct request *request = house_request(*state);
		struct user_filter filter;
		assert_ok(request, user_filter_parse(request, texts[i], &filter));
		assert_int_equal(filter.subject, USER_FILTER_ALL);
		request_free(&request);
	}
}

#define UNPARSED "Error while parsing filter"

static const struct {
	const char *text, *message;
} bad[] = {
	{ "email", UNPARSED },
	{ "email =", UNPARSED },
	{ "email ^", UNPARSED },
	{ "email ^ = \"a\"", UNPARSED },
	{ "email = a", UNPARSED },
	{ "email = 'a'", UNPARSED },
	{ "email = \"", UNPARSED },
	{ "email = \"a", UNPARSED },
	{ "email = a\"", UNPARSED },
	{ "email = \"a\"b", UNPARSED },
	{ "email = \"a\" x", UNPARSED },
	{ "email = \"a\"\"", UNPARSED },
	{ "email = \"a\"b\"", UNPARSED },
	{ "email = \"a\\\"", UNPARSED },
	{ "email = \"\\\"", UNPARSED },
	{ "email = \"a\\\\\\\"", UNPARSED },
	{ "email == \"a\"", UNPARSED },
	{ "email != \"a\"", UNPARSED },
	{ "email > \"a\"", UNPARSED },
	{ "email ~= \"a\"", UNPARSED },
	{ "= \"a\"", UNPARSED },
	{ "^= \"a\"", UNPARSED },
	{ "\"email\" = \"a\"", UNPARSED },
	{ "\"a\"", UNPARSED },
	{ "e-mail = \"a\"", UNPARSED },
	{ "email and name = \"a\"", UNPARSED },
	{ "email = \"a\" and name = \"b\"", UNPARSED },
	{ "(email = \"a\")", UNPARSED },
	{ "\nemail = \"a\"", UNPARSED },
	{ "\xc3\xa9mail = \"a\"", UNPARSED },
	{ "status ^= \"Enabled\"", UNPARSED },
	{ "cognito:user_status ^= \"CON\"", UNPARSED },
	{ "Email = \"a\"", "Users cannot be filtered by Email." },
	{ "emails = \"a\"", "Users cannot be filtered by emails." },
	{ "nickname = \"a\"", "Users cannot be filtered by nickname." },
	{ "email_verified = \"true\"", "Users cannot be filtered by email_verified." },
	{ "custom:team = \"a\"", "Users cannot be filtered by custom:team." },
	{ "user_status = \"CONFIRMED\"", "Users cannot be filtered by user_status." },
	{ "enabled = \"true\"", "Users cannot be filtered by enabled." },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct request *request = house_request(*state);
		struct user_filter filter;
		assert_refused(request, user_filter_parse(request, str_of(bad[i].text), &filter),
			ERROR_INVALID_PARAMETER, bad[i].message);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_bad),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
