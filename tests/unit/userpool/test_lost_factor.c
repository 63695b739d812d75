/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/lost_factor.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/authenticator.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/challenge_session.h"
#include "userpool/client.h"
#include "userpool/software_token.h"

#define NOW INT64_C(1738659903123)

static str pool_id, client_id;

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static RESULT remove_factor(
	struct request *request, str in_pool, const char *name, enum second_factor_type factor, bool ends)
{
	const struct remove_user_second_factor_request input = {
		.user_pool_id = in_pool,
		.username = str_of(name),
		.factor = factor,
		.end_sessions = optional_bool(ends),
	};
	return lost_factor_remove(request, &input);
}

/* A user with a token in use, one that waits, and preferences. */
static str enrolled(struct house *house, const char *name, const char *factors, const char *preferred)
{
	struct request *request = house_request(house);
	str id = house_user(house, pool_id, name, "phone_number=+15550100,email=j@example.com");
	authenticator_enroll(request, pool_id, name, STR("phone"));
	house_execute(house, arena_printf(request->arena,
				     "INSERT INTO software_token SELECT user_id, 'waiting', sealed_secret, "
				     "NULL, 0 FROM software_token "
				     "WHERE user_id = '%.*s'; UPDATE pool_user SET mfa_factors = '%s', "
				     "preferred_mfa = '%s' "
				     "WHERE id = '%.*s'",
				     STR_ARG(id), factors, preferred, STR_ARG(id))
				     .data);
	request_free(&request);
	return id;
}

static int count_tokens(const struct house *house, str id)
{
	return house_count(
		house, arena_printf(house->arena, "software_token WHERE user_id = '%.*s'", STR_ARG(id)).data);
}

#define ALL ((enum second_factor_type)0)

#define ALL_OF_THEM "SMS_MFA SOFTWARE_TOKEN_MFA EMAIL_OTP WEB_AUTHN"

static const struct {
	const char *name;
	enum second_factor_type factor;
	const char *preferred;
	const char *factors_after, *preferred_after; /* NULL: none */
	bool has_token_after;
} removals[] = {
	{ "token", SECOND_FACTOR_TYPE_SOFTWARE_TOKEN_MFA, "SOFTWARE_TOKEN_MFA", "SMS_MFA EMAIL_OTP WEB_AUTHN",
		NULL, false },
	{ "token, other preferred", SECOND_FACTOR_TYPE_SOFTWARE_TOKEN_MFA, "SMS_MFA",
		"SMS_MFA EMAIL_OTP WEB_AUTHN", "SMS_MFA", false },
	{ "sms", SECOND_FACTOR_TYPE_SMS_MFA, "SMS_MFA", "SOFTWARE_TOKEN_MFA EMAIL_OTP WEB_AUTHN", NULL,
		true },
	{ "email", SECOND_FACTOR_TYPE_EMAIL_OTP, "SOFTWARE_TOKEN_MFA", "SMS_MFA SOFTWARE_TOKEN_MFA WEB_AUTHN",
		"SOFTWARE_TOKEN_MFA", true },
	{ "all", ALL, "EMAIL_OTP", "WEB_AUTHN", NULL, false },
};

static void test_what_goes_and_what_stays(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(removals); i++) {
		const char *name = removals[i].name;
		str id = enrolled(*state, name, ALL_OF_THEM, removals[i].preferred);
		struct request *request = house_request(*state);
		assert_ok(request, remove_factor(request, pool_id, name, removals[i].factor, false));
		struct user user = house_find_user(request, pool_id, name);
		assert_case(str_equal(user.mfa.factors, str_of(removals[i].factors_after)), name);
		assert_case(str_equal(user.mfa.preferred, str_of(removals[i].preferred_after)), name);
		assert_case(user.mfa.has_software_token == removals[i].has_token_after, name);
		assert_case(count_tokens(*state, id) == (removals[i].has_token_after ? 2 : 0), name);
		assert_case(user.tokens_valid_after == 0, name);
		assert_case(!str_is_empty(user_attribute(&user, STR("phone_number"))), name);
		request_free(&request);
	}
}

struct asking {
	str session;
	const struct client *client;
	struct user user;
};

static RESULT ask(struct request *request, void *context)
{
	const struct asking *asking = context;
	return challenge_session_insert(request, asking->session, asking->client, &asking->user,
		CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA, STR_NONE);
}

static void test_sign_ins_that_wait(void **state)
{
	enrolled(*state, "waiting", "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA");
	house_user(*state, pool_id, "bystander", "");
	struct request *request = house_request(*state);
	struct asking asking[] = { { .user = house_find_user(request, pool_id, "waiting") },
		{ .user = house_find_user(request, pool_id, "bystander") } };
	for (size_t i = 0; i < ARRAY_LEN(asking); i++) {
		asking[i].session = challenge_session_new(request);
		assert_ok(request, client_find(request, client_id, &asking[i].client));
		assert_ok(request, store_write(request, ask, &asking[i]));
	}
	assert_ok(request, remove_factor(request, pool_id, "waiting", ALL, false));
	assert_refused(request,
		challenge_session_check(request, asking[0].session, asking[0].client, &asking[0].user,
			CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA),
		ERROR_NOT_AUTHORIZED, "Invalid session for the user, session can only be used once.");
	assert_ok(request, challenge_session_check(request, asking[1].session, asking[1].client,
				   &asking[1].user, CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA));
	request_free(&request);
}

static void test_ending_sessions(void **state)
{
	enrolled(*state, "ending", "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA");
	struct request *request = house_request(*state);
	assert_ok(request, remove_factor(request, pool_id, "ending", ALL, true));
	assert_true(house_find_user(request, pool_id, "ending").tokens_valid_after > NOW);
	request_free(&request);
}

static void test_refusals(void **state)
{
	struct request *request = house_request(*state);
	assert_refused(request, remove_factor(request, pool_id, "nobody", ALL, false), ERROR_USER_NOT_FOUND,
		"User does not exist.");
	assert_refused(request, remove_factor(request, STR("us-east-1_nothing00"), "nobody", ALL, false),
		ERROR_RESOURCE_NOT_FOUND, "User pool us-east-1_nothing00 does not exist.");
	request_free(&request);
}

static void delete_user(const void *context)
{
	house_execute(context, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
}

/* What the token is added to between reading and writing goes as well. */
static void enrol_meanwhile(const void *context)
{
	struct request *request = house_request(context);
	authenticator_enroll(request, pool_id, "late", STR_NONE);
	request_free(&request);
}

static void test_races(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_id, "racer", "");
	interruption_set(delete_user, *state);
	assert_refused(request, remove_factor(request, pool_id, "racer", ALL, false), ERROR_USER_NOT_FOUND,
		"User does not exist.");
	str id = house_user(*state, pool_id, "late", "");
	interruption_set(enrol_meanwhile, *state);
	assert_ok(request, remove_factor(request, pool_id, "late", ALL, false));
	assert_int_equal(count_tokens(*state, id), 0);
	assert_false(house_find_user(request, pool_id, "late").mfa.has_software_token);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_goes_and_what_stays),
		cmocka_unit_test(test_sign_ins_that_wait),
		cmocka_unit_test(test_ending_sessions),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_races),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
