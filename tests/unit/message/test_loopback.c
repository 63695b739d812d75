/* SPDX-License-Identifier: Apache-2.0 */
#include "message/loopback.h"

#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	const char *text;
	bool is_address, is_host;
} cases[] = {
	{ "127.0.0.1", true, true },
	{ "127.255.0.9", true, true },
	{ "::1", true, false },
	{ "::ffff:127.0.0.1", true, false },
	{ "[::1]", false, true },
	{ "[::1]:80", false, true },
	{ "[::ffff:127.0.0.1]:80", false, true },
	{ "127.0.0.1:4430", false, true },
	{ "localhost", false, true },
	{ "LocalHost:4430", false, true },
	{ NULL, false, false },
	{ "", false, false },
	{ "127.0.0.1.example.com", false, false },
	{ "127.0.0.1x", false, false },
	{ "127.1", false, false },
	{ "128.0.0.1", false, false },
	{ "0.0.0.0", false, false },
	{ "10.127.0.1", false, false },
	{ "::2", false, false },
	{ "::ffff:10.0.0.1", false, false },
	{ "[::1", false, false },
	{ "[::1]80", false, false },
	{ "[::1]:", false, false },
	{ "[::1]:8x", false, false },
	{ "[127.0.0.1]", false, false },
	{ "127.0.0.1:", false, false },
	{ "localhost.example.com", false, false },
	{ "localhost:80:80", false, false },
	{ "mylocalhost", false, false },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str text = str_of(cases[i].text);
		assert_case(loopback_is_address(text) == cases[i].is_address, cases[i].text);
		assert_case(loopback_is_host(text) == cases[i].is_host, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
