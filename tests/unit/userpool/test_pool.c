/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool.h"

#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"

static void test_create(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created, described;
	const struct user_pool *pool;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"people\"}", &created));
	assert_true(str_has_prefix(created.id, STR("us-east-1_")));
	assert_int_equal(created.id.len, strlen("us-east-1_") + 9);
	assert_str_equal(created.arn,
		arena_printf(request->arena, "arn:aws:cognito-idp:us-east-1:123456789012:userpool/%.*s",
			STR_ARG(created.id)));

	assert_ok(request, pool_find(request, created.id, &pool));
	assert_str_equal(pool->id, created.id);
	assert_str_equal(pool->short_name, str_from(created.id, strlen("us-east-1_")));
	assert_str_equal(pool->issuer,
		arena_printf(request->arena, "http://127.0.0.1:4430/%.*s", STR_ARG(created.id)));
	assert_true(pool->is_case_sensitive);
	assert_false(pool->is_username[POOL_NAME_EMAIL] || pool->is_alias[POOL_NAME_EMAIL]);

	/* What was stored is what was answered. */
	assert_ok(request, pool_describe(request, created.id, &described));
	assert_str_equal(house_render(request, &spec_type_user_pool_type, &described),
		house_render(request, &spec_type_user_pool_type, &created));
	request_free(&request);
}

/* A pool of which nothing is said, but what differs from pool to pool. */
static const char plain_pool[] =
	"\"Policies\":{\"PasswordPolicy\":{\"MinimumLength\":8,\"RequireUppercase\":true,\"RequireLowercase\":true,"
	"\"RequireNumbers\":true,\"RequireSymbols\":true,\"TemporaryPasswordValidityDays\":7},"
	"\"SignInPolicy\":{\"AllowedFirstAuthFactors\":[\"PASSWORD\"]}},"
	"\"DeletionProtection\":\"INACTIVE\",\"LambdaConfig\":{},";
static const char plain_pool_rest[] =
	"\"VerificationMessageTemplate\":{\"DefaultEmailOption\":\"CONFIRM_WITH_CODE\"},"
	"\"MfaConfiguration\":\"OFF\",\"EstimatedNumberOfUsers\":0,"
	"\"EmailConfiguration\":{\"EmailSendingAccount\":\"COGNITO_DEFAULT\"},\"UserPoolTags\":{},"
	"\"AdminCreateUserConfig\":{\"AllowAdminCreateUserOnly\":false,\"UnusedAccountValidityDays\":7},";

static void test_defaults(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"people\"}", &created));
	str text = house_render(request, &spec_type_user_pool_type, &created);
	assert_non_null(strstr(arena_copy(request->arena, text).data, plain_pool));
	assert_non_null(strstr(arena_copy(request->arena, text).data, plain_pool_rest));
	assert_int_equal(created.schema_attributes.count, 21);
	assert_int_equal(created.user_pool_tier, USER_POOL_TIER_TYPE_ESSENTIALS);
	assert_null(created.username_configuration);
	assert_null(created.account_recovery_setting);
	request_free(&request);
}

/* Every member comes back as it was given. */
static const char *const kept[] = {
	"\"Policies\":{\"PasswordPolicy\":{\"MinimumLength\":12,\"RequireUppercase\":false,\"RequireLowercase\":true,"
	"\"RequireNumbers\":false,\"RequireSymbols\":false,\"PasswordHistorySize\":3,"
	"\"TemporaryPasswordValidityDays\":2},"
	"\"SignInPolicy\":{\"AllowedFirstAuthFactors\":[\"PASSWORD\",\"EMAIL_OTP\"]}}",
	"\"DeletionProtection\":\"ACTIVE\"",
	"\"LambdaConfig\":{\"PreSignUp\":\"arn:aws:lambda:us-east-1:123456789012:function:f\"}",
	"\"AutoVerifiedAttributes\":[\"phone_number\",\"email\"]",
	"\"AliasAttributes\":[\"email\",\"preferred_username\"]",
	"\"UsernameAttributes\":[\"email\"]",
	"\"VerificationMessageTemplate\":{\"EmailMessageByLink\":\"{##here##}\",\"EmailSubjectByLink\":\"s\","
	"\"DefaultEmailOption\":\"CONFIRM_WITH_LINK\"}",
	"\"SmsAuthenticationMessage\":\"code {####}\"",
	"\"UserAttributeUpdateSettings\":{\"AttributesRequireVerificationBeforeUpdate\":[\"email\"]}",
	"\"DeviceConfiguration\":{\"ChallengeRequiredOnNewDevice\":true,\"DeviceOnlyRememberedOnUserPrompt\":false}",
	"\"EmailConfiguration\":{\"ReplyToEmailAddress\":\"a@example.com\",\"EmailSendingAccount\":\"COGNITO_DEFAULT\"}",
	"\"UserPoolTags\":{\"stage\":\"test\"}",
	"\"AdminCreateUserConfig\":{\"AllowAdminCreateUserOnly\":true,\"UnusedAccountValidityDays\":7,"
	"\"InviteMessageTemplate\":{\"EmailMessage\":\"{username} {####}\",\"EmailSubject\":\"hi\"}}",
	"\"UsernameConfiguration\":{\"CaseSensitive\":false}",
	"\"AccountRecoverySetting\":{\"RecoveryMechanisms\":[{\"Priority\":1,\"Name\":\"verified_email\"},"
	"{\"Priority\":2,\"Name\":\"verified_phone_number\"}]}",
	"\"UserPoolTier\":\"LITE\"",
	"\"KeyConfiguration\":{\"KeyType\":\"AWS_OWNED_KEY\"}",
	"\"IssuerConfiguration\":{\"Type\":\"UPDATED\"}",
};

