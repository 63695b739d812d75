/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/software_token.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/authenticator.h"
#include "unit/userpool/house.h"

#define NOW     INT64_C(1738659903123)
#define MISSING "Software Token MFA does not exist for the user."

enum { STEP_MS = 30 * SECOND };

static str pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Inside of transactions --- */

struct act {
	struct user user;
	str text, code, device_name;
	bool is_right;
	enum totp_verdict verdict;
};

static RESULT offer(struct request *request, void *context)
{
	struct act *act = context;
	return software_token_offer(request, &act->user, &act->text);
}

static RESULT verify(struct request *request, void *context)
{
	struct act *act = context;
	return software_token_verify(request, &act->user, act->code, act->device_name, &act->is_right);
}

static RESULT check(struct request *request, void *context)
{
	struct act *act = context;
	return software_token_check(request, &act->user, act->code, &act->verdict);
}

static struct act begin(struct request *request, const char *username)
{
	struct act act = { .user = house_find_user(request, pool_id, username) };
	assert_ok(request, store_write(request, offer, &act));
	return act;
}

static bool is_verified(struct request *request, struct act *act, str code)
{
	act->code = code;
	assert_ok(request, store_write(request, verify, act));
	return act->is_right;
}

static enum totp_verdict judge(struct request *request, struct act *act, str code)
{
	act->code = code;
	assert_ok(request, store_write(request, check, act));
	return act->verdict;
}

/* --- Setting up --- */

static void test_offer(void **state)
{
	house_user(*state, pool_id, "jane", "");
	struct request *request = house_request(*state);
	struct act act = begin(request, "jane");
	str first = act.text;
	assert_int_equal(first.len, TOTP_SECRET_TEXT_LEN);
	assert_ok(request, store_write(request, offer, &act));
	assert_false(str_equal(act.text, first));
	assert_int_equal(house_count(*state, "software_token"), 1);
	/* One that waits is no token yet. */
	assert_false(house_find_user(request, pool_id, "jane").mfa.has_software_token);
	act.code = authenticator_code(request, act.text, 0);
	assert_refused(
		request, store_write(request, check, &act), ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, MISSING);
	/* Only the last one that was given counts. */
	assert_false(is_verified(request, &act, authenticator_code(request, first, 0)));
	assert_true(is_verified(request, &act, authenticator_code(request, act.text, 0)));
	assert_true(act.user.mfa.has_software_token);
	assert_true(house_find_user(request, pool_id, "jane").mfa.has_software_token);
	request_free(&request);
}

static void test_wrong_codes(void **state)
{
	house_user(*state, pool_id, "john", "");
	struct request *request = house_request(*state);
	struct act act = begin(request, "john");
	const str wrong[] = { authenticator_wrong_code(request, act.text),
		authenticator_code(request, act.text, -2), authenticator_code(request, act.text, 2) };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(is_verified(request, &act, wrong[i]));
	assert_false(house_find_user(request, pool_id, "john").mfa.has_software_token);
	assert_true(is_verified(request, &act, authenticator_code(request, act.text, 1)));
	request_free(&request);
}

static void test_nothing_waits(void **state)
{
	house_user(*state, pool_id, "nina", "");
	struct request *request = house_request(*state);
	struct act act = { .user = house_find_user(request, pool_id, "nina"), .code = STR("123456") };
	str name;
	assert_refused(
		request, store_write(request, verify, &act), ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, MISSING);
	assert_refused(
		request, store_write(request, check, &act), ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, MISSING);
	assert_refused(request, software_token_device_name(request, &act.user, &name),
		ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, MISSING);
	/* Nor does what was verified already. */
	act = begin(request, "nina");
	assert_true(is_verified(request, &act, authenticator_code(request, act.text, 0)));
	act.code = authenticator_code(request, act.text, 1);
	assert_refused(
		request, store_write(request, verify, &act), ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, MISSING);
	request_free(&request);
}

/* The token in use stays so until another one is verified. */
static void test_replacing(void **state)
{
	house_user(*state, pool_id, "rita", "");
	struct request *request = house_request(*state);
	str old = authenticator_enroll(request, pool_id, "rita", STR("old phone"));
	struct act act = begin(request, "rita");
	str name;
	assert_int_equal(judge(request, &act, authenticator_code(request, act.text, 0)), TOTP_WRONG);
	assert_int_equal(judge(request, &act, authenticator_code(request, old, 0)), TOTP_RIGHT);
	/* Nor can its codes be tried out on the way of setting up. */
	assert_false(is_verified(request, &act, authenticator_code(request, old, 1)));
	act.device_name = STR("new phone");
	assert_true(is_verified(request, &act, authenticator_code(request, act.text, 0)));
	assert_int_equal(judge(request, &act, authenticator_code(request, old, 1)), TOTP_WRONG);
	assert_int_equal(judge(request, &act, authenticator_code(request, act.text, 1)), TOTP_RIGHT);
	assert_ok(request, software_token_device_name(request, &act.user, &name));
	assert_str_equal(name, STR("new phone"));
	assert_int_equal(house_count(*state, "software_token WHERE state = 'waiting'"), 0);
	request_free(&request);
}

