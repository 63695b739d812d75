/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool_mfa.h"

#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

#define SMS       "\"SmsConfiguration\":{\"SnsCallerArn\":\"arn:aws:iam::123456789012:role/sms\"}"
#define OTHER_SMS "\"SmsConfiguration\":{\"SnsCallerArn\":\"arn:aws:iam::123456789012:role/other\"}"
#define TOTP      "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":true}"
#define NO_TOTP   "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":false}"
#define EMAIL     "\"EmailMfaConfiguration\":{\"Message\":\"code {####}\",\"Subject\":\"Your code\"}"
#define SMS_MFA   "\"SmsMfaConfiguration\":{\"SmsAuthenticationMessage\":\"code {####}\"," SMS "}"
#define OPTIONAL  "\"MfaConfiguration\":\"OPTIONAL\""
#define ON        "\"MfaConfiguration\":\"ON\""
#define OFF       "\"MfaConfiguration\":\"OFF\""
#define PASSKEYS                                                                                             \
	"\"WebAuthnConfiguration\":{\"RelyingPartyId\":\"example.com\",\"UserVerification\":\"preferred\"}"
#define EMAIL_ONLY                                                                                           \
	"\"AccountRecoverySetting\":{\"RecoveryMechanisms\":[{\"Priority\":1,\"Name\":\"verified_email\"}]}"

#define NO_SMS                                                                                               \
	"SMS configuration and Auto verification for phone_number are required when MFA is "                 \
	"required/optional"
#define NOTHING         "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."
#define OFF_WITH_FACTOR "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."

static str new_pool(struct request *request, const char *members)
{
	struct user_pool_type created;
	str json = arena_printf(request->arena, "{\"PoolName\":\"p\"%s%s}", *members ? "," : "", members);
	assert_ok(request, house_create_pool(request, json.data, &created));
	return created.id;
}

static RESULT set(struct request *request, str pool_id, const char *members,
	struct get_user_pool_mfa_config_response *output)
{
	struct set_user_pool_mfa_config_request input = { .user_pool_id = STR_NONE };
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\"%s%s}", STR_ARG(pool_id),
		*members ? "," : "", members);
	house_decode(request, &spec_type_set_user_pool_mfa_config_request, json.data, &input);
	return pool_set_mfa(request, &input, output);
}

static RESULT update(struct request *request, str pool_id, const char *members)
{
	struct update_user_pool_request input = { .user_pool_id = STR_NONE };
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\"%s%s}", STR_ARG(pool_id),
		*members ? "," : "", members);
	house_decode(request, &spec_type_update_user_pool_request, json.data, &input);
	return pool_update(request, &input);
}

static str shown(struct request *request, str pool_id)
{
	struct get_user_pool_mfa_config_response output;
	assert_ok(request, pool_get_mfa(request, pool_id, &output));
	return house_render(request, &spec_type_get_user_pool_mfa_config_response, &output);
}

/* --- Setting and showing --- */