static void test_members_are_kept(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct request *request = house_request(*state);
		struct user_pool_type created;
		str json = arena_printf(request->arena, "{\"PoolName\":\"people\",%s}", kept[i]);
		assert_ok(request, house_create_pool(request, json.data, &created));
		assert_ok(request, pool_describe(request, created.id, &created));
		str text = house_render(request, &spec_type_user_pool_type, &created);
		assert_case(strstr(arena_copy(request->arena, text).data, kept[i]), kept[i]);
		request_free(&request);
	}
}

static void test_sign_in_names(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created;
	const struct user_pool *pool;
	assert_ok(request,
		house_create_pool(request,
			"{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\",\"phone_number\"],"
			"\"UsernameConfiguration\":{\"CaseSensitive\":false},\"AutoVerifiedAttributes\":[\"email\"]}",
			&created));
	assert_ok(request, pool_find(request, created.id, &pool));
	assert_true(pool->is_username[POOL_NAME_EMAIL] && pool->is_username[POOL_NAME_PHONE_NUMBER]);
	assert_false(pool->is_case_sensitive);
	assert_true(pool_is_auto_verified(pool, STR("email")));
	assert_false(pool_is_auto_verified(pool, STR("phone_number")));
	assert_false(pool_is_auto_verified(pool, STR("name")));
	assert_ok(request,
		house_create_pool(request,
			"{\"PoolName\":\"p\",\"AliasAttributes\":[\"phone_number\",\"preferred_username\"]}", &created));
	assert_ok(request, pool_find(request, created.id, &pool));
	assert_true(pool->is_alias[POOL_NAME_PHONE_NUMBER] && pool->is_alias[POOL_NAME_PREFERRED_USERNAME] &&
		!pool->is_alias[POOL_NAME_EMAIL]);
	request_free(&request);
}

static void test_update(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created;
	struct update_user_pool_request change = { .user_pool_id = STR_NONE };
	const struct user_pool *before, *after;
	assert_ok(request,
		house_create_pool(request,
			"{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\"],\"UserPoolTags\":{\"a\":\"b\"},"
			"\"AutoVerifiedAttributes\":[\"email\"],\"DeletionProtection\":\"ACTIVE\","
			"\"Schema\":[{\"Name\":\"team\",\"AttributeDataType\":\"String\"}]}",
			&created));
	assert_ok(request, pool_find(request, created.id, &before));
	change.user_pool_id = created.id;
	assert_ok(request, pool_update(request, &change));
	assert_ok(request, pool_find(request, created.id, &after));
	assert_int_equal(after->version, before->version + 1);
	/* Back to the default. */
	assert_int_equal(after->settings.deletion_protection, DELETION_PROTECTION_TYPE_INACTIVE);
	assert_int_equal(after->settings.auto_verified_attributes.count, 0);
	/* Not so. */
	assert_str_equal(after->settings.name, STR("p"));
	assert_true(after->is_alias[POOL_NAME_EMAIL]);
	assert_int_equal(after->settings.user_pool_tags.count, 1);
	assert_non_null(pool_schema_attribute(after, STR("custom:team")));
	/* The older copy stays whole for who holds it. */
	assert_int_equal(before->settings.deletion_protection, DELETION_PROTECTION_TYPE_ACTIVE);
	change.pool_name = STR("q");
	assert_ok(request, pool_update(request, &change));
	assert_ok(request, pool_find(request, created.id, &after));
	assert_str_equal(after->settings.name, STR("q"));
	request_free(&request);
}

static RESULT add_attributes(struct request *request, str id, const char *attributes)
{
	struct add_custom_attributes_request input = { .user_pool_id = STR_NONE };
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",\"CustomAttributes\":[%s]}",
		STR_ARG(id), attributes);
	house_decode(request, &spec_type_add_custom_attributes_request, json.data, &input);
	return pool_add_attributes(request, &input);
}

