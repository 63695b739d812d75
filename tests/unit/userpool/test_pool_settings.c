/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool_settings.h"

#include "base/fatal.h"
#include "unit/userpool/house.h"

static const struct {
	const char *json; /* members of CreateUserPool */
	enum error_code code;
	const char *message;
} refused[] = {
	{ "\"AliasAttributes\":[\"email\"],\"UsernameAttributes\":[\"email\"]", ERROR_INVALID_PARAMETER,
		"Only one of the aliasAttributes or usernameAttributes can be set in a user pool." },
	{ "\"MfaConfiguration\":\"ON\"", ERROR_INVALID_PARAMETER,
		"SMS configuration and Auto verification for phone_number are required when MFA is required/optional" },
	{ "\"MfaConfiguration\":\"OPTIONAL\"", ERROR_INVALID_PARAMETER,
		"SMS configuration and Auto verification for phone_number are required when MFA is required/optional" },
	{ "\"UserPoolTier\":\"LITE\",\"Policies\":{\"PasswordPolicy\":{\"PasswordHistorySize\":1}}",
		ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"Password history is not available in the feature plan of this user pool." },
	{ "\"UserPoolTier\":\"LITE\",\"Policies\":{\"SignInPolicy\":{\"AllowedFirstAuthFactors\":[\"WEB_AUTHN\"]}}",
		ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"Passwordless sign-in is not available in the feature plan of this user pool." },
	{ "\"Policies\":{\"SignInPolicy\":{\"AllowedFirstAuthFactors\":[\"SOFTWARE_TOKEN\"]}}", ERROR_INVALID_PARAMETER,
		"SOFTWARE_TOKEN is not supported as a first authentication factor." },
	{ "\"UserPoolAddOns\":{\"AdvancedSecurityMode\":\"AUDIT\"}", ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"Threat protection is not available in the feature plan of this user pool." },
	{ "\"AccountRecoverySetting\":{\"RecoveryMechanisms\":[{\"Priority\":1,\"Name\":\"verified_email\"},"
	  "{\"Priority\":1,\"Name\":\"verified_phone_number\"}]}",
		ERROR_INVALID_PARAMETER, "Recovery mechanisms must differ in their names and in their priorities." },
	{ "\"AccountRecoverySetting\":{\"RecoveryMechanisms\":[{\"Priority\":1,\"Name\":\"verified_email\"},"
	  "{\"Priority\":2,\"Name\":\"verified_email\"}]}",
		ERROR_INVALID_PARAMETER, "Recovery mechanisms must differ in their names and in their priorities." },
	{ "\"AccountRecoverySetting\":{\"RecoveryMechanisms\":[{\"Priority\":1,\"Name\":\"admin_only\"},"
	  "{\"Priority\":2,\"Name\":\"verified_email\"}]}",
		ERROR_INVALID_PARAMETER, "The recovery mechanism admin_only cannot be combined with another one." },
	{ "\"LambdaConfig\":{\"PreTokenGeneration\":\"arn:aws:lambda:us-east-1:123456789012:function:a\","
	  "\"PreTokenGenerationConfig\":{\"LambdaVersion\":\"V1_0\","
	  "\"LambdaArn\":\"arn:aws:lambda:us-east-1:123456789012:function:b\"}}",
		ERROR_INVALID_PARAMETER,
		"PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same." },
	{ "\"UserPoolTier\":\"LITE\",\"LambdaConfig\":{\"PreTokenGenerationConfig\":{\"LambdaVersion\":\"V2_0\","
	  "\"LambdaArn\":\"arn:aws:lambda:us-east-1:123456789012:function:b\"}}",
		ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"Access token customization is not available in the feature plan of this user pool." },
	{ "\"LambdaConfig\":{\"CustomEmailSender\":{\"LambdaVersion\":\"V1_0\","
	  "\"LambdaArn\":\"arn:aws:lambda:us-east-1:123456789012:function:b\"}}",
		ERROR_INVALID_PARAMETER, "KMSKeyID is required for custom sender triggers." },
	{ "\"Policies\":{\"PasswordPolicy\":{\"TemporaryPasswordValidityDays\":3}},"
	  "\"AdminCreateUserConfig\":{\"UnusedAccountValidityDays\":4}",
		ERROR_INVALID_PARAMETER,
		"Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays" },
	{ "\"UserPoolTags\":{\"aws:x\":\"y\"}", ERROR_INVALID_PARAMETER,
		"Tag keys that begin with aws: are reserved." },
};

