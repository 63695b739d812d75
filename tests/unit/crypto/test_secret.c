/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "crypto/secret.h"

static const struct {
	const char *name;
	str a, b;
	bool equal;
} comparisons[] = {
	{ "same", STR_INIT("secret"), STR_INIT("secret"), true },
	{ "both empty", STR_INIT(""), STR_INIT(""), true },
	{ "with NUL", STR_INIT("a\0b"), STR_INIT("a\0b"), true },
	{ "differs behind NUL", STR_INIT("a\0b"), STR_INIT("a\0c"), false },
	{ "first byte", STR_INIT("secret"), STR_INIT("Secret"), false },
	{ "last byte", STR_INIT("secret"), STR_INIT("secreT"), false },
	{ "prefix", STR_INIT("secret"), STR_INIT("secre"), false },
	{ "absent and empty", { NULL, 0 }, STR_INIT(""), false },
	{ "both absent", { NULL, 0 }, { NULL, 0 }, false },
};

static void test_equal(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(comparisons); i++) {
		assert_case(secret_equal(comparisons[i].a, comparisons[i].b) == comparisons[i].equal,
			comparisons[i].name);
		assert_case(secret_equal(comparisons[i].b, comparisons[i].a) == comparisons[i].equal,
			comparisons[i].name);
	}
}

static void test_wipe(void **state)
{
	(void)state;
	char secret[4] = "abc";
	secret_wipe(secret, sizeof secret);
	assert_memory_equal(secret, "\0\0\0\0", sizeof secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_wipe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