static void test_add_attributes(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created;
	struct update_user_pool_request change = { .user_pool_id = STR_NONE };
	const struct user_pool *before, *after;
	assert_ok(request,
		house_create_pool(request,
			"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"team\",\"AttributeDataType\":\"String\"}]}",
			&created));
	assert_ok(request, pool_find(request, created.id, &before));
	assert_ok(request, add_attributes(request, created.id, "{\"Name\":\"size\",\"AttributeDataType\":\"Number\"}"));
	assert_ok(request, pool_find(request, created.id, &after));
	assert_int_equal(after->version, before->version + 1);
	assert_null(pool_schema_attribute(before, STR("custom:size")));
	assert_non_null(pool_schema_attribute(after, STR("custom:size")));
	/* An update keeps them. */
	change.user_pool_id = created.id;
	assert_ok(request, pool_update(request, &change));
	assert_ok(request, pool_find(request, created.id, &after));
	assert_non_null(pool_schema_attribute(after, STR("custom:size")));
	assert_non_null(pool_schema_attribute(after, STR("custom:team")));
	/* All or nothing. */
	assert_refused(request,
		add_attributes(request, created.id,
			"{\"Name\":\"new\",\"AttributeDataType\":\"String\"},"
			"{\"Name\":\"size\",\"AttributeDataType\":\"Number\"}"),
		ERROR_INVALID_PARAMETER, "custom:size: Existing attribute already has name custom:size.");
	assert_ok(request, pool_find(request, created.id, &after));
	assert_null(pool_schema_attribute(after, STR("custom:new")));
	assert_refused(request,
		add_attributes(request, STR("x_y"), "{\"Name\":\"new\",\"AttributeDataType\":\"String\"}"),
		ERROR_RESOURCE_NOT_FOUND, "User pool x_y does not exist.");
	request_free(&request);
}

static void test_delete(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created, kept_pool;
	const struct user_pool *pool;
	str text;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	assert_ok(request,
		house_create_pool(request, "{\"PoolName\":\"p\",\"DeletionProtection\":\"ACTIVE\"}", &kept_pool));
	assert_ok(request, pool_delete(request, created.id));
	text = arena_printf(request->arena, "User pool %.*s does not exist.", STR_ARG(created.id));
	assert_refused(request, pool_find(request, created.id, &pool), ERROR_RESOURCE_NOT_FOUND, text.data);
	assert_refused(request, pool_delete(request, created.id), ERROR_RESOURCE_NOT_FOUND, text.data);
	assert_refused(request, pool_delete(request, kept_pool.id), ERROR_INVALID_PARAMETER,
		"The user pool cannot be deleted because deletion protection is activated. "
		"Deletion protection must be inactivated first.");
	request_free(&request);
}

static void test_list(void **state)
{
	enum { POOLS = 7, PAGE = 3 };
	struct request *request = house_request(*state);
	struct user_pool_type created;
	struct user_pool_description_type_list page;
	str token = STR_NONE, last = STR("");
	size_t seen = 0, pages = 0;
	for (int i = 0; i < POOLS; i++)
		assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	do {
		str next = STR_NONE;
		page = (struct user_pool_description_type_list){ 0 };
		assert_ok(request, pool_list(request, PAGE, token, &page, &next));
		for (size_t i = 0; i < page.count; i++) {
			assert_true(str_compare(last, page.items[i].id) < 0);
			assert_str_equal(page.items[i].name, STR("p"));
			assert_int_equal(page.items[i].creation_date.value, created.creation_date.value);
			last = page.items[i].id;
		}
		seen += page.count;
		pages++;
		token = next;
	} while (str_is_set(token));
	assert_int_equal(seen, POOLS);
	assert_int_equal(pages, 3);
	assert_refused(request, pool_list(request, PAGE, STR("nonsense"), &page, &token), ERROR_INVALID_PARAMETER,
		"Invalid pagination token.");
	request_free(&request);
}

static RESULT insert_thousand(struct request *request, void *context)
{
	(void)context;
	for (int i = 0; i < 1000; i++)
		TRY(store_user_pool_insert(request,
			&(struct store_user_pool_insert_in){ .id = arena_printf(request->arena, "us-east-1_%d", i),
				.name = STR("p"),
				.settings = STR("{}"),
				.now = request->now },
			NULL));
	return OK;
}

static void test_limit(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created;
	assert_ok(request, store_write(request, insert_thousand, NULL));
	assert_refused(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created), ERROR_LIMIT_EXCEEDED,
		"There can be at most 1000 user pools.");
	request_free(&request);
}

static void test_issuers(void **state)
{
	static const struct {
		const char *json;
		const char *prefix;
	} issuers[] = {
		{ "{\"PoolName\":\"p\"}", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_" },
		{ "{\"PoolName\":\"p\",\"IssuerConfiguration\":{\"Type\":\"UPDATED\"}}",
			"https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_" },
	};
	struct house *house = *state;
	house->settings.aws_issuer = true;
	for (size_t i = 0; i < ARRAY_LEN(issuers); i++) {
		struct request *request = house_request(house);
		struct user_pool_type created;
		const struct user_pool *pool;
		assert_ok(request, house_create_pool(request, issuers[i].json, &created));
		assert_ok(request, pool_find(request, created.id, &pool));
		assert_case(str_has_prefix(pool->issuer, str_of(issuers[i].prefix)), issuers[i].prefix);
		request_free(&request);
	}
	house->settings.aws_issuer = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_create, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_defaults, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_members_are_kept, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_sign_in_names, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_update, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_add_attributes, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_delete, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_list, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_limit, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_issuers, house_set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
