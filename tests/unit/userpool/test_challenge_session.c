/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/challenge_session.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/client.h"

enum { NOW = 1000000000 };

#define NEW_PASSWORD CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED
#define NONE         "Invalid session for the user."
#define EXPIRED      "Invalid session for the user, session is expired."
#define USED         "Invalid session for the user, session can only be used once."

static str pool_id, client_id, other_client_id, long_client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	other_client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	long_client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\",\"AuthSessionValidity\":15}");
	house_user(*state, pool_id, "jane", "");
	house_user(*state, pool_id, "john", "");
	return 0;
}

/* A session on its way through a transaction. */
struct visit {
	str session;
	const struct client *client;
	struct user user;
};

static RESULT insert(struct request *request, void *context)
{
	const struct visit *visit = context;
	return challenge_session_insert(
		request, visit->session, visit->client, &visit->user, NEW_PASSWORD, STR_NONE);
}

static RESULT use(struct request *request, void *context)
{
	const struct visit *visit = context;
	return challenge_session_use(request, visit->session);
}

static RESULT end(struct request *request, void *context)
{
	const struct visit *visit = context;
	return challenge_session_end(request, &visit->user);
}

static struct visit begin(struct request *request, str with_client)
{
	struct visit visit = {
		.session = challenge_session_new(request),
		.user = house_find_user(request, pool_id, "jane"),
	};
	assert_ok(request, client_find(request, with_client, &visit.client));
	assert_ok(request, store_write(request, insert, &visit));
	return visit;
}

static RESULT check(struct request *request, const struct visit *visit)
{
	return challenge_session_check(request, visit->session, visit->client, &visit->user, NEW_PASSWORD);
}

static void test_form(void **state)
{
	struct request *request = house_request(*state);
	str one = challenge_session_new(request), other = challenge_session_new(request);
	assert_in_range(one.len, 20, 2048);
	assert_false(str_equal(one, other));
	request_free(&request);
}

static void test_once(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id);
	/* Looking does not use it. */
	assert_ok(request, check(request, &visit));
	assert_ok(request, check(request, &visit));
	assert_ok(request, store_write(request, use, &visit));
	assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, USED);
	assert_refused(request, store_write(request, use, &visit), ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

static void test_unknown(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id);
	const str sessions[] = { STR("x"), STR(""), STR_NONE, challenge_session_new(request),
		str_slice(visit.session, 0, visit.session.len - 1),
		arena_printf(request->arena, "%.*s=", STR_ARG(visit.session)) };
	for (size_t i = 0; i < ARRAY_LEN(sessions); i++) {
		visit.session = sessions[i];
		assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, NONE);
		assert_refused(request, store_write(request, use, &visit), ERROR_NOT_AUTHORIZED, USED);
	}
	request_free(&request);
}

static void test_another_user(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id);
	visit.user = house_find_user(request, pool_id, "john");
	assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, NONE);
	request_free(&request);
}

static void test_another_client(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id);
	assert_ok(request, client_find(request, other_client_id, &visit.client));
	assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, NONE);
	request_free(&request);
}

static void test_another_challenge(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id);
	assert_refused(request,
		challenge_session_check(
			request, visit.session, visit.client, &visit.user, CHALLENGE_NAME_TYPE_SMS_MFA),
		ERROR_NOT_AUTHORIZED, NONE);
	request_free(&request);
}

/* Whose it is not, does not learn whether it was used or is over. */
static void test_others_learn_nothing(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct visit visit = begin(request, client_id);
	assert_ok(request, store_write(request, use, &visit));
	request->now = NOW + HOUR;
	visit.user = house_find_user(request, pool_id, "john");
	assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, NONE);
	request_free(&request);
}

static void test_expiry(void **state)
{
	const struct {
		str client_id;
		int64_t validity;
	} cases[] = { { client_id, 3 * MINUTE }, { long_client_id, 15 * MINUTE } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request_at(*state, NOW);
		struct visit visit = begin(request, cases[i].client_id);
		request->now = NOW + cases[i].validity - 1;
		assert_ok(request, check(request, &visit));
		request->now = NOW + cases[i].validity;
		assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, EXPIRED);
		request_free(&request);
	}
}

