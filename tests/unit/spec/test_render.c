/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "spec/cognito_idp.h"
#include "spec/copy.h"
#include "spec/decode.h"
#include "spec/missing.h"
#include "spec/render.h"

static str render(struct arena *arena, const struct spec_type *type, const void *structure)
{
	struct buf text = buf_new(arena, 65536);
	spec_render(&text, type, structure);
	return buf_str(&text);
}

static void gives_back_what_was_decoded(void **state)
{
	static const char *const cases[] = {
		"{}",
		"{\"PoolName\":\"\"}",
		"{\"PoolName\":\"p\",\"Policies\":{\"PasswordPolicy\":{\"MinimumLength\":8,\"RequireNumbers\":false}}}",
		"{\"Policies\":{}}",
		"{\"AliasAttributes\":[]}",
		"{\"AliasAttributes\":[\"phone_number\",\"email\"],\"MfaConfiguration\":\"OFF\"}",
		"{\"UserPoolTags\":{}}",
		"{\"UserPoolTags\":{\"b\":\"1\",\"a\":\"\"}}",
		"{\"Schema\":[{\"Name\":\"a\",\"AttributeDataType\":\"String\",\"Mutable\":true},{\"Name\":\"b\"}]}",
		"{\"SmsVerificationMessage\":\"\\\"\\\\\\n\\t\\u0001 \xe2\x82\xac\"}",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = request_new();
		struct create_user_pool_request pool = { 0 };
		/* Constraints are not at issue here: what was read is filled in all the same. */
		const struct jsontree *tree = jsontree_parse(request->arena, str_of(cases[i]), NULL);
		result decoded = spec_decode(request, &spec_type_create_user_pool_request, tree, &pool);
		(void)decoded;
		assert_str_equal(render(request->arena, &spec_type_create_user_pool_request, &pool), str_of(cases[i]));
		request_free(&request);
	}
}

static void writes_dates_in_seconds(void **state)
{
	static const struct {
		int64_t milliseconds;
		const char *json;
	} cases[] = {
		{ 0, "{\"UserCreateDate\":0.000}" },
		{ 1763985600123, "{\"UserCreateDate\":1763985600.123}" },
		{ -1500, "{\"UserCreateDate\":-1.500}" },
		{ -1, "{\"UserCreateDate\":-0.001}" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct user_type user = { .user_create_date = optional_int(cases[i].milliseconds) };
		assert_str_equal(render(arena, &spec_type_user_type, &user), str_of(cases[i].json));
		arena_free(&arena);
	}
}

static void leaves_out_what_is_absent(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct delete_user_pool_response nothing = { 0 };
	struct user_type user = { .username = STR("u"), .enabled = optional_bool(false) };
	assert_str_equal(render(arena, &spec_type_delete_user_pool_response, &nothing), STR("{}"));
	assert_str_equal(render(arena, &spec_type_user_type, &user), STR("{\"Username\":\"u\",\"Enabled\":false}"));
	arena_free(&arena);
}

static void copies_members_by_name(void **state)
{
	struct str_pair tag = { STR("k"), STR("v") };
	struct create_user_pool_request from = {
		.pool_name = STR("p"), /* the target calls its own "Name" */
		.mfa_configuration = USER_POOL_MFA_TYPE_ON,
		.user_pool_tags = { &tag, 1 },
	};
	struct user_pool_type to = {
		.name = STR("kept"),
		.mfa_configuration = USER_POOL_MFA_TYPE_OFF,
		.deletion_protection = DELETION_PROTECTION_TYPE_ACTIVE,
	};
	(void)state;
	spec_copy_members(&spec_type_user_pool_type, &to, &spec_type_create_user_pool_request, &from);
	assert_str_equal(to.name, STR("kept"));
	assert_int_equal(to.mfa_configuration, USER_POOL_MFA_TYPE_ON);
	assert_int_equal(to.deletion_protection, DELETION_PROTECTION_TYPE_ACTIVE); /* absent in `from` */
	assert_ptr_equal(to.user_pool_tags.items, &tag);
}

static void finds_missing_members_at_any_depth(void **state)
{
	struct attribute_type attribute = { .value = STR("v") };
	struct user_type user = { .attributes = { &attribute, 1 } };
	struct admin_create_user_response created = { .user = &user };
	struct sign_up_response sign_up = { .user_confirmed = optional_bool(false) };
	(void)state;
	assert_str_equal(spec_missing(&spec_type_admin_create_user_response, &created), STR("Name"));
	attribute.name = STR("email");
	assert_false(str_is_set(spec_missing(&spec_type_admin_create_user_response, &created)));
	assert_str_equal(spec_missing(&spec_type_sign_up_response, &sign_up), STR("UserSub"));
}

static void enums_have_texts(void **state)
{
	(void)state;
	assert_str_equal(spec_enum_text(&spec_type_user_pool_mfa_type, USER_POOL_MFA_TYPE_OPTIONAL), STR("OPTIONAL"));
	assert_false(str_is_set(spec_enum_text(&spec_type_user_pool_mfa_type, USER_POOL_MFA_TYPE_UNSET)));
	assert_false(str_is_set(spec_enum_text(&spec_type_user_pool_mfa_type, 99)));
	assert_false(str_is_set(spec_enum_text(&spec_type_user_pool_mfa_type, -1)));
	assert_int_equal(spec_enum_value(&spec_type_user_pool_mfa_type, STR("ON")), USER_POOL_MFA_TYPE_ON);
	assert_int_equal(spec_enum_value(&spec_type_user_pool_mfa_type, STR("on")), 0);
	assert_int_equal(spec_enum_value(&spec_type_user_pool_mfa_type, STR("")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_what_was_decoded),
		cmocka_unit_test(writes_dates_in_seconds),
		cmocka_unit_test(leaves_out_what_is_absent),
		cmocka_unit_test(copies_members_by_name),
		cmocka_unit_test(finds_missing_members_at_any_depth),
		cmocka_unit_test(enums_have_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
