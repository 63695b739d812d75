/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "base/fatal.h"
#include "unit/cases.h"

static void excerpts_are_safe_to_read(void **state)
{
	static const struct {
		const char *name;
		str text;
		size_t max;
		const char *excerpt; /* NULL: absent */
	} cases[] = {
		{ "as it is", STR_INIT("Mozilla/5.0 (caf\xc3\xa9)"), 64, "Mozilla/5.0 (caf\xc3\xa9)" },
		{ "empty", STR_INIT(""), 64, "" },
		{ "cut", STR_INIT("abcdef"), 3, "abc" },
		{ "exactly as long", STR_INIT("abc"), 3, "abc" },
		{ "no half characters", STR_INIT("ab\xe4\xb8\xad"), 4, "ab" },
		{ "another line", STR_INIT("a\r\nevent=sign_in"), 64, "a??event=sign_in" },
		{ "terminal", STR_INIT("\x1b[2J\x7f\xc2\x9b"), 64, "?[2J??" },
		{ "NUL", STR_INIT("a\0b"), 64, "a?b" },
		{ "lines of Unicode", STR_INIT("a\xe2\x80\xa8\xe2\x80\xa9"), 64, "a??" },
		{ "right to left", STR_INIT("\xe2\x80\xae" "gpj\xe2\x80\xac\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c"), 64,
			"?gpj?????" },
		{ "neighbours of these", STR_INIT("\xc2\xa0\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xaa"), 64,
			"\xc2\xa0\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xaa" },
		{ "no text", STR_INIT("caf\xe9"), 64, NULL },
		{ "no text where it matters", STR_INIT("\xff" "abc"), 64, NULL },
	};
	struct arena *arena = arena_new();
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str excerpt = utf8_excerpt(arena, cases[i].text, cases[i].max);
		assert_case(str_is_set(excerpt) == (cases[i].excerpt != NULL), cases[i].name);
		if (cases[i].excerpt)
			assert_case(str_equal(excerpt, str_of(cases[i].excerpt)), cases[i].name);
	}
	assert_false(str_is_set(utf8_excerpt(arena, STR_NONE, 64)));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(excerpts_are_safe_to_read) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