static void test_used_and_expired(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct visit visit = begin(request, client_id);
	assert_ok(request, store_write(request, use, &visit));
	request->now = NOW + HOUR;
	assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

/* --- Calls that know the session alone --- */

#define MFA_SETUP CHALLENGE_NAME_TYPE_MFA_SETUP

static void test_find(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct challenge_session found = { .stage = CHALLENGE_VERIFIED };
	struct visit visit = begin(request, client_id);
	assert_ok(request, challenge_session_find(request, visit.session, NEW_PASSWORD, &found));
	assert_str_equal(found.user_id, visit.user.id);
	assert_str_equal(found.client_id, client_id);
	assert_int_equal(found.stage, CHALLENGE_ASKED);
	assert_refused(request, challenge_session_find(request, visit.session, MFA_SETUP, &found),
		ERROR_NOT_AUTHORIZED, NONE);
	assert_refused(request, challenge_session_find(request, STR("x"), NEW_PASSWORD, &found),
		ERROR_NOT_AUTHORIZED, NONE);
	request->now = NOW + 3 * MINUTE;
	assert_refused(request, challenge_session_find(request, visit.session, NEW_PASSWORD, &found),
		ERROR_NOT_AUTHORIZED, EXPIRED);
	assert_ok(request, store_write(request, use, &visit));
	assert_refused(request, challenge_session_find(request, visit.session, NEW_PASSWORD, &found),
		ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

struct stride {
	struct visit visit;
	str next;
	enum challenge_stage stage;
};

static RESULT advance(struct request *request, void *context)
{
	const struct stride *stride = context;
	return challenge_session_advance(request, stride->visit.session, stride->next, stride->visit.client,
		&stride->visit.user, NEW_PASSWORD, stride->stage);
}

static void test_advance(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct stride stride = { .visit = begin(request, client_id) };
	for (int stage = CHALLENGE_ASKED; stage < CHALLENGE_STAGE_COUNT; stage++) {
		struct challenge_session found;
		stride.next = challenge_session_new(request);
		stride.stage = (enum challenge_stage)stage;
		assert_ok(request, store_write(request, advance, &stride));
		assert_refused(request, store_write(request, advance, &stride), ERROR_NOT_AUTHORIZED, USED);
		assert_refused(request, check(request, &stride.visit), ERROR_NOT_AUTHORIZED, USED);
		assert_ok(request, challenge_session_find(request, stride.next, NEW_PASSWORD, &found));
		assert_str_equal(found.user_id, stride.visit.user.id);
		assert_str_equal(found.client_id, client_id);
		assert_int_equal(found.stage, stage);
		stride.visit.session = stride.next;
		/* Each has a whole life. */
		request->now += 2 * MINUTE;
	}
	assert_ok(request, check(request, &stride.visit));
	request_free(&request);
}

/* What another version may have written is not taken for more than it is. */
static void test_unknown_stage(void **state)
{
	struct request *request = house_request(*state);
	struct stride stride = { .visit = begin(request, client_id),
		.next = challenge_session_new(request),
		.stage = CHALLENGE_VERIFIED };
	struct challenge_session found;
	assert_ok(request, store_write(request, advance, &stride));
	house_execute(*state, "UPDATE challenge_session SET stage = 'another'");
	assert_ok(request, challenge_session_find(request, stride.next, NEW_PASSWORD, &found));
	assert_int_equal(found.stage, CHALLENGE_ASKED);
	request_free(&request);
}

/* --- Wrong answers --- */

static RESULT be_wrong(struct request *request, void *context)
{
	const struct visit *visit = context;
	return challenge_session_fail(request, visit->session);
}

static void test_fail(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id), other = begin(request, client_id);
	for (int i = 0; i < 5; i++) {
		assert_ok(request, check(request, &visit));
		assert_ok(request, store_write(request, be_wrong, &visit));
	}
	assert_refused(request, check(request, &visit), ERROR_NOT_AUTHORIZED, USED);
	assert_refused(request, store_write(request, be_wrong, &visit), ERROR_NOT_AUTHORIZED, USED);
	assert_ok(request, check(request, &other));
	request_free(&request);
}

static void test_right_after_wrong(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = begin(request, client_id);
	for (int i = 0; i < 4; i++)
		assert_ok(request, store_write(request, be_wrong, &visit));
	assert_ok(request, store_write(request, use, &visit));
	assert_refused(request, store_write(request, be_wrong, &visit), ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

static void test_end(void **state)
{
	struct request *request = house_request(*state);
	struct visit one = begin(request, client_id), other = begin(request, other_client_id), johns = one;
	johns.session = challenge_session_new(request);
	johns.user = house_find_user(request, pool_id, "john");
	assert_ok(request, store_write(request, insert, &johns));
	assert_ok(request, store_write(request, end, &one));
	assert_refused(request, check(request, &one), ERROR_NOT_AUTHORIZED, USED);
	assert_refused(request, check(request, &other), ERROR_NOT_AUTHORIZED, USED);
	assert_ok(request, check(request, &johns));
	/* Later ones are good. */
	struct visit later = begin(request, client_id);
	assert_ok(request, check(request, &later));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_another_user),
		cmocka_unit_test(test_another_client),
		cmocka_unit_test(test_another_challenge),
		cmocka_unit_test(test_others_learn_nothing),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_used_and_expired),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_advance),
		cmocka_unit_test(test_unknown_stage),
		cmocka_unit_test(test_fail),
		cmocka_unit_test(test_right_after_wrong),
		cmocka_unit_test(test_end),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
