/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "base/fatal.h"
#include "unit/cases.h"

struct reading {
	str text;
	bool is_read;
	int64_t seconds;
};

static void check(bool (*parse)(str, int64_t *), const struct reading *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t milliseconds = 0;
		assert_case(parse(cases[i].text, &milliseconds) == cases[i].is_read, cases[i].text.data);
		assert_case(milliseconds == cases[i].seconds * SECOND, cases[i].text.data);
	}
}

static void the_basic_form_is_read_strictly(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{ STR_INIT("20150830T123600Z"), true, 1440938160 },
		{ STR_INIT("20240229T235959Z"), true, 1709251199 },
		{ STR_INIT("19691231T235959Z"), true, -1 },
		{ STR_INIT("20230229T000000Z"), false, 0 },
		{ STR_INIT("20240431T000000Z"), false, 0 },
		{ STR_INIT("20241301T000000Z"), false, 0 },
		{ STR_INIT("20240100T000000Z"), false, 0 },
		{ STR_INIT("20240101T240000Z"), false, 0 },
		{ STR_INIT("20240101T000060Z"), false, 0 },
		{ STR_INIT("20240101T-0-0-0Z"), false, 0 },
		{ STR_INIT("20240101T 0 0 0Z"), false, 0 },
		{ STR_INIT(" 20240101T00000Z"), false, 0 },
		{ STR_INIT("20240101T000000z"), false, 0 },
		{ STR_INIT("20240101T000000Z "), false, 0 },
		{ STR_INIT("20240101T000000Z\0"), false, 0 },
		{ STR_INIT("20240101T000000"), false, 0 },
		{ STR_INIT("20240101"), false, 0 },
		{ STR_INIT("2024-01-01T00:00:00Z"), false, 0 },
		{ STR_INIT("20240101T000000Z20240101T000000Z20240101T000000Z"), false, 0 },
		{ STR_INIT(""), false, 0 },
	};
	check(clock_parse_iso8601_basic, cases, ARRAY_LEN(cases));
	int64_t milliseconds;
	assert_false(clock_parse_iso8601_basic(STR_NONE, &milliseconds));
}

static void the_date_of_http_is_read_strictly(void **state)
{
	(void)state;
	static const struct reading cases[] = {
		{ STR_INIT("Sun, 06 Nov 1994 08:49:37 GMT"), true, 784111777 },
		{ STR_INIT("Thu, 29 Feb 2024 23:59:59 GMT"), true, 1709251199 },
		{ STR_INIT("Mon, 06 Nov 1994 08:49:37 GMT"), false, 0 },
		{ STR_INIT("Sunday, 06-Nov-94 08:49:37 GMT"), false, 0 },
		{ STR_INIT("Sun Nov  6 08:49:37 1994"), false, 0 },
		{ STR_INIT("Sun, 6 Nov 1994 08:49:37 GMT"), false, 0 },
		{ STR_INIT("Sun,  06 Nov 1994 08:49:37 GMT"), false, 0 },
		{ STR_INIT("sun, 06 nov 1994 08:49:37 GMT"), false, 0 },
		{ STR_INIT("Sun, 06 November 1994 08:49:37 GMT"), false, 0 },
		{ STR_INIT("Sun, 06 Nov 1994 08:49:37 UTC"), false, 0 },
		{ STR_INIT("Sun, 06 Nov 1994 08:49:37 +0000"), false, 0 },
		{ STR_INIT("Wed, 30 Feb 2024 00:00:00 GMT"), false, 0 },
		{ STR_INIT(""), false, 0 },
	};
	check(clock_parse_http_date, cases, ARRAY_LEN(cases));
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	int64_t milliseconds;
	assert_true(clock_parse_iso8601_basic(clock_iso8601_basic(arena, 1440938160000), &milliseconds));
	assert_true(milliseconds == 1440938160000);
	assert_str_equal(clock_iso8601(arena, 1440938160999), STR("2015-08-30T12:36:00Z"));
	arena_free(&arena);
}

static void the_time_of_the_log_follows_the_second(void **state)
{
	(void)state;
	static const struct {
		int64_t milliseconds;
		str text;
	} cases[] = {
		{ 1440938160009, STR_INIT("2015-08-30T12:36:00.009Z") },
		{ 1440938160999, STR_INIT("2015-08-30T12:36:00.999Z") },
		{ 1440938161000, STR_INIT("2015-08-30T12:36:01.000Z") },
		{ 1440938160120, STR_INIT("2015-08-30T12:36:00.120Z") },
		{ 0, STR_INIT("1970-01-01T00:00:00.000Z") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char memory[64];
		struct buf text = buf_over(memory, sizeof memory);
		clock_add_iso8601_ms(&text, cases[i].milliseconds);
		assert_str_equal(buf_str(&text), cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_basic_form_is_read_strictly),
		cmocka_unit_test(the_date_of_http_is_read_strictly),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_time_of_the_log_follows_the_second),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
