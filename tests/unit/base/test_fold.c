/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fold.h"

#include "base/fatal.h"
#include "unit/cases.h"

static void folds_letters_of_all_alphabets(void **state)
{
	static const struct {
		const char *text, *folded;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "MiXed-42@Example.COM", "mixed-42@example.com" },
		{ "ÜNDER.SCORE", "ünder.score" },
		{ "ПАРОЛЬ", "пароль" },
		{ "名前 ABC", "名前 abc" },
		{ "ΣΑΣ", "σασ" },
		{ "straße", "straße" },
		{ "a\nB", "a\nb" },
		/* Two bytes become three. */
		{ "ȺȺȺȺ", "ⱥⱥⱥⱥ" },
	};
	struct arena *arena = arena_new();
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str_equal(fold_case(arena, str_of(cases[i].text)), str_of(cases[i].folded));
	assert_false(str_is_set(fold_case(arena, STR_NONE)));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_letters_of_all_alphabets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
