/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/redirect_uri.h"

#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	const char *uri;
	bool is_acceptable;
} uris[] = {
	{ "https://app.example.com/callback", true },
	{ "https://app.example.com:8443/callback?x=y", true },
	{ "HTTPS://app.example.com", true },
	{ "http://localhost", true },
	{ "http://localhost:3000/callback", true },
	{ "http://127.0.0.1:3000/", true },
	{ "http://[::1]:3000/", true },
	{ "myapp://callback", true },
	{ "com.example.app:/callback", true },
	{ "", false },
	{ "/callback", false },
	{ "app.example.com/callback", false },
	{ "https:", false },
	{ "https://", false },
	{ "https:///callback", false },
	{ "https://app.example.com/#fragment", false },
	{ "myapp://callback#", false },
	{ "http://app.example.com/", false },
	{ "http://localhost.example.com/", false },
	{ "http://localhost@example.com/", false },
	{ "https://user@app.example.com/", false },
	{ "http://127.0.0.1.example.com/", false },
	{ "http://example.com\\@localhost/", false },
	{ "https://app.example.com/a b", false },
	{ "https://app.example.com/\n", false },
	{ "javascript:alert(1)", false },
	{ "JavaScript:alert(1)", false },
	{ "data:text/html,x", false },
	{ "1app://callback", false },
	{ "my app://callback", false },
	{ "://callback", false },
};

static void test_uris(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(uris); i++)
		assert_case(redirect_uri_is_acceptable(str_of(uris[i].uri)) == uris[i].is_acceptable, uris[i].uri);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_uris) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