static const struct {
	const char *created; /* members of CreateUserPool */
	const char *set; /* of SetUserPoolMfaConfig; NULL: not called */
	const char *shown; /* of GetUserPoolMfaConfig, in their order */
} cases[] = {
	{ "", NULL, OFF },
	{ SMS, NULL, OFF },
	{ SMS "," OPTIONAL, NULL, "\"SmsMfaConfiguration\":{" SMS "}," OPTIONAL },
	{ SMS "," ON ",\"SmsAuthenticationMessage\":\"{####} it is\"", NULL,
		"\"SmsMfaConfiguration\":{\"SmsAuthenticationMessage\":\"{####} it is\"," SMS "}," ON },
	{ "", "", OFF },
	{ "", OFF, OFF },
	{ "", OFF "," NO_TOTP, NO_TOTP "," OFF },
	{ "", ON "," TOTP, TOTP "," ON },
	{ "", OPTIONAL "," TOTP, TOTP "," OPTIONAL },
	{ "", OPTIONAL "," EMAIL, EMAIL "," OPTIONAL },
	{ "", OPTIONAL "," SMS_MFA, SMS_MFA "," OPTIONAL },
	{ "", OPTIONAL "," SMS_MFA "," NO_TOTP, SMS_MFA "," NO_TOTP "," OPTIONAL },
	{ "", ON "," SMS_MFA "," TOTP "," EMAIL "," PASSKEYS,
		SMS_MFA "," TOTP "," EMAIL "," ON "," PASSKEYS },
	/* A configuration that the pool has will do, and one that is given takes its place. */
	{ SMS, OPTIONAL ",\"SmsMfaConfiguration\":{}", "\"SmsMfaConfiguration\":{" SMS "}," OPTIONAL },
	{ SMS, OPTIONAL ",\"SmsMfaConfiguration\":{" OTHER_SMS "}",
		"\"SmsMfaConfiguration\":{" OTHER_SMS "}," OPTIONAL },
	/* One that is there for other messages makes no factor of SMS. */
	{ SMS, OPTIONAL "," TOTP, TOTP "," OPTIONAL },
	/* Without a mode it stays as it is. */
	{ SMS "," ON, TOTP, TOTP "," ON },
	/* Passkeys are a matter of their own. */
	{ "", PASSKEYS, OFF "," PASSKEYS },
	{ "", OFF "," PASSKEYS, OFF "," PASSKEYS },
	{ SMS "," ON, PASSKEYS, "\"SmsMfaConfiguration\":{" SMS "}," ON "," PASSKEYS },
	{ "\"UserPoolTier\":\"LITE\"", OPTIONAL "," TOTP, TOTP "," OPTIONAL },
	{ EMAIL_ONLY, OPTIONAL "," TOTP, TOTP "," OPTIONAL },
};

static void test_shown(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct get_user_pool_mfa_config_response output;
		str pool_id = new_pool(request, cases[i].created);
		str wanted = arena_printf(request->arena, "{%s}", cases[i].shown);
		if (cases[i].set) {
			assert_ok(request, set(request, pool_id, cases[i].set, &output));
			assert_str_equal(
				house_render(request, &spec_type_get_user_pool_mfa_config_response, &output),
				wanted);
		}
		assert_str_equal(shown(request, pool_id), wanted);
		request_free(&request);
	}
}

/* What is said about factors takes the place of all that was said before. */
static void test_set_again(void **state)
{
	struct request *request = house_request(*state);
	struct get_user_pool_mfa_config_response output;
	str pool_id = new_pool(request, "");
	assert_ok(request, set(request, pool_id, ON "," SMS_MFA "," TOTP "," EMAIL "," PASSKEYS, &output));
	assert_ok(request, set(request, pool_id, OPTIONAL "," EMAIL, &output));
	assert_str_equal(shown(request, pool_id), STR("{" EMAIL "," OPTIONAL "," PASSKEYS "}"));
	assert_ok(request, set(request, pool_id, OFF, &output));
	assert_str_equal(shown(request, pool_id), STR("{" OFF "," PASSKEYS "}"));
	request_free(&request);
}

static const struct {
	const char *created, *set;
	enum error_code code;
	const char *message;
} refusals[] = {
	{ "", ON, ERROR_INVALID_PARAMETER, NOTHING },
	{ "", OPTIONAL "," NO_TOTP, ERROR_INVALID_PARAMETER, NOTHING },
	{ "", ON "," PASSKEYS, ERROR_INVALID_PARAMETER, NOTHING },
	{ SMS "," ON, NO_TOTP, ERROR_INVALID_PARAMETER, NOTHING },
	{ "", TOTP, ERROR_INVALID_PARAMETER, OFF_WITH_FACTOR },
	{ "", OFF "," TOTP, ERROR_INVALID_PARAMETER, OFF_WITH_FACTOR },
	{ "", OFF "," EMAIL, ERROR_INVALID_PARAMETER, OFF_WITH_FACTOR },
	{ "", OFF "," SMS_MFA, ERROR_INVALID_PARAMETER, OFF_WITH_FACTOR },
	{ "", ON ",\"SmsMfaConfiguration\":{\"SmsAuthenticationMessage\":\"{####} it is\"}",
		ERROR_INVALID_PARAMETER, NO_SMS },
	{ "\"UserPoolTier\":\"LITE\"", ON "," EMAIL, ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"Email MFA and passkeys are not available in the feature plan of this user pool." },
	{ "\"UserPoolTier\":\"LITE\"", PASSKEYS, ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"Email MFA and passkeys are not available in the feature plan of this user pool." },
	{ EMAIL_ONLY, ON "," EMAIL, ERROR_INVALID_PARAMETER,
		"Email MFA cannot be used where verified_email is the only recovery mechanism." },
};

