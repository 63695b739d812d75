/* SPDX-License-Identifier: Apache-2.0 */
#include "message/html.h"

#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	str text, escaped;
} cases[] = {
	{ STR_INIT(""), STR_INIT("") },
	{ STR_INIT("plain \xc3\xa9 text"), STR_INIT("plain \xc3\xa9 text") },
	{ STR_INIT("<b>"), STR_INIT("&lt;b&gt;") },
	{ STR_INIT("a&b"), STR_INIT("a&amp;b") },
	{ STR_INIT("&lt;"), STR_INIT("&amp;lt;") },
	{ STR_INIT("\"'"), STR_INIT("&quot;&#39;") },
	{ STR_INIT("a\0<"), STR_INIT("a\0&lt;") },
};

static void test_escaping(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out = buf_new(arena, 100);
		html_add(&out, cases[i].text);
		assert_str_equal(buf_str(&out), cases[i].escaped);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_escaping) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
