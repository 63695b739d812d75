/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/srp_timestamp.h"

#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	const char *text;
	bool has_form;
	int64_t seconds; /* since 1970; -1: it is no time */
} stamps[] = {
	{ "Tue Feb 4 09:05:03 UTC 2025", true, 1738659903 },
	{ "Tue Feb 14 09:05:03 UTC 2023", true, 1676365503 },
	{ "Thu Jan 1 00:00:00 UTC 1970", true, 0 },
	{ "Thu Feb 29 23:59:59 UTC 2024", true, 1709251199 },
	{ "Fri Dec 31 23:59:59 UTC 9999", true, 253402300799 },

	/* It looks right and is not. */
	{ "Tue Feb 04 09:05:03 UTC 2025", true, -1 },
	{ "Wed Feb 4 09:05:03 UTC 2025", true, -1 },
	{ "Xyz Feb 4 09:05:03 UTC 2025", true, -1 },
	{ "Tue Feb 4 09:05:03 GMT 2025", true, -1 },
	{ "Tue Feb 4 09:05:03 CEST 2025", true, -1 },
	{ "Sat Feb 29 09:05:03 UTC 2025", true, -1 },
	{ "Thu Feb 30 09:05:03 UTC 2024", true, -1 },
	{ "Tue Feb 0 09:05:03 UTC 2025", true, -1 },
	{ "Tue Feb 4 24:00:00 UTC 2025", true, -1 },
	{ "Tue Feb 4 09:60:03 UTC 2025", true, -1 },
	{ "Tue Feb 4 09:05:60 UTC 2025", true, -1 },
	{ "Tue Feb 4 09:05:61 UTC 2025", true, -1 },
	{ "Die Feb 4 09:05:03 UTC 2025", true, -1 },

	{ "", false, -1 },
	{ "yesterday", false, -1 },
	{ "2025-02-04T09:05:03Z", false, -1 },
	{ "tue Feb 4 09:05:03 UTC 2025", false, -1 },
	{ "TUE Feb 4 09:05:03 UTC 2025", false, -1 },
	{ "Tuesday Feb 4 09:05:03 UTC 2025", false, -1 },
	{ "Tue February 4 09:05:03 UTC 2025", false, -1 },
	{ "Tue Feb 4 9:05:03 UTC 2025", false, -1 },
	{ "Tue Feb 4 09:05 UTC 2025", false, -1 },
	{ "Tue Feb 4 09:05:03 2025", false, -1 },
	{ "Tue Feb 4 09:05:03 +0000 2025", false, -1 },
	{ "Tue Feb 4 09:05:03 UTC 25", false, -1 },
	{ "Tue Feb 4 09:05:03 UTC 12025", false, -1 },
	{ "Tue Feb  4 09:05:03 UTC 2025", false, -1 },
	{ "Tue  Feb 4 09:05:03 UTC 2025", false, -1 },
	{ " Tue Feb 4 09:05:03 UTC 2025", false, -1 },
	{ "Tue Feb 4 09:05:03 UTC 2025 ", false, -1 },
	{ "Tue Feb 4 09:05:03 UTC 2025\n", false, -1 },
	{ "Tue, Feb 4 09:05:03 UTC 2025", false, -1 },
	{ "Tue Feb 4 09:05:03 UTC 2025 and much more of it", false, -1 },
	{ "Tue F\xc3\xa9v 4 09:05:03 UTC 2025", false, -1 },
};

static void test_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stamps); i++)
		assert_case(
			srp_timestamp_has_form(str_of(stamps[i].text)) == stamps[i].has_form, stamps[i].text);
}

/* Of what has the form. */
static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stamps); i++) {
		int64_t milliseconds;
		if (!stamps[i].has_form)
			continue;
		bool is_time = srp_timestamp_parse(str_of(stamps[i].text), &milliseconds);
		assert_case(is_time == (stamps[i].seconds >= 0), stamps[i].text);
		if (is_time)
			assert_int_equal(milliseconds, stamps[i].seconds * 1000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_parse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