static void test_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct request *request = house_request(*state);
		struct get_user_pool_mfa_config_response output;
		str pool_id = new_pool(request, refusals[i].created);
		str before = shown(request, pool_id);
		assert_refused(request, set(request, pool_id, refusals[i].set, &output), refusals[i].code,
			refusals[i].message);
		assert_str_equal(shown(request, pool_id), before);
		request_free(&request);
	}
}

static void test_no_pool(void **state)
{
	struct request *request = house_request(*state);
	struct get_user_pool_mfa_config_response output;
	assert_refused(request, set(request, STR("us-east-1_none"), OFF, &output), ERROR_RESOURCE_NOT_FOUND,
		"User pool us-east-1_none does not exist.");
	assert_refused(request, pool_get_mfa(request, STR("us-east-1_none"), &output),
		ERROR_RESOURCE_NOT_FOUND, "User pool us-east-1_none does not exist.");
	request_free(&request);
}

/* --- Beside the pool's settings --- */

static void test_settings_follow(void **state)
{
	struct request *request = house_request(*state);
	struct get_user_pool_mfa_config_response output;
	struct user_pool_type described;
	str pool_id = new_pool(request, "\"AutoVerifiedAttributes\":[\"email\"]");
	assert_ok(request, set(request, pool_id, ON "," SMS_MFA, &output));
	assert_ok(request, pool_describe(request, pool_id, &described));
	assert_int_equal(described.mfa_configuration, USER_POOL_MFA_TYPE_ON);
	assert_str_equal(described.sms_authentication_message, STR("code {####}"));
	assert_str_equal(
		described.sms_configuration->sns_caller_arn, STR("arn:aws:iam::123456789012:role/sms"));
	assert_int_equal(described.auto_verified_attributes.count, 1);
	/* Other messages may still need it. */
	assert_ok(request, set(request, pool_id, OFF, &output));
	assert_ok(request, pool_describe(request, pool_id, &described));
	assert_int_equal(described.mfa_configuration, USER_POOL_MFA_TYPE_OFF);
	assert_non_null(described.sms_configuration);
	request_free(&request);
}

static const struct {
	const char *set, *update;
	const char *shown; /* NULL: refused */
	enum error_code code;
	const char *message;
} updates[] = {
	{ ON "," TOTP, OPTIONAL, TOTP "," OPTIONAL, 0, NULL },
	{ OPTIONAL "," TOTP, ON, TOTP "," ON, 0, NULL },
	{ OPTIONAL "," TOTP, OFF, TOTP "," OFF, 0, NULL },
	{ OPTIONAL "," TOTP, "", TOTP "," OFF, 0, NULL },
	{ OPTIONAL "," EMAIL, ON, EMAIL "," ON, 0, NULL },
	{ OPTIONAL "," TOTP, SMS "," OPTIONAL, TOTP "," OPTIONAL, 0, NULL },
	{ OPTIONAL "," TOTP "," SMS_MFA, ON, TOTP "," ON, 0, NULL },
	{ OPTIONAL "," TOTP "," SMS_MFA, OTHER_SMS "," ON,
		"\"SmsMfaConfiguration\":{" OTHER_SMS "}," TOTP "," ON, 0, NULL },
	{ PASSKEYS, SMS "," ON, "\"SmsMfaConfiguration\":{" SMS "}," ON "," PASSKEYS, 0, NULL },
	{ OFF, OPTIONAL, NULL, ERROR_INVALID_PARAMETER, NO_SMS },
	{ OPTIONAL "," SMS_MFA, ON, NULL, ERROR_INVALID_PARAMETER, NO_SMS },
	{ OPTIONAL "," EMAIL, OPTIONAL "," EMAIL_ONLY, NULL, ERROR_INVALID_PARAMETER,
		"Email MFA cannot be used where verified_email is the only recovery mechanism." },
	{ OPTIONAL "," EMAIL, OPTIONAL ",\"UserPoolTier\":\"LITE\"", NULL, ERROR_TIER_CHANGE_NOT_ALLOWED,
		"Email MFA and passkeys must be turned off before the feature plan can be LITE." },
	{ PASSKEYS, "\"UserPoolTier\":\"LITE\"", NULL, ERROR_TIER_CHANGE_NOT_ALLOWED,
		"Email MFA and passkeys must be turned off before the feature plan can be LITE." },
	{ OPTIONAL "," TOTP, OPTIONAL ",\"UserPoolTier\":\"LITE\"", TOTP "," OPTIONAL, 0, NULL },
};

