/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "unit/cases.h"

static void reads_decimal_numbers_that_fit(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool valid;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "-1", true, -1 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1x", false, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t value = 0;
		assert_case(str_to_int64(str_of(cases[i].text), &value) == cases[i].valid, cases[i].text);
		assert_case(value == cases[i].value, cases[i].text);
	}
}

static void splits_at_a_separator(void **state)
{
	(void)state;
	str rest = STR("a,,b");
	assert_str_equal(str_split(&rest, ','), STR("a"));
	assert_str_equal(str_split(&rest, ','), STR(""));
	assert_str_equal(str_split(&rest, ','), STR("b"));
	assert_false(str_is_set(rest));
}

static void slices_are_clamped(void **state)
{
	(void)state;
	assert_str_equal(str_slice(STR("abc"), 1, 99), STR("bc"));
	assert_str_equal(str_from(STR("abc"), 99), STR(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_decimal_numbers_that_fit),
		cmocka_unit_test(splits_at_a_separator),
		cmocka_unit_test(slices_are_clamped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
