/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/sign_in.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/client.h"
#include "userpool/pool.h"

#define NOW     INT64_C(1738659903123)
#define INVALID "Invalid Refresh Token"
#define REVOKED "Refresh Token has been revoked"
#define EXPIRED "Refresh Token has expired"
#define REUSED  "Refresh token has been used before"

enum { GRACE = 10 * SECOND };

static str pool_id, other_pool_id;
static str plain_id, other_id, rotating_id, lenient_id, foreign_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	plain_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	other_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	rotating_id = house_client(
		*state, pool_id, "{\"ClientName\":\"c\",\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\"}}");
	lenient_id = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\","
		"\"RetryGracePeriodSeconds\":10}}");
	foreign_id = house_client(*state, other_pool_id, "{\"ClientName\":\"c\"}");
	house_user(*state, pool_id, "jane", "");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static const struct client *find_client(struct request *request, str id)
{
	const struct client *client;
	assert_ok(request, client_find(request, id, &client));
	return client;
}

/* --- Helpers --- */

struct beginning {
	struct user user;
	struct sign_in sign_in;
	str refresh_token;
};

static RESULT insert(struct request *request, void *context)
{
	struct beginning *beginning = context;
	return sign_in_insert(request, &beginning->sign_in, &beginning->user, beginning->refresh_token);
}

static struct beginning sign_in(struct request *request, str client_id, const char *name)
{
	struct beginning beginning = { .user = house_find_user(request, pool_id, name) };
	sign_in_prepare(request, find_client(request, client_id), &beginning.user, &beginning.sign_in,
		&beginning.refresh_token);
	assert_ok(request, store_write(request, insert, &beginning));
	return beginning;
}

static RESULT refresh_by(struct request *request, str client_id, str token, str *new_token)
{
	struct sign_in sign_in;
	struct user user;
	return sign_in_refresh(request, find_client(request, client_id), token, &sign_in, &user, new_token);
}

static str rotate(struct request *request, str client_id, str token)
{
	str new_token;
	assert_ok(request, refresh_by(request, client_id, token, &new_token));
	assert_true(str_is_set(new_token));
	assert_false(str_equal(new_token, token));
	return new_token;
}

#define assert_not_refreshed(request, client_id, token, code, text)                                          \
	do {                                                                                                 \
		str new_token_;                                                                              \
		assert_refused(request, refresh_by(request, client_id, token, &new_token_), code, text);     \
		assert_false(str_is_set(new_token_));                                                        \
	} while (0)

/* --- A new one --- */

static void test_prepare(void **state)
{
	struct request *request = house_request(*state);
	struct beginning one = sign_in(request, plain_id, "jane"), other = sign_in(request, plain_id, "jane");
	struct sign_in found_one;
	bool found;
	assert_int_equal(one.sign_in.id.len, 36);
	assert_false(str_equal(one.sign_in.id, other.sign_in.id));
	assert_false(str_equal(one.refresh_token, other.refresh_token));
	assert_int_equal(one.refresh_token.len, 64);
	assert_ok(request, sign_in_by_id(request, one.sign_in.id, &found_one, &found));
	assert_true(found);
	assert_str_equal(found_one.id, one.sign_in.id);
	assert_str_equal(found_one.user_id, one.user.id);
	assert_str_equal(found_one.client_id, plain_id);
	assert_int_equal(found_one.authenticated_at, NOW);
	assert_int_equal(found_one.expires_at, NOW + 30 * DAY);
	assert_false(found_one.is_revoked);
	assert_ok(request, sign_in_by_id(request, STR("nothing"), &found_one, &found));
	assert_false(found);
	request_free(&request);
}

static void test_origin(void **state)
{
	struct request *request = house_request(*state);
	const struct sign_in one = { .id = STR("1") }, other = { .id = STR("2") };
	str origin = sign_in_origin(request, &one);
	assert_int_equal(origin.len, 36);
	assert_str_equal(sign_in_origin(request, &one), origin);
	assert_false(str_equal(sign_in_origin(request, &other), origin));
	request_free(&request);
}

