/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "message/url.h"

static const struct {
	const char *name;
	str text;
	bool plus_is_space;
	bool decodes;
	str wanted;
} decodings[] = {
	{ "plain", STR_INIT("abc"), false, true, STR_INIT("abc") },
	{ "empty", STR_INIT(""), false, true, STR_INIT("") },
	{ "upper and lower digits", STR_INIT("%2f%2F%41"), false, true, STR_INIT("//A") },
	{ "once only", STR_INIT("%2541"), false, true, STR_INIT("%41") },
	{ "high bytes", STR_INIT("%C3%A9"), false, true, STR_INIT("\xc3\xa9") },
	{ "plus in a path", STR_INIT("a+b"), false, true, STR_INIT("a+b") },
	{ "plus in a form", STR_INIT("a+b%2B"), true, true, STR_INIT("a b+") },
	{ "escape cut off", STR_INIT("a%4"), false, false, STR_INIT("") },
	{ "percent at the end", STR_INIT("a%"), false, false, STR_INIT("") },
	{ "no digits", STR_INIT("%zz"), false, false, STR_INIT("") },
	{ "half a digit", STR_INIT("%4z"), false, false, STR_INIT("") },
	{ "signed digits", STR_INIT("%+1"), false, false, STR_INIT("") },
	{ "escaped NUL", STR_INIT("a%00b"), false, false, STR_INIT("") },
	{ "raw NUL", STR_INIT("a\0b"), false, false, STR_INIT("") },
};

static void test_decode(void **state)
{
	struct arena *arena = *state;
	for (size_t i = 0; i < ARRAY_LEN(decodings); i++) {
		str out = STR("");
		bool decoded = url_decode(arena, decodings[i].text, decodings[i].plus_is_space, &out);
		assert_case(decoded == decodings[i].decodes, decodings[i].name);
		if (decoded)
			assert_str_equal(out, decodings[i].wanted);
	}
}

static void test_encode(void **state)
{
	static const struct {
		str text, keep, wanted;
	} cases[] = {
		{ STR_INIT("AZaz09-._~"), STR_INIT(""), STR_INIT("AZaz09-._~") },
		{ STR_INIT("a b+c"), STR_INIT(""), STR_INIT("a%20b%2Bc") },
		{ STR_INIT("/a/b*"), STR_INIT(""), STR_INIT("%2Fa%2Fb%2A") },
		{ STR_INIT("/a/b=c"), STR_INIT("/"), STR_INIT("/a/b%3Dc") },
		{ STR_INIT("\xc3\xa9\0"), STR_INIT(""), STR_INIT("%C3%A9%00") },
		{ STR_INIT(""), STR_INIT(""), STR_INIT("") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str_equal(url_encode(*state, cases[i].text, cases[i].keep), cases[i].wanted);
}

static void test_pairs(void **state)
{
	struct url_pair *pairs;
	size_t count;
	assert_true(url_pairs(*state, STR("a=1&b+c=x%3Dy=z&&flag&a=2&=v"), 8, &pairs, &count));
	assert_int_equal(count, 5);
	assert_str_equal(pairs[1].name, STR("b c"));
	assert_str_equal(pairs[1].value, STR("x=y=z"));
	assert_str_equal(pairs[2].name, STR("flag"));
	assert_str_equal(pairs[4].name, STR(""));
	assert_str_equal(url_pair_value(pairs, count, STR("a")), STR("1"));
	assert_true(str_is_set(url_pair_value(pairs, count, STR("flag"))));
	assert_false(str_is_set(url_pair_value(pairs, count, STR("b"))));
}

static void test_no_pairs(void **state)
{
	static const str texts[] = { STR_INIT(""), { NULL, 0 }, STR_INIT("&&&") };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct url_pair *pairs;
		size_t count = 7;
		assert_true(url_pairs(*state, texts[i], 0, &pairs, &count));
		assert_int_equal(count, 0);
	}
}

static void test_refused_pairs(void **state)
{
	static const str texts[] = { STR_INIT("a=1&b=2&c=3"), STR_INIT("a=%"), STR_INIT("%00=a"), STR_INIT("a&b=%g0") };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct url_pair *pairs;
		size_t count;
		assert_false(url_pairs(*state, texts[i], 2, &pairs, &count));
	}
}

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_no_pairs),
		cmocka_unit_test(test_refused_pairs),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
