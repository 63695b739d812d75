/* SPDX-License-Identifier: Apache-2.0 */
#include "iam/credentials.h"

#include "base/fatal.h"
#include "unit/cases.h"

static void what_is_written_is_read(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	str id, secret;
	str text = credentials_text(arena, STR("AKIAEXAMPLE"), STR("a/+b="));
	assert_str_equal(text, STR("[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = a/+b=\n"));
	assert_true(credentials_parse(text, &id, &secret));
	assert_str_equal(id, STR("AKIAEXAMPLE"));
	assert_str_equal(secret, STR("a/+b="));
	arena_free(&arena);
}

static void the_default_profile_is_found(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		bool is_found;
	} cases[] = {
		{ "edited by hand", "# mine\n[default]\r\naws_access_key_id=ID\r\n\r\naws_secret_access_key =S\r\n", true },
		{ "among others",
			"[a]\naws_access_key_id=x\n[default]\naws_secret_access_key=S\naws_access_key_id=ID\n[b]\n"
			"aws_access_key_id=y\n",
			true },
		{ "more settings", "[default]\nregion=r\naws_access_key_id=ID\naws_secret_access_key=S", true },
		{ "no secret", "[default]\naws_access_key_id=ID\n", false },
		{ "empty secret", "[default]\naws_access_key_id=ID\naws_secret_access_key=\n", false },
		{ "no equals sign", "[default]\naws_access_key_id=ID\naws_secret_access_key\n", false },
		{ "other profile", "[other]\naws_access_key_id=ID\naws_secret_access_key=S\n", false },
		{ "no profile", "aws_access_key_id=ID\naws_secret_access_key=S\n", false },
		{ "empty", "", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str id, secret;
		assert_case(credentials_parse(str_of(cases[i].text), &id, &secret) == cases[i].is_found, cases[i].name);
		assert_case(!cases[i].is_found || str_equal(id, STR("ID")), cases[i].name);
		assert_case(!cases[i].is_found || str_equal(secret, STR("S")), cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(the_default_profile_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