static void test_token_is_not_stored(void **state)
{
	struct request *request = house_request(*state);
	struct beginning beginning = sign_in(request, plain_id, "jane");
	struct store_refresh_token_by_hash_row row;
	bool found;
	assert_ok(request,
		store_refresh_token_by_hash(request,
			&(struct store_refresh_token_by_hash_in){ .token_hash = beginning.refresh_token },
			&row, &found));
	assert_false(found);
	request_free(&request);
}

/* --- Refreshing --- */

static void test_refresh(void **state)
{
	struct request *request = house_request(*state);
	struct beginning beginning = sign_in(request, plain_id, "jane");
	for (int i = 0; i < 3; i++) {
		struct sign_in again;
		struct user user;
		str new_token;
		request->now += DAY;
		assert_ok(request, sign_in_refresh(request, find_client(request, plain_id),
					   beginning.refresh_token, &again, &user, &new_token));
		assert_false(str_is_set(new_token));
		assert_str_equal(again.id, beginning.sign_in.id);
		assert_int_equal(again.authenticated_at, NOW);
		assert_str_equal(user.id, beginning.user.id);
	}
	request_free(&request);
}

static void test_refresh_by_what_is_no_token(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, plain_id, "jane").refresh_token;
	const str tokens[] = { STR(""), STR_NONE, STR("x"), str_slice(token, 0, 63), str_from(token, 1),
		arena_printf(request->arena, "%.*s ", STR_ARG(token)),
		arena_printf(request->arena, "%.*sA", STR_ARG(token)), STR("eyJ.eyJ.x") };
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		assert_not_refreshed(request, plain_id, tokens[i], ERROR_NOT_AUTHORIZED, INVALID);
	request_free(&request);
}

static void test_refresh_by_another_client(void **state)
{
	const str others[] = { other_id, rotating_id, foreign_id };
	struct request *request = house_request(*state);
	str token = sign_in(request, plain_id, "jane").refresh_token, new_token;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_not_refreshed(request, others[i], token, ERROR_NOT_AUTHORIZED, INVALID);
	assert_ok(request, refresh_by(request, plain_id, token, &new_token));
	request_free(&request);
}

/* Nor does it learn what became of the token. */
static void test_refresh_of_a_revoked_token_by_another_client(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, plain_id, "jane").refresh_token;
	assert_ok(request, sign_in_revoke(request, find_client(request, plain_id), token));
	assert_not_refreshed(request, other_id, token, ERROR_NOT_AUTHORIZED, INVALID);
	request->now += 31 * DAY;
	assert_not_refreshed(request, other_id, token, ERROR_NOT_AUTHORIZED, INVALID);
	request_free(&request);
}

static void test_expiry(void **state)
{
	struct request *request = house_request(*state);
	str short_id = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"RefreshTokenValidity\":60,\"TokenValidityUnits\":{\"RefreshToken\":"
		"\"minutes\"}}");
	const struct {
		str client_id;
		int64_t validity;
	} cases[] = { { plain_id, 30 * DAY }, { short_id, HOUR } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str new_token;
		request->now = NOW;
		str token = sign_in(request, cases[i].client_id, "jane").refresh_token;
		request->now = NOW + cases[i].validity - 1;
		assert_ok(request, refresh_by(request, cases[i].client_id, token, &new_token));
		request->now = NOW + cases[i].validity;
		assert_not_refreshed(request, cases[i].client_id, token, ERROR_NOT_AUTHORIZED, EXPIRED);
	}
	request_free(&request);
}

static void test_user_is_gone_or_disabled(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_id, "leaver", "");
	str token = sign_in(request, plain_id, "leaver").refresh_token, new_token;
	house_execute(*state, "UPDATE pool_user SET enabled = 0 WHERE username = 'leaver'");
	assert_not_refreshed(request, plain_id, token, ERROR_NOT_AUTHORIZED, "User is disabled.");
	house_execute(*state, "UPDATE pool_user SET enabled = 1 WHERE username = 'leaver'");
	assert_ok(request, refresh_by(request, plain_id, token, &new_token));
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_ok(request, user_delete(request, pool, STR("leaver")));
	assert_not_refreshed(request, plain_id, token, ERROR_NOT_AUTHORIZED, INVALID);
	request_free(&request);
}

