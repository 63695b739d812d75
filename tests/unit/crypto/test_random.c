/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include <ctype.h>

#include "base/entropy.h"
#include "base/fatal.h"
#include "crypto/random.h"

static void test_lengths(void **state)
{
	static const size_t lengths[] = { 0, 1, 6, 63, 64, 65, 1000 };
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		assert_int_equal(random_bytes(*state, lengths[i]).len, lengths[i]);
		str digits = random_digits(*state, lengths[i]);
		assert_int_equal(digits.len, lengths[i]);
		assert_int_equal(strspn(digits.data, "0123456789"), lengths[i]);
	}
}

static void test_alphabets(void **state)
{
	char every_byte[256];
	for (size_t i = 0; i < sizeof every_byte; i++)
		every_byte[i] = (char)i;
	assert_int_equal(random_text(*state, (str){ every_byte, sizeof every_byte }, 100).len, 100);
	assert_str_equal(random_text(*state, STR("x"), 3), STR("xxx"));
}

static void test_tokens(void **state)
{
	for (int i = 0; i < 200; i++) {
		str token = random_token(*state, 64);
		assert_int_equal(token.len, 64);
		for (size_t k = 0; k < token.len; k++)
			assert_true(isalnum((unsigned char)token.data[k]));
	}
}

/* With 200 letters a plain remainder would draw the first 56 twice as often as the others. */
static void test_unbiased(void **state)
{
	enum { LETTERS = 200, DRAWS = 200000 };
	char alphabet[LETTERS];
	size_t counts[LETTERS] = { 0 };
	for (size_t i = 0; i < LETTERS; i++)
		alphabet[i] = (char)i;
	entropy_fix(7);
	str text = random_text(*state, (str){ alphabet, LETTERS }, DRAWS);
	entropy_fix(0);
	for (size_t i = 0; i < text.len; i++)
		counts[(unsigned char)text.data[i]]++;
	for (size_t i = 0; i < LETTERS; i++)
		assert_in_range(counts[i], 800, 1200);
}

static void test_fixed(void **state)
{
	entropy_fix(1);
	str first = random_digits(*state, 20);
	entropy_fix(1);
	str again = random_digits(*state, 20);
	entropy_fix(0);
	assert_str_equal(again, first);
	assert_false(str_equal(random_digits(*state, 20), random_digits(*state, 20)));
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
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_alphabets),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_unbiased),
		cmocka_unit_test(test_fixed),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
