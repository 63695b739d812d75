/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/mfa_preference.h"

#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/authenticator.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/mfa_factor.h"
#include "userpool/pool.h"
#include "userpool/user_admin.h"
#include "userpool/user_self.h"

enum { NOW = 1000000000 };

#define NO_TOKEN "User has not verified software token mfa"
#define NO_PHONE "User does not have delivery config set to turn on SMS_MFA"
#define NO_EMAIL "User does not have delivery config set to turn on EMAIL_OTP"
#define UNKNOWN  "User does not exist."

static str pool_id, client_id, passkey_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	passkey_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	house_set_mfa(*state, passkey_pool_id,
		"\"WebAuthnConfiguration\":{\"RelyingPartyId\":\"example.com\","
		"\"FactorConfiguration\":\"MULTI_FACTOR_WITH_USER_VERIFICATION\"}");
	house_user(*state, pool_id, "bare", "");
	house_user(*state, pool_id, "jane", "phone_number=+15550100,email=jane@example.com");
	house_user(*state, passkey_pool_id, "jane", "phone_number=+15550100");
	struct request *request = house_request(*state);
	authenticator_enroll(request, pool_id, "jane", STR_NONE);
	request_free(&request);
	return 0;
}

static RESULT admin_set(struct request *request, str in_pool, const char *username, const char *members)
{
	struct admin_set_user_mfa_preference_request input = { .username = STR_NONE };
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",\"Username\":\"%s\"%s%s}",
		STR_ARG(in_pool), username, *members ? "," : "", members);
	house_decode(request, &spec_type_admin_set_user_mfa_preference_request, json.data, &input);
	return mfa_preference_admin_set(request, &input);
}

static RESULT set(struct request *request, const char *username, const char *members)
{
	struct set_user_mfa_preference_request input = { .access_token = STR_NONE };
	struct caller caller = { .user = house_find_user(request, pool_id, username) };
	str json = arena_printf(request->arena, "{\"AccessToken\":\"x\"%s%s}", *members ? "," : "", members);
	assert_ok(request, client_find_with_pool(request, client_id, &caller.client, &caller.pool));
	caller.user.attributes = (struct attribute_type_list){ .count = 0 };
	house_decode(request, &spec_type_set_user_mfa_preference_request, json.data, &input);
	request->caller = &caller;
	result outcome = mfa_preference_set(request, &input);
	request->caller = NULL;
	return outcome;
}

static void assert_preference(
	struct request *request, str in_pool, const char *factors, const char *preferred)
{
	struct user user = house_find_user(request, in_pool, "jane");
	assert_str_equal(user.mfa.factors, str_of(factors));
	assert_str_equal(user.mfa.preferred, str_of(preferred));
}

/* --- Setting --- */

#define ON        "{\"Enabled\":true}"
#define PREFERRED "{\"Enabled\":true,\"PreferredMfa\":true}"
#define DEMOTED   "{\"Enabled\":true,\"PreferredMfa\":false}"
#define OFF       "{\"Enabled\":false}"
#define ALL_OFF   "{\"Enabled\":false,\"PreferredMfa\":false}"

#define SMS      "\"SMSMfaSettings\":"
#define TOTP     "\"SoftwareTokenMfaSettings\":"
#define EMAIL    "\"EmailMfaSettings\":"
#define PASSKEYS "\"WebAuthnMfaSettings\":"