/* --- Rotation --- */

static void test_rotation(void **state)
{
	struct request *request = house_request(*state);
	struct beginning beginning = sign_in(request, rotating_id, "jane");
	str token = beginning.refresh_token;
	for (int i = 0; i < 4; i++) {
		request->now += HOUR;
		token = rotate(request, rotating_id, token);
	}
	request_free(&request);
}

/* Rotating makes nothing last longer. */
static void test_rotated_token_expires_with_the_first(void **state)
{
	struct request *request = house_request(*state);
	str first = sign_in(request, rotating_id, "jane").refresh_token;
	request->now = NOW + 30 * DAY - 1;
	str second = rotate(request, rotating_id, first);
	request->now = NOW + 30 * DAY;
	assert_not_refreshed(request, rotating_id, second, ERROR_NOT_AUTHORIZED, EXPIRED);
	assert_not_refreshed(request, rotating_id, first, ERROR_NOT_AUTHORIZED, EXPIRED);
	request_free(&request);
}

static void test_reuse_revokes_the_family(void **state)
{
	struct request *request = house_request(*state);
	struct beginning beginning = sign_in(request, rotating_id, "jane");
	str unrelated = sign_in(request, rotating_id, "jane").refresh_token;
	str second = rotate(request, rotating_id, beginning.refresh_token);
	str third = rotate(request, rotating_id, second);
	assert_not_refreshed(
		request, rotating_id, beginning.refresh_token, ERROR_REFRESH_TOKEN_REUSE, REUSED);
	const str family[] = { beginning.refresh_token, second, third };
	for (size_t i = 0; i < ARRAY_LEN(family); i++)
		assert_not_refreshed(request, rotating_id, family[i], ERROR_NOT_AUTHORIZED, REVOKED);
	struct sign_in ended;
	bool found;
	assert_ok(request, sign_in_by_id(request, beginning.sign_in.id, &ended, &found));
	assert_true(found && ended.is_revoked);
	rotate(request, rotating_id, unrelated);
	request_free(&request);
}

static void test_grace(void **state)
{
	struct request *request = house_request(*state);
	str first = sign_in(request, lenient_id, "jane").refresh_token;
	str second = rotate(request, lenient_id, first);
	request->now = NOW + GRACE - 1;
	str again = rotate(request, lenient_id, first);
	assert_false(str_equal(again, second));
	/* Both are good from now on; the grace period of the first still counts from its first use. */
	rotate(request, lenient_id, second);
	rotate(request, lenient_id, again);
	request->now = NOW + GRACE;
	assert_not_refreshed(request, lenient_id, first, ERROR_REFRESH_TOKEN_REUSE, REUSED);
	assert_not_refreshed(request, lenient_id, again, ERROR_NOT_AUTHORIZED, REVOKED);
	request_free(&request);
}

static void test_grace_of_each_token(void **state)
{
	struct request *request = house_request(*state);
	str first = sign_in(request, lenient_id, "jane").refresh_token;
	str second = rotate(request, lenient_id, first);
	request->now = NOW + DAY;
	rotate(request, lenient_id, second);
	request->now = NOW + DAY + GRACE - 1;
	rotate(request, lenient_id, second);
	request_free(&request);
}

/* --- Races --- */

struct race {
	const struct house *house;
	const char *name;
	str client_id, token;
};

static void use_first(const void *context)
{
	const struct race *race = context;
	struct request *request = house_request(race->house);
	rotate(request, race->client_id, race->token);
	request_free(&request);
}

static void revoke_first(const void *context)
{
	const struct race *race = context;
	struct request *request = house_request(race->house);
	assert_ok(request, sign_in_revoke(request, find_client(request, race->client_id), race->token));
	request_free(&request);
}

static void disable_first(const void *context)
{
	const struct race *race = context;
	house_execute(race->house, "UPDATE pool_user SET enabled = 0 WHERE username = 'disabled'");
}