static void test_device_names(void **state)
{
	static const str names[] = { STR_INIT("Jane's phone"), STR_INIT("\xf0\x9f\x93\xb1"), STR_INIT(""),
		{ NULL, 0 } };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		const char *username = arena_printf(request->arena, "device-%zu", i).data;
		str name;
		house_user(*state, pool_id, username, "");
		authenticator_enroll(request, pool_id, username, names[i]);
		struct user user = house_find_user(request, pool_id, username);
		assert_ok(request, software_token_device_name(request, &user, &name));
		assert_str_equal(name, names[i]);
		assert_int_equal(str_is_set(name), str_is_set(names[i]));
		request_free(&request);
	}
}

/* --- Codes --- */

static void test_codes_count_once(void **state)
{
	house_user(*state, pool_id, "olga", "");
	struct request *request = house_request(*state);
	struct act act = { .user = house_find_user(request, pool_id, "olga") };
	/* The step before was used to verify. */
	str text = authenticator_enroll(request, pool_id, "olga", STR_NONE);
	assert_int_equal(judge(request, &act, authenticator_code(request, text, -1)), TOTP_USED);
	assert_int_equal(judge(request, &act, authenticator_wrong_code(request, text)), TOTP_WRONG);
	assert_int_equal(judge(request, &act, authenticator_code(request, text, 1)), TOTP_RIGHT);
	/* And with it those before. */
	for (int64_t step = -1; step <= 1; step++)
		assert_int_equal(judge(request, &act, authenticator_code(request, text, step)), TOTP_USED);
	request->now += STEP_MS;
	assert_int_equal(judge(request, &act, authenticator_code(request, text, 0)), TOTP_USED);
	assert_int_equal(judge(request, &act, authenticator_code(request, text, 1)), TOTP_RIGHT);
	request->now += INT64_C(100) * STEP_MS;
	assert_int_equal(judge(request, &act, authenticator_code(request, text, -1)), TOTP_RIGHT);
	assert_int_equal(judge(request, &act, authenticator_code(request, text, 0)), TOTP_RIGHT);
	request_free(&request);
}

static void test_users_are_apart(void **state)
{
	house_user(*state, pool_id, "one", "");
	house_user(*state, pool_id, "other", "");
	struct request *request = house_request(*state);
	str ones = authenticator_enroll(request, pool_id, "one", STR_NONE);
	authenticator_enroll(request, pool_id, "other", STR_NONE);
	struct act act = { .user = house_find_user(request, pool_id, "other") };
	assert_int_equal(judge(request, &act, authenticator_code(request, ones, 0)), TOTP_WRONG);
	request_free(&request);
}

/* --- At rest --- */

/* A secret is sealed, and for its user alone. */
static void test_secret_of_another(void **state)
{
	str thief = house_user(*state, pool_id, "thief", "");
	str victim = house_user(*state, pool_id, "victim", "");
	struct request *request = house_request(*state);
	authenticator_enroll(request, pool_id, "thief", STR_NONE);
	authenticator_enroll(request, pool_id, "victim", STR_NONE);
	struct act act = { .user = house_find_user(request, pool_id, "victim"), .code = STR("123456") };
	str sql = arena_printf(request->arena,
		"UPDATE software_token SET sealed_secret = (SELECT sealed_secret FROM software_token "
		"WHERE user_id = '%.*s') WHERE user_id = '%.*s'",
		STR_ARG(thief), STR_ARG(victim));
	house_execute(*state, sql.data);
	assert_refused(request, store_write(request, check, &act), ERROR_INTERNAL,
		"The user's software token cannot be read.");
	request_free(&request);
}

static void test_user_that_is_gone(void **state)
{
	house_user(*state, pool_id, "gone", "");
	struct request *request = house_request(*state);
	struct act act = begin(request, "gone");
	int before = house_count(*state, "software_token");
	house_execute(*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'gone'");
	assert_int_equal(house_count(*state, "software_token"), before - 1);
	assert_refused(
		request, store_write(request, offer, &act), ERROR_USER_NOT_FOUND, "User does not exist.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offer),
		cmocka_unit_test(test_wrong_codes),
		cmocka_unit_test(test_nothing_waits),
		cmocka_unit_test(test_replacing),
		cmocka_unit_test(test_device_names),
		cmocka_unit_test(test_codes_count_once),
		cmocka_unit_test(test_users_are_apart),
		cmocka_unit_test(test_secret_of_another),
		cmocka_unit_test(test_user_that_is_gone),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
