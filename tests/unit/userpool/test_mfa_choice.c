/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/mfa_choice.h"

#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"
#include "userpool/user.h"

#define SMS   "\"SmsMfaConfiguration\":{\"SmsConfiguration\":{\"SnsCallerArn\":\"arn:aws:iam::1:role/sms\"}}"
#define TOTP  "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":true}"
#define EMAIL "\"EmailMfaConfiguration\":{}"
#define ALL   SMS "," TOTP "," EMAIL

#define PHONE   "phone_number=+15550100"
#define ADDRESS "email=a@example.com"
#define BOTH    PHONE "," ADDRESS

static const struct {
	const char *mode, *offered; /* by the pool */
	const char *attributes; /* of the user */
	bool has_token;
	str turned_on, preferred;
	enum mfa_need need;
	const char *names;
} cases[] = {
	/* Off is off. */
	{ "OFF", NULL, BOTH, true, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), STR_INIT("SMS_MFA"), MFA_NONE,
		"[]" },
	/* Optional: what the user has turned on, and has. */
	{ "OPTIONAL", ALL, BOTH, true, { NULL, 0 }, { NULL, 0 }, MFA_NONE, "[]" },
	{ "OPTIONAL", ALL, BOTH, true, STR_INIT("WEB_AUTHN"), { NULL, 0 }, MFA_NONE, "[]" },
	{ "OPTIONAL", ALL, BOTH, true, STR_INIT("SOFTWARE_TOKEN_MFA"), { NULL, 0 }, MFA_CODE,
		"[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "OPTIONAL", ALL, BOTH, true, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), { NULL, 0 }, MFA_SELECTION,
		"[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]" },
	{ "OPTIONAL", ALL, BOTH, true, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), STR_INIT("SMS_MFA"), MFA_CODE,
		"[\"SMS_MFA\"]" },
	{ "OPTIONAL", ALL, BOTH, true, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA EMAIL_OTP"), { NULL, 0 },
		MFA_SELECTION, "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]" },
	/* A preference for what cannot be used is none. */
	{ "OPTIONAL", ALL, ADDRESS, true, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), STR_INIT("SMS_MFA"),
		MFA_CODE, "[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "OPTIONAL", ALL, "", false, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), { NULL, 0 }, MFA_NONE, "[]" },
	/* What the pool offers no more cannot be sent; a token stays one. */
	{ "OPTIONAL", TOTP, BOTH, true, STR_INIT("SMS_MFA EMAIL_OTP"), { NULL, 0 }, MFA_NONE, "[]" },
	{ "OPTIONAL", SMS, BOTH, true, STR_INIT("SOFTWARE_TOKEN_MFA"), { NULL, 0 }, MFA_CODE,
		"[\"SOFTWARE_TOKEN_MFA\"]" },
	/* Required: what the user has counts, turned on or not. */
	{ "ON", TOTP, BOTH, true, { NULL, 0 }, { NULL, 0 }, MFA_CODE, "[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "ON", ALL, BOTH, true, { NULL, 0 }, { NULL, 0 }, MFA_SELECTION,
		"[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\",\"EMAIL_OTP\"]" },
	{ "ON", ALL, PHONE, false, { NULL, 0 }, { NULL, 0 }, MFA_CODE, "[\"SMS_MFA\"]" },
	{ "ON", ALL, ADDRESS, false, { NULL, 0 }, { NULL, 0 }, MFA_CODE, "[\"EMAIL_OTP\"]" },
	/* But what is turned on comes first. */
	{ "ON", ALL, BOTH, true, STR_INIT("SOFTWARE_TOKEN_MFA"), { NULL, 0 }, MFA_CODE,
		"[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "ON", ALL, BOTH, true, STR_INIT("SMS_MFA EMAIL_OTP"), STR_INIT("EMAIL_OTP"), MFA_CODE,
		"[\"EMAIL_OTP\"]" },
	{ "ON", SMS, PHONE, true, STR_INIT("SOFTWARE_TOKEN_MFA"), { NULL, 0 }, MFA_CODE,
		"[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "ON", SMS, PHONE, true, { NULL, 0 }, { NULL, 0 }, MFA_CODE, "[\"SMS_MFA\"]" },
	{ "ON", ALL, "", true, STR_INIT("SMS_MFA"), STR_INIT("SMS_MFA"), MFA_CODE,
		"[\"SOFTWARE_TOKEN_MFA\"]" },
	/* Who has none sets one up, where there is one to set up. */
	{ "ON", TOTP, BOTH, false, { NULL, 0 }, { NULL, 0 }, MFA_SET_UP, "[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "ON", ALL, "", false, { NULL, 0 }, { NULL, 0 }, MFA_SET_UP, "[\"SOFTWARE_TOKEN_MFA\"]" },
	{ "ON", SMS, ADDRESS, false, { NULL, 0 }, { NULL, 0 }, MFA_SET_UP, "[]" },
	{ "ON", SMS, "", true, { NULL, 0 }, { NULL, 0 }, MFA_SET_UP, "[]" },
};

static str pool_of(const struct house *house, struct request *request, const char *mode, const char *offered)
{
	str pool_id = house_pool(house, "{\"PoolName\":\"p\"}");
	if (offered) {
		str members = arena_printf(request->arena, "\"MfaConfiguration\":\"%s\",%s", mode, offered);
		house_set_mfa(house, pool_id, members.data);
	}
	return pool_id;
}

static void test_choices(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str pool_id = pool_of(*state, request, cases[i].mode, cases[i].offered);
		const struct user_pool *pool;
		struct mfa_choice choice;
		house_user(*state, pool_id, "jane", cases[i].attributes);
		struct user user = house_find_user(request, pool_id, "jane");
		user.attributes = (struct attribute_type_list){ .count = 0 };
		user.mfa = (struct user_mfa){ cases[i].turned_on, cases[i].preferred, cases[i].has_token };
		assert_ok(request, pool_find(request, pool_id, &pool));
		assert_ok(request, mfa_choose(request, pool, &user, &choice));
		str names = mfa_choice_names(request, &choice);
		if (choice.need != cases[i].need || !str_equal(names, str_of(cases[i].names)))
			fail_msg("case %zu: need %d of %.*s", i, (int)choice.need, STR_ARG(names));
		request_free(&request);
	}
}