static void delete_first(const void *context)
{
	const struct race *race = context;
	house_execute(
		race->house, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'deleted'");
}

static void sign_out_first(const void *context)
{
	const struct race *race = context;
	struct request *request = house_request(race->house);
	assert_ok(request, user_sign_out(request, house_find_user(request, pool_id, race->name).id));
	request_free(&request);
}

static const struct {
	const char *name;
	void (*happens)(const void *context);
	enum error_code code;
	const char *message;
} races[] = {
	{ "used", use_first, ERROR_REFRESH_TOKEN_REUSE, REUSED },
	{ "revoked", revoke_first, ERROR_NOT_AUTHORIZED, REVOKED },
	{ "signed-out", sign_out_first, ERROR_NOT_AUTHORIZED, REVOKED },
	{ "disabled", disable_first, ERROR_NOT_AUTHORIZED, "User is disabled." },
	{ "deleted", delete_first, ERROR_NOT_AUTHORIZED, INVALID },
};

static void test_races_of_a_rotation(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(races); i++) {
		house_user(*state, pool_id, races[i].name, "");
		struct request *request = house_request(*state);
		struct race race = { *state, races[i].name, rotating_id,
			sign_in(request, rotating_id, races[i].name).refresh_token };
		interruption_set(races[i].happens, &race);
		assert_not_refreshed(request, rotating_id, race.token, races[i].code, races[i].message);
		request_free(&request);
	}
}

static void test_race_within_the_grace_period(void **state)
{
	struct request *request = house_request(*state);
	struct race race = { *state, "jane", lenient_id, sign_in(request, lenient_id, "jane").refresh_token };
	interruption_set(use_first, &race);
	rotate(request, lenient_id, race.token);
	request_free(&request);
}

/* --- Revoking --- */

static void test_revoke(void **state)
{
	struct request *request = house_request(*state);
	struct beginning one = sign_in(request, plain_id, "jane"), other = sign_in(request, plain_id, "jane");
	const struct client *client = find_client(request, plain_id);
	struct sign_in ended;
	str new_token;
	bool found;
	for (int i = 0; i < 2; i++) {
		assert_ok(request, sign_in_revoke(request, client, one.refresh_token));
		assert_not_refreshed(request, plain_id, one.refresh_token, ERROR_NOT_AUTHORIZED, REVOKED);
	}
	assert_ok(request, sign_in_by_id(request, one.sign_in.id, &ended, &found));
	assert_true(found && ended.is_revoked);
	assert_ok(request, refresh_by(request, plain_id, other.refresh_token, &new_token));
	request_free(&request);
}

/* Also by a token that was replaced. */
static void test_revoke_after_rotation(void **state)
{
	for (int by_old = 0; by_old < 2; by_old++) {
		struct request *request = house_request(*state);
		str first = sign_in(request, rotating_id, "jane").refresh_token;
		str second = rotate(request, rotating_id, first);
		assert_ok(request,
			sign_in_revoke(request, find_client(request, rotating_id), by_old ? first : second));
		assert_not_refreshed(request, rotating_id, first, ERROR_NOT_AUTHORIZED, REVOKED);
		assert_not_refreshed(request, rotating_id, second, ERROR_NOT_AUTHORIZED, REVOKED);
		request_free(&request);
	}
}

static void test_revoke_what_is_unknown(void **state)
{
	static const str tokens[] = { STR_INIT("x"), STR_INIT(""), STR_INIT("a.b"), STR_INIT("a.b.c.d.e") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		assert_ok(request, sign_in_revoke(request, find_client(request, plain_id), tokens[i]));
	request_free(&request);
}

static void test_revoke_what_is_refused(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, plain_id, "jane").refresh_token, new_token;
	assert_refused(request, sign_in_revoke(request, find_client(request, plain_id), STR("e30.e30.AAAA")),
		ERROR_UNSUPPORTED_TOKEN_TYPE, "Only refresh tokens can be revoked.");
	assert_refused(request, sign_in_revoke(request, find_client(request, other_id), token),
		ERROR_UNAUTHORIZED, "The token was not issued to this client.");
	assert_refused(request, sign_in_revoke(request, find_client(request, foreign_id), token),
		ERROR_UNAUTHORIZED, "The token was not issued to this client.");
	assert_ok(request, refresh_by(request, plain_id, token, &new_token));
	request_free(&request);
}