static void test_update(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(updates); i++) {
		struct request *request = house_request(*state);
		struct get_user_pool_mfa_config_response output;
		str pool_id = new_pool(request, "");
		assert_ok(request, set(request, pool_id, updates[i].set, &output));
		if (updates[i].shown) {
			assert_ok(request, update(request, pool_id, updates[i].update));
			assert_str_equal(shown(request, pool_id),
				arena_printf(request->arena, "{%s}", updates[i].shown));
		} else {
			assert_refused(request, update(request, pool_id, updates[i].update), updates[i].code,
				updates[i].message);
		}
		request_free(&request);
	}
}

static void test_each_change_counts(void **state)
{
	struct request *request = house_request(*state);
	struct get_user_pool_mfa_config_response output;
	const struct user_pool *before, *after;
	str pool_id = new_pool(request, "");
	assert_ok(request, pool_find(request, pool_id, &before));
	uint64_t generation = pool_generation();
	assert_ok(request, set(request, pool_id, ON "," TOTP, &output));
	assert_ok(request, pool_find(request, pool_id, &after));
	assert_int_equal(after->version, before->version + 1);
	assert_true(pool_generation() > generation);
	request_free(&request);
}

/* --- What users may take up --- */

static const struct {
	const char *created, *set;
	bool is_on, sms, email, software_token;
} offers[] = {
	{ "", NULL, false, false, false, false },
	{ SMS, NULL, false, false, false, false },
	{ SMS "," ON, NULL, true, true, false, false },
	{ "", OPTIONAL "," TOTP, true, false, false, true },
	{ SMS, ON "," TOTP, true, false, false, true },
	{ "", ON "," EMAIL, true, false, true, false },
	{ "", ON "," SMS_MFA "," EMAIL "," TOTP, true, true, true, true },
	{ "", PASSKEYS, false, false, false, false },
};

static void check_offers(
	struct request *request, str pool_id, bool is_on, bool sms, bool email, bool software_token)
{
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_int_equal(pool_mfa_is_on(pool), is_on);
	assert_int_equal(pool_mfa_offers_sms(pool), sms);
	assert_int_equal(pool_mfa_offers_email(pool), email);
	assert_int_equal(pool_mfa_offers_software_token(pool), software_token);
}

static void test_offers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(offers); i++) {
		struct request *request = house_request(*state);
		struct get_user_pool_mfa_config_response output;
		str pool_id = new_pool(request, offers[i].created);
		if (offers[i].set)
			assert_ok(request, set(request, pool_id, offers[i].set, &output));
		check_offers(request, pool_id, offers[i].is_on, offers[i].sms, offers[i].email,
			offers[i].software_token);
		assert_ok(request, update(request, pool_id, OFF));
		check_offers(request, pool_id, false, false, false, false);
		request_free(&request);
	}
}

/* Pools of a version that knew no second factors but their settings. */
static void test_pool_from_before(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = new_pool(request, SMS "," ON);
	house_execute(*state, "UPDATE user_pool SET mfa_settings = NULL");
	check_offers(request, pool_id, true, true, false, false);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_set_again),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_pool),
		cmocka_unit_test(test_settings_follow),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_each_change_counts),
		cmocka_unit_test(test_offers),
		cmocka_unit_test(test_pool_from_before),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
