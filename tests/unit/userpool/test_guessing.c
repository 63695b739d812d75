/* SPDX-License-Identifier: Apache-2.0 */
/* How far guessing gets: attackers of several kinds against the flows themselves, in hours that the test makes pass.
   What gets through per hour is printed, and bounded. */
#include <stdio.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "unit/userpool/mailbox.h"
#include "userpool/auth.h"
#include "userpool/recovery.h"
#include "userpool/sign_up.h"

#define NOW INT64_C(1738659903123)

enum { GUESSES = 10000, ACCOUNTS = 100 };

static str pool_id, client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"email\"]}");
	client_id = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"ExplicitAuthFlows\":[\"ALLOW_USER_PASSWORD_AUTH\"]}");
	return 0;
}

/* --- Passwords --- */

/* What became of a guess. */
enum answer { ANSWER_WRONG, ANSWER_RIGHT, ANSWER_BLOCKED };

static enum answer try_password(const struct house *house, int64_t now, const char *name, const char *password)
{
	struct request *request = house_request_at(house, now);
	struct initiate_auth_response output = { .session = STR_NONE };
	str parameters = arena_printf(request->arena, "USERNAME=%s,PASSWORD=%s", name, password);
	const struct initiate_auth_request input = {
		.client_id = client_id,
		.auth_flow = AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
		.auth_parameters = house_map(request, parameters.data),
	};
	enum answer answer = ANSWER_RIGHT;
	if (!result_is_ok(auth_initiate(request, &input, &output)))
		answer = str_equal(request->message, STR("Password attempts exceeded")) ? ANSWER_BLOCKED : ANSWER_WRONG;
	request_free(&request);
	return answer;
}

/* Guesses at one account, one each `interval`; how many were held against the password. */
static int guess_steadily(const struct house *house, const char *name, int64_t interval)
{
	int held = 0;
	for (int i = 0; i < GUESSES; i++)
		held += try_password(house, NOW + i * interval, name, "Wr0ng-0ne!") == ANSWER_WRONG;
	return held;
}

static double per_hour(int count, int64_t duration)
{
	return (double)count * HOUR / (double)duration;
}

static void test_steady_guesses(void **state)
{
	static const struct {
		const char *name;
		int64_t interval;
	} paces[] = { { "u1", 10 }, { "u2", SECOND }, { "u3", 10 * SECOND } };
	for (size_t i = 0; i < ARRAY_LEN(paces); i++) {
		house_user(*state, pool_id, paces[i].name, "");
		int held = guess_steadily(*state, paces[i].name, paces[i].interval);
		int64_t duration = GUESSES * paces[i].interval;
		print_message("%d wrong passwords, one each %lld ms: %d got through, %.1f per hour\n",
			GUESSES, (long long)paces[i].interval, held, per_hour(held, duration > HOUR ? duration : HOUR));
		/* Fifteen until the longest block is reached, then four an hour. */
		assert_true(held <= 15 + (int)(4 * duration / HOUR) + 4);
	}
}

static int64_t block_after(int failures)
{
	return failures < 5 ? 0 : (int64_t)SECOND << (failures - 5);
}

/* The best that a patient attacker can do: so many guesses as soon as blocks allow, then quiet until all is
   forgotten. */
static int guess_patiently(const struct house *house, const char *name, int burst, int64_t duration)
{
	int held = 0;
	int64_t now = NOW;
	while (now < NOW + duration) {
		for (int done = 1; done <= burst; done++) {
			held += try_password(house, now, name, "Wr0ng-0ne!") == ANSWER_WRONG;
			now += block_after(done);
		}
		now += 15 * MINUTE;
	}
	return held;
}

static void test_patient_guesses(void **state)
{
	for (int burst = 5; burst <= 14; burst++) {
		char name[32];
		snprintf(name, sizeof name, "patient-%d", burst);
		house_user(*state, pool_id, name, "");
		int held = guess_patiently(*state, name, burst, 4 * HOUR);
		/* Each of them was held against the password. */
		assert_int_equal(held % burst, 0);
		double rate = per_hour(held, 4 * HOUR);
		print_message("%d guesses, then quiet, and again: %.1f per hour\n", burst, rate);
		assert_true(rate < 50);
	}
}

/* Blocks are of accounts: what bounds guesses over many is what a hash costs. Each account stays bounded. */
static void test_spread_guesses(void **state)
{
	int held = 0;
	for (int i = 0; i < ACCOUNTS; i++) {
		char name[32];
		snprintf(name, sizeof name, "spread-%d", i);
		house_user(*state, pool_id, name, "");
	}
	for (int i = 0; i < GUESSES; i++) {
		char name[32];
		snprintf(name, sizeof name, "spread-%d", i % ACCOUNTS);
		held += try_password(*state, NOW + i * INT64_C(100), name, "Wr0ng-0ne!") == ANSWER_WRONG;
	}
	print_message("%d wrong passwords over %d accounts in %d s: %d got through, %.1f for each account\n", GUESSES,
		ACCOUNTS, GUESSES / 10, held, (double)held / ACCOUNTS);
	assert_true(held <= ACCOUNTS * 16);
}

