/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/mfa_factor.h"

#include "base/fatal.h"
#include "unit/userpool/authenticator.h"
#include "unit/userpool/house.h"

static str pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	return 0;
}

static const struct {
	const char *name;
	const struct mfa_factor *factor;
} names[] = {
	{ "SMS_MFA", &mfa_factor_sms },
	{ "SOFTWARE_TOKEN_MFA", &mfa_factor_software_token },
	{ "EMAIL_OTP", &mfa_factor_email },
};

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_LEN(names), MFA_FACTOR_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_ptr_equal(mfa_factors[i], names[i].factor);
		assert_str_equal(mfa_factor_name(names[i].factor), str_of(names[i].name));
		assert_ptr_equal(mfa_factor_by_name(str_of(names[i].name)), names[i].factor);
	}
	assert_null(mfa_factor_by_name(STR_NONE));
	assert_null(mfa_factor_by_name(STR("")));
	assert_null(mfa_factor_by_name(STR("WEB_AUTHN")));
	assert_null(mfa_factor_by_name(STR("sms_mfa")));
}

static const struct {
	str factors;
	bool sms, software_token;
} settings[] = {
	{ { NULL, 0 }, false, false },
	{ STR_INIT("SMS_MFA"), true, false },
	{ STR_INIT("SOFTWARE_TOKEN_MFA"), false, true },
	{ STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), true, true },
	{ STR_INIT("EMAIL_OTP WEB_AUTHN"), false, false },
	{ STR_INIT("SMS_MFA_2 X_SOFTWARE_TOKEN_MFA"), false, false },
};

static void test_turned_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		const struct user user = { .mfa.factors = settings[i].factors };
		assert_int_equal(mfa_factor_is_on(&mfa_factor_sms, &user), settings[i].sms);
		assert_int_equal(
			mfa_factor_is_on(&mfa_factor_software_token, &user), settings[i].software_token);
	}
}

static const struct {
	const char *attributes;
	bool has_token;
	bool sms, software_token, email;
} users[] = {
	{ "", false, false, false, false },
	{ "phone_number=+15550100", false, true, false, false },
	{ "email=a@example.com,email_verified=false", false, false, false, true },
	{ "", true, false, true, false },
	{ "phone_number=+15550100,email=a@example.com", true, true, true, true },
};

static bool has(struct request *request, const struct mfa_factor *factor, struct user *user)
{
	bool is_configured;
	assert_ok(request, factor->is_configured(factor, request, user, &is_configured));
	return is_configured;
}

static void test_configured(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		struct request *request = house_request(*state);
		const char *username = arena_printf(request->arena, "user-%zu", i).data;
		house_user(*state, pool_id, username, users[i].attributes);
		if (users[i].has_token)
			authenticator_enroll(request, pool_id, username, STR_NONE);
		struct user user = house_find_user(request, pool_id, username);
		user.attributes = (struct attribute_type_list){ .count = 0 };
		assert_int_equal(has(request, &mfa_factor_software_token, &user), users[i].software_token);
		/* The row is enough for that. */
		assert_null(user.attributes.items);
		assert_int_equal(has(request, &mfa_factor_sms, &user), users[i].sms);
		assert_int_equal(has(request, &mfa_factor_email, &user), users[i].email);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_turned_on),
		cmocka_unit_test(test_configured),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
