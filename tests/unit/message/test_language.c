/* SPDX-License-Identifier: Apache-2.0 */
#include "message/language.h"

#include "base/fatal.h"
#include "unit/cases.h"

static const str tags[] = { STR_INIT("en"), STR_INIT("de"), STR_INIT("pt-BR"), STR_INIT("zh-Hant") };

enum { EN, DE, PT_BR, ZH_HANT };

static const struct {
	const char *accepted;
	size_t chosen;
} cases[] = {
	{ NULL, EN },
	{ "", EN },
	{ "de", DE },
	{ "DE", DE },
	{ "de-AT", DE },
	{ "de-AT-1996", DE },
	{ "den", EN },
	{ "d", EN },
	{ "pt", PT_BR },
	{ "pt-br", PT_BR },
	{ "pt-PT", EN },
	{ "zh-Hant-TW", ZH_HANT },
	{ "fr, de;q=0.5", DE },
	{ "de;q=0.5, en;q=0.8", EN },
	{ "en;q=0.5, de;q=0.8", DE },
	{ "en;q=0.5,de;q=0.501", DE },
	{ "pt;q=0.5,de;q=0.5", PT_BR },
	{ "*", EN },
	{ "*;q=0.1, de;q=0.2", DE },
	{ "de;q=0", EN },
	{ "de;q=0.000, pt", PT_BR },
	{ "de ; q=1.000", DE },
	{ "de;Q=0.9", DE },
	{ "de;q=1.001", EN },
	{ "de;q=2", EN },
	{ "de;q=-1", EN },
	{ "de;q=", EN },
	{ "de;q=0.1234", EN },
	{ "de;q=1a", EN },
	{ "de;x=1", EN },
	{ "de;", EN },
	{ ",,;;,de", DE },
	{ "\xff\xfe, de", DE },
	/* More than anybody reads. */
	{ "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,de", EN },
};

static void test_choice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_case(
			language_choose(str_of(cases[i].accepted), tags, ARRAY_LEN(tags)) == cases[i].chosen,
			cases[i].accepted ? cases[i].accepted : "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_choice) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