static void test_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct request *request = house_request(*state);
		struct user_pool_type created;
		str json = arena_printf(request->arena, "{\"PoolName\":\"people\",%s}", refused[i].json);
		assert_refused(request, house_create_pool(request, json.data, &created), refused[i].code,
			refused[i].message);
		request_free(&request);
	}
}

static const char *const accepted[] = {
	"\"MfaConfiguration\":\"ON\",\"SmsConfiguration\":{\"SnsCallerArn\":\"arn:aws:iam::123456789012:role/sms\"}",
	"\"UserPoolTier\":\"PLUS\",\"UserPoolAddOns\":{\"AdvancedSecurityMode\":\"ENFORCED\"}",
	"\"UserPoolAddOns\":{\"AdvancedSecurityMode\":\"OFF\"}",
	"\"AccountRecoverySetting\":{\"RecoveryMechanisms\":[{\"Priority\":1,\"Name\":\"admin_only\"}]}",
	"\"Policies\":{\"PasswordPolicy\":{\"TemporaryPasswordValidityDays\":0}},"
	"\"AdminCreateUserConfig\":{\"UnusedAccountValidityDays\":4}",
	"\"Policies\":{},\"LambdaConfig\":{},\"EmailConfiguration\":{},\"UserPoolTags\":{},\"AutoVerifiedAttributes\":[]",
};

static void test_accepted(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
		struct request *request = house_request(*state);
		struct user_pool_type created;
		str json = arena_printf(request->arena, "{\"PoolName\":\"people\",%s}", accepted[i]);
		assert_ok(request, house_create_pool(request, json.data, &created));
		request_free(&request);
	}
}

static void test_too_many_tags(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type settings = { .user_pool_tags = { ARENA_ARRAY(request->arena, struct str_pair, 51), 51 } };
	assert_refused(request, pool_settings_check(request, &settings), ERROR_INVALID_PARAMETER,
		"A user pool can have at most 50 tags.");
	settings.user_pool_tags.count = 50;
	assert_ok(request, pool_settings_check(request, &settings));
	request_free(&request);
}

/* A policy that says something about passwords asks for no more than it says. */
static void test_partial_password_policy(void **state)
{
	struct request *request = house_request(*state);
	struct password_policy_type given = { .require_numbers = optional_bool(true) };
	struct user_pool_policy_type policies = { .password_policy = &given };
	struct user_pool_type settings = { .policies = &policies };
	pool_settings_fill(request->arena, &settings);
	const struct password_policy_type *policy = settings.policies->password_policy;
	assert_int_equal(policy->minimum_length.value, 8);
	assert_true(policy->require_numbers.value && policy->require_symbols.set && !policy->require_symbols.value);
	assert_int_equal(policy->temporary_password_validity_days.value, 7);
	/* What was given is not written to. */
	assert_false(given.minimum_length.set);
	assert_null(policies.sign_in_policy);
	request_free(&request);
}

static void test_temporary_password_days(void **state)
{
	struct request *request = house_request(*state);
	struct admin_create_user_config_type config = { .unused_account_validity_days = optional_int(4) };
	struct user_pool_type settings = { .admin_create_user_config = &config };
	pool_settings_fill(request->arena, &settings);
	assert_int_equal(settings.policies->password_policy->temporary_password_validity_days.value, 4);
	assert_int_equal(settings.admin_create_user_config->unused_account_validity_days.value, 4);
	request_free(&request);
}

static void test_message_texts_are_mirrored(void **state)
{
	struct request *request = house_request(*state);
	struct verification_message_template_type template = { .email_subject = STR("new") };
	struct user_pool_type settings = {
		.verification_message_template = &template,
		.email_verification_subject = STR("old"),
		.sms_verification_message = STR("code {####}"),
	};
	pool_settings_fill(request->arena, &settings);
	assert_str_equal(settings.email_verification_subject, STR("new"));
	assert_str_equal(settings.verification_message_template->sms_message, STR("code {####}"));
	assert_false(str_is_set(settings.email_verification_message));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_too_many_tags),
		cmocka_unit_test(test_partial_password_policy),
		cmocka_unit_test(test_temporary_password_days),
		cmocka_unit_test(test_message_texts_are_mirrored),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