/* One after the other, of one user. */
static const struct {
	const char *members;
	const char *factors, *preferred; /* after that */
} steps[] = {
	{ "", NULL, NULL },
	{ TOTP ON, "SOFTWARE_TOKEN_MFA", NULL },
	{ SMS ON, "SMS_MFA SOFTWARE_TOKEN_MFA", NULL },
	{ TOTP PREFERRED, "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
	/* What is not said stays. */
	{ "", "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
	{ TOTP ON, "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
	{ SMS ON, "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
	{ SMS DEMOTED, "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
	{ SMS PREFERRED, "SMS_MFA SOFTWARE_TOKEN_MFA", "SMS_MFA" },
	{ SMS DEMOTED, "SMS_MFA SOFTWARE_TOKEN_MFA", NULL },
	{ SMS PREFERRED "," TOTP DEMOTED, "SMS_MFA SOFTWARE_TOKEN_MFA", "SMS_MFA" },
	{ SMS DEMOTED "," TOTP PREFERRED, "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
	{ EMAIL ON, "SMS_MFA SOFTWARE_TOKEN_MFA EMAIL_OTP", "SOFTWARE_TOKEN_MFA" },
	{ SMS OFF, "SOFTWARE_TOKEN_MFA EMAIL_OTP", "SOFTWARE_TOKEN_MFA" },
	{ TOTP OFF, "EMAIL_OTP", NULL },
	{ TOTP ON "," EMAIL PREFERRED, "SOFTWARE_TOKEN_MFA EMAIL_OTP", "EMAIL_OTP" },
	/* What is not said to be enabled is not. */
	{ EMAIL "{}", "SOFTWARE_TOKEN_MFA", NULL },
	{ SMS ALL_OFF "," TOTP ALL_OFF "," EMAIL ALL_OFF, NULL, NULL },
};

static void test_steps(void **state)
{
	for (int by_admin = 0; by_admin < 2; by_admin++)
		for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
			struct request *request = house_request_at(*state, NOW + (int64_t)i);
			assert_ok(request, by_admin ? admin_set(request, pool_id, "jane", steps[i].members)
						    : set(request, "jane", steps[i].members));
			assert_preference(request, pool_id, steps[i].factors, steps[i].preferred);
			assert_int_equal(
				house_find_user(request, pool_id, "jane").modified_at, NOW + (int64_t)i);
			request_free(&request);
		}
}

static const struct {
	const char *username, *members, *message;
} refusals[] = {
	{ "bare", TOTP ON, NO_TOKEN },
	{ "bare", TOTP PREFERRED, NO_TOKEN },
	{ "bare", SMS ON, NO_PHONE },
	{ "bare", EMAIL ON, NO_EMAIL },
	{ "bare", SMS OFF "," TOTP ON, NO_TOKEN },
	{ "jane", SMS PREFERRED "," TOTP PREFERRED, "Only one MFA method can be preferred." },
	{ "jane", TOTP "{\"Enabled\":false,\"PreferredMfa\":true}",
		"Only an enabled MFA method can be preferred." },
	{ "jane", TOTP "{\"PreferredMfa\":true}", "Only an enabled MFA method can be preferred." },
	{ "jane", PASSKEYS ON, "Passkeys cannot be used for MFA in this user pool." },
};

static void test_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct request *request = house_request(*state);
		assert_refused(request, set(request, refusals[i].username, refusals[i].members),
			ERROR_INVALID_PARAMETER, refusals[i].message);
		assert_refused(request,
			admin_set(request, pool_id, refusals[i].username, refusals[i].members),
			ERROR_INVALID_PARAMETER, refusals[i].message);
		struct user user = house_find_user(request, pool_id, refusals[i].username);
		assert_false(str_is_set(user.mfa.factors));
		request_free(&request);
	}
}

/* Turning off needs nothing. */
static void test_off_without_having_it(void **state)
{
	struct request *request = house_request(*state);
	assert_ok(request,
		set(request, "bare", SMS ALL_OFF "," TOTP ALL_OFF "," EMAIL ALL_OFF "," PASSKEYS OFF));
	assert_false(str_is_set(house_find_user(request, pool_id, "bare").mfa.factors));
	request_free(&request);
}

static void test_passkeys(void **state)
{
	static const struct {
		const char *members, *factors;
	} cases[] = {
		{ PASSKEYS ON, "WEB_AUTHN" },
		{ SMS PREFERRED, "SMS_MFA WEB_AUTHN" },
		{ SMS OFF, "WEB_AUTHN" },
		{ PASSKEYS OFF, NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		assert_ok(request, admin_set(request, passkey_pool_id, "jane", cases[i].members));
		assert_preference(request, passkey_pool_id, cases[i].factors, i == 1 ? "SMS_MFA" : NULL);
		/* They are not among the second factors. */
		struct user user = house_find_user(request, passkey_pool_id, "jane");
		assert_int_equal(mfa_preference_list(request, &user).count, i == 1);
		request_free(&request);
	}
}

static void test_nobody(void **state)
{
	struct request *request = house_request(*state);
	assert_refused(
		request, admin_set(request, pool_id, "nobody", TOTP ON), ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_refused(request, admin_set(request, STR("us-east-1_none"), "jane", TOTP ON),
		ERROR_RESOURCE_NOT_FOUND, "User pool us-east-1_none does not exist.");
	request_free(&request);
}

/* --- What happens between the checks and the transaction --- */

static const struct {
	const char *sql, *members;
	enum error_code code;
	const char *message;
} races[] = {
	{ "UPDATE pool_user SET has_software_token = 0 WHERE username = 'racer'", TOTP ON,
		ERROR_INVALID_PARAMETER, NO_TOKEN },
	{ "DELETE FROM user_attribute WHERE value = '+15550199'", SMS ON, ERROR_INVALID_PARAMETER, NO_PHONE },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'", TOTP OFF,
		ERROR_USER_NOT_FOUND, UNKNOWN },
};

static void test_races(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(races); i++) {
		struct request *request = house_request(*state);
		house_user(*state, pool_id, "racer", "phone_number=+15550199");
		authenticator_enroll(request, pool_id, "racer", STR_NONE);
		interruption_execute(*state, races[i].sql);
		assert_refused(
			request, set(request, "racer", races[i].members), races[i].code, races[i].message);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

/* Of two changes side by side none is lost. */
static void turn_sms_on(const void *house)
{
	struct request *request = house_request(house);
	assert_ok(request, set(request, "pair", SMS PREFERRED));
	request_free(&request);
}

static void test_side_by_side(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_id, "pair", "phone_number=+15550198");
	authenticator_enroll(request, pool_id, "pair", STR_NONE);
	interruption_set(turn_sms_on, *state);
	assert_ok(request, set(request, "pair", TOTP ON));
	struct user user = house_find_user(request, pool_id, "pair");
	assert_str_equal(user.mfa.factors, STR("SMS_MFA SOFTWARE_TOKEN_MFA"));
	assert_str_equal(user.mfa.preferred, STR("SMS_MFA"));
	request_free(&request);
}

/* --- Turning one on --- */

static RESULT turn_on(struct request *request, void *user)
{
	return mfa_preference_turn_on(request, user, &mfa_factor_software_token);
}

static void test_turn_on(void **state)
{
	static const struct {
		str factors, preferred;
		const char *new_factors, *new_preferred;
	} cases[] = {
		{ { NULL, 0 }, { NULL, 0 }, "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
		{ STR_INIT("SMS_MFA"), { NULL, 0 }, "SMS_MFA SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA" },
		{ STR_INIT("SMS_MFA WEB_AUTHN"), STR_INIT("SMS_MFA"), "SMS_MFA SOFTWARE_TOKEN_MFA WEB_AUTHN",
			"SMS_MFA" },
		{ STR_INIT("SOFTWARE_TOKEN_MFA"), STR_INIT("SOFTWARE_TOKEN_MFA"), "SOFTWARE_TOKEN_MFA",
			"SOFTWARE_TOKEN_MFA" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct user user = house_find_user(request, pool_id, "jane");
		user.mfa.factors = cases[i].factors;
		user.mfa.preferred = cases[i].preferred;
		assert_ok(request, store_write(request, turn_on, &user));
		assert_preference(request, pool_id, cases[i].new_factors, cases[i].new_preferred);
		request_free(&request);
	}
	house_execute(*state, "UPDATE pool_user SET mfa_factors = NULL, preferred_mfa = NULL");
}

/* --- Showing --- */

static const struct {
	const char *members; /* of the preference */
	const char *shown; /* what GetUser and AdminGetUser end with */
} shows[] = {
	{ TOTP ALL_OFF, NULL },
	{ TOTP PREFERRED, "\"PreferredMfaSetting\":\"SOFTWARE_TOKEN_MFA\","
			  "\"UserMFASettingList\":[\"SOFTWARE_TOKEN_MFA\"]}" },
	{ SMS ON, "\"MFAOptions\":[{\"DeliveryMedium\":\"SMS\",\"AttributeName\":\"phone_number\"}],"
		  "\"PreferredMfaSetting\":\"SOFTWARE_TOKEN_MFA\","
		  "\"UserMFASettingList\":[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]}" },
	{ SMS OFF "," TOTP DEMOTED, "\"UserMFASettingList\":[\"SOFTWARE_TOKEN_MFA\"]}" },
	{ TOTP OFF, NULL },
};

static void check_shown(str text, const char *wanted)
{
	if (wanted)
		assert_true(str_has_suffix(text, str_of(wanted)));
	else
		assert_true(str_find_char(text, 'M') < 0);
}

static void test_shown(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(shows); i++) {
		struct request *request = house_request(*state);
		struct admin_get_user_response by_admin = { .username = STR_NONE };
		struct get_user_response by_self = { .username = STR_NONE };
		struct caller caller;
		assert_ok(request, admin_set(request, pool_id, "jane", shows[i].members));
		assert_ok(request, user_admin_get(request, pool_id, STR("jane"), &by_admin));
		by_admin.user_last_modified_date = (struct optional_int){ .set = false };
		by_admin.user_status = 0;
		check_shown(
			house_render(request, &spec_type_admin_get_user_response, &by_admin), shows[i].shown);
		caller.user = house_find_user(request, pool_id, "jane");
		assert_ok(request, client_find_with_pool(request, client_id, &caller.client, &caller.pool));
		request->caller = &caller;
		assert_ok(request, user_self_get(request, &by_self));
		check_shown(house_render(request, &spec_type_get_user_response, &by_self), shows[i].shown);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_off_without_having_it),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_passkeys),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_turn_on),
		cmocka_unit_test(test_shown),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