/* A sign-in that the user's row decides reads nothing more. */
static const struct {
	const char *mode, *offered;
	bool has_token;
	str turned_on;
	bool reads;
} readings[] = {
	{ "OFF", NULL, false, { NULL, 0 }, false },
	{ "OFF", NULL, true, STR_INIT("SMS_MFA"), false },
	{ "OPTIONAL", ALL, true, { NULL, 0 }, false },
	{ "OPTIONAL", ALL, true, STR_INIT("SOFTWARE_TOKEN_MFA"), false },
	{ "ON", TOTP, false, { NULL, 0 }, false },
	{ "ON", TOTP, true, { NULL, 0 }, false },
	{ "ON", ALL, true, STR_INIT("SOFTWARE_TOKEN_MFA"), false },
	{ "OPTIONAL", ALL, true, STR_INIT("SMS_MFA"), true },
	{ "ON", ALL, true, { NULL, 0 }, true },
};

static void test_readings(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
		struct request *request = house_request(*state);
		str pool_id = pool_of(*state, request, readings[i].mode, readings[i].offered);
		const struct user_pool *pool;
		struct mfa_choice choice;
		house_user(*state, pool_id, "jane", BOTH);
		struct user user = house_find_user(request, pool_id, "jane");
		user.attributes = (struct attribute_type_list){ .count = 0 };
		user.mfa = (struct user_mfa){ readings[i].turned_on, STR_NONE, readings[i].has_token };
		assert_ok(request, pool_find(request, pool_id, &pool));
		assert_ok(request, mfa_choose(request, pool, &user, &choice));
		assert_int_equal(user.attributes.items != NULL, readings[i].reads);
		request_free(&request);
	}
}

static void test_has(void **state)
{
	(void)state;
	const struct mfa_choice choice = { MFA_CODE, { &mfa_factor_sms }, 1 };
	assert_true(mfa_choice_has(&choice, &mfa_factor_sms));
	assert_false(mfa_choice_has(&choice, &mfa_factor_software_token));
	assert_false(mfa_choice_has(&(struct mfa_choice){ .count = 0 }, &mfa_factor_sms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_has),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