static void test_right_password_within_and_after_the_delay(void **state)
{
	int64_t now = NOW, block = SECOND;
	house_user(*state, pool_id, "owner", "");
	for (int i = 0; i < 5; i++)
		assert_int_equal(try_password(*state, now, "owner", "Wr0ng-0ne!"), ANSWER_WRONG);
	for (; block < 15 * MINUTE; block *= 2) {
		assert_int_equal(try_password(*state, now, "owner", HOUSE_PASSWORD), ANSWER_BLOCKED);
		assert_int_equal(try_password(*state, now + block - 1, "owner", HOUSE_PASSWORD), ANSWER_BLOCKED);
		now += block;
		assert_int_equal(try_password(*state, now, "owner", "Wr0ng-0ne!"), ANSWER_WRONG);
	}
	assert_int_equal(try_password(*state, now + 15 * MINUTE - 1, "owner", HOUSE_PASSWORD), ANSWER_BLOCKED);
	assert_int_equal(try_password(*state, now + 15 * MINUTE, "owner", HOUSE_PASSWORD), ANSWER_RIGHT);
}

/* --- Codes --- */

static enum error_code try_sign_up_code(const struct house *house, int64_t now, const char *name, const char *code)
{
	struct request *request = house_request_at(house, now);
	const struct confirm_sign_up_request input = {
		.client_id = client_id, .username = str_of(name), .confirmation_code = str_of(code)
	};
	result outcome = sign_up_confirm(request, &input);
	enum error_code error = result_is_ok(outcome) ? ERROR_NONE : request->error;
	request_free(&request);
	return error;
}

static enum error_code try_recovery_code(const struct house *house, int64_t now, const char *name, const char *code)
{
	struct request *request = house_request_at(house, now);
	const struct confirm_forgot_password_request input = {
		.client_id = client_id,
		.username = str_of(name),
		.confirmation_code = str_of(code),
		.password = STR("Br4nd-new!"),
	};
	result outcome = recovery_finish(request, &input);
	enum error_code error = result_is_ok(outcome) ? ERROR_NONE : request->error;
	request_free(&request);
	return error;
}

static void sign_up_at(const struct house *house, int64_t now, const char *name)
{
	struct request *request = house_request_at(house, now);
	const struct sign_up_request input = {
		.client_id = client_id,
		.username = str_of(name),
		.password = STR(HOUSE_PASSWORD),
		.user_attributes = house_attributes(request, "email=a@example.com"),
	};
	struct sign_up_response output = { .user_sub = STR_NONE };
	assert_ok(request, sign_up(request, &input, &output));
	request_free(&request);
}

static void begin_recovery(const struct house *house, int64_t now, const char *name)
{
	struct request *request = house_request_at(house, now);
	const struct forgot_password_request input = { .client_id = client_id, .username = str_of(name) };
	struct code_delivery_details_type *details;
	assert_ok(request, recovery_begin(request, &input, &details));
	request_free(&request);
}

/* One guess a second; those that were held against the code. */
static int guess_codes(const struct house *house, const char *name,
	enum error_code (*guess)(const struct house *, int64_t, const char *, const char *))
{
	int held = 0;
	for (int i = 0; i < GUESSES; i++) {
		char code[16];
		snprintf(code, sizeof code, "%06d", i);
		enum error_code error = guess(house, NOW + i * INT64_C(1000), name, code);
		held += error != ERROR_LIMIT_EXCEEDED;
		assert_int_not_equal(error, ERROR_NONE);
	}
	return held;
}

static void test_codes(void **state)
{
	sign_up_at(*state, NOW, "waiting");
	/* The right one is not among the guesses. */
	while (str_compare(mailbox_code(), STR("009999")) <= 0)
		sign_up_at(*state, NOW, arena_printf(((struct house *)*state)->arena, "w%zu", mailbox_count()).data);
	int held = guess_codes(*state, "waiting", try_sign_up_code);
	print_message("%d codes of a sign-up, one a second: %d got through, %.1f per hour\n", GUESSES, held,
		per_hour(held, GUESSES * INT64_C(1000)));
	assert_true(held <= 15 * 3);
}

static void test_recovery_codes(void **state)
{
	house_user(*state, pool_id, "forgetful", "email=f@example.com,email_verified=true");
	do
		begin_recovery(*state, NOW, "forgetful");
	while (str_compare(mailbox_code(), STR("009999")) <= 0);
	int held = guess_codes(*state, "forgetful", try_recovery_code);
	print_message("%d codes of a forgotten password, one a second: %d got through, %.1f per hour\n", GUESSES, held,
		per_hour(held, GUESSES * INT64_C(1000)));
	assert_true(held <= 15 * 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steady_guesses),
		cmocka_unit_test(test_patient_guesses),
		cmocka_unit_test(test_spread_guesses),
		cmocka_unit_test(test_right_password_within_and_after_the_delay),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_recovery_codes),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