static void test_revoke_what_has_expired(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, plain_id, "jane").refresh_token;
	request->now += 31 * DAY;
	assert_ok(request, sign_in_revoke(request, find_client(request, plain_id), token));
	request_free(&request);
}

/* --- Signing out everywhere --- */

static void sign_out(const struct house *house, int64_t now, const char *name)
{
	struct request *request = house_request_at(house, now);
	assert_ok(request, user_sign_out(request, house_find_user(request, pool_id, name).id));
	request_free(&request);
}

/* In one millisecond: what came before the sign-out ends, what comes after it does not. */
static void test_sign_out_in_the_same_millisecond(void **state)
{
	house_user(*state, pool_id, "otto", "");
	str tokens[4], new_token;
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		tokens[i] = sign_in(request, plain_id, "otto").refresh_token;
		assert_ok(request, refresh_by(request, plain_id, tokens[i], &new_token));
		for (size_t k = 0; k < i; k++)
			assert_not_refreshed(request, plain_id, tokens[k], ERROR_NOT_AUTHORIZED, REVOKED);
		sign_out(*state, NOW, "otto");
	}
	request_free(&request);
}

static void test_sign_out_ends_every_client(void **state)
{
	house_user(*state, pool_id, "olaf", "");
	house_user(*state, pool_id, "olga", "");
	struct request *request = house_request(*state);
	str first = sign_in(request, plain_id, "olaf").refresh_token, new_token;
	str second = sign_in(request, rotating_id, "olaf").refresh_token;
	str others = sign_in(request, plain_id, "olga").refresh_token;
	sign_out(*state, NOW + HOUR, "olaf");
	request->now = NOW + HOUR + 1;
	assert_not_refreshed(request, plain_id, first, ERROR_NOT_AUTHORIZED, REVOKED);
	assert_not_refreshed(request, rotating_id, second, ERROR_NOT_AUTHORIZED, REVOKED);
	assert_ok(request, refresh_by(request, plain_id, others, &new_token));
	assert_ok(request,
		refresh_by(request, plain_id, sign_in(request, plain_id, "olaf").refresh_token, &new_token));
	request_free(&request);
}

/* A clock that was set back signs nobody out again who comes later. */
static void test_sign_in_when_the_clock_was_set_back(void **state)
{
	house_user(*state, pool_id, "otis", "");
	sign_out(*state, NOW + HOUR, "otis");
	struct request *request = house_request(*state);
	struct beginning beginning = sign_in(request, plain_id, "otis");
	str new_token;
	assert_int_equal(beginning.sign_in.authenticated_at, NOW + HOUR + 1);
	assert_ok(request, refresh_by(request, plain_id, beginning.refresh_token, &new_token));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prepare),
		cmocka_unit_test(test_origin),
		cmocka_unit_test(test_token_is_not_stored),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_refresh_by_what_is_no_token),
		cmocka_unit_test(test_refresh_by_another_client),
		cmocka_unit_test(test_refresh_of_a_revoked_token_by_another_client),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_user_is_gone_or_disabled),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_rotated_token_expires_with_the_first),
		cmocka_unit_test(test_reuse_revokes_the_family),
		cmocka_unit_test(test_grace),
		cmocka_unit_test(test_grace_of_each_token),
		cmocka_unit_test(test_races_of_a_rotation),
		cmocka_unit_test(test_race_within_the_grace_period),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_revoke_after_rotation),
		cmocka_unit_test(test_revoke_what_is_unknown),
		cmocka_unit_test(test_revoke_what_is_refused),
		cmocka_unit_test(test_revoke_what_has_expired),
		cmocka_unit_test(test_sign_out_in_the_same_millisecond),
		cmocka_unit_test(test_sign_out_ends_every_client),
		cmocka_unit_test(test_sign_in_when_the_clock_was_set_back),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
