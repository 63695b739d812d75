/* SPDX-License-Identifier: Apache-2.0 */
#include "base/category.h"

#include "base/fatal.h"
#include "unit/cases.h"

static void every_category_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (enum category category = CATEGORY_NONE + 1; category < CATEGORY_COUNT; category++) {
		assert_true(str_is_set(category_name(category)));
		assert_int_equal(category_by_name(category_name(category)), category);
		assert_true(category_usual_rate(category) > 0);
	}
	assert_int_equal(category_by_name(STR("userauthentication")), CATEGORY_NONE);
	assert_int_equal(category_by_name(STR_NONE), CATEGORY_NONE);
	assert_false(str_is_set(category_name(CATEGORY_NONE)));
}

static void reads_what_an_operator_writes(void **state)
{
	static const struct {
		const char *text;
		int64_t authentication, list;
	} cases[] = {
		{ "off", 0, 0 },
		{ "cognito", 120, 30 },
		{ "UserList=7", 0, 7 },
		{ " UserList = 7 , UserAuthentication=1000000 ", 1000000, 7 },
		{ "cognito,UserAuthentication=300", 300, 30 },
		{ "UserAuthentication=300,cognito", 120, 30 },
		{ "cognito,UserList=0", 120, 0 },
		{ "cognito,off,UserList=1", 0, 1 },
	};
	struct category_rates rates;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_case(category_rates_parse(str_of(cases[i].text), &rates), cases[i].text);
		assert_case(rates.of[CATEGORY_USER_AUTHENTICATION] == cases[i].authentication, cases[i].text);
		assert_case(rates.of[CATEGORY_USER_LIST] == cases[i].list, cases[i].text);
		assert_case(rates.of[CATEGORY_NONE] == 0, cases[i].text);
	}
	assert_true(category_rates_parse(STR_NONE, &rates));
	assert_int_equal(rates.of[CATEGORY_USER_LIST], 0);
}

static void refuses_anything_else(void **state)
{
	static const char *const texts[] = { "", "on", "Off", "UserList", "UserList=", "UserList=x", "UserList=-1",
		"UserList=1000001", "UserList=1.5", "UserLists=1", "=1", "UserList=1,", ",", "UserList=1;UserRead=1",
		"UserList=1=2", "off off", "UserList=99999999999999999999" };
	struct category_rates rates;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_case(!category_rates_parse(str_of(texts[i]), &rates), texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_category_has_a_name_of_its_own),
		cmocka_unit_test(reads_what_an_operator_writes),
		cmocka_unit_test(refuses_anything_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
