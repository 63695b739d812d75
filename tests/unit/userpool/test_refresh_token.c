/* SPDX-License-Identifier: Apache-2.0 */
/* The two calls; what they rest on is in test_sign_in.c. */
#include "userpool/refresh_token.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"

#define NOW    INT64_C(1738659903123)
#define SECRET "abcdefghijklmnopqrstuvwxyz"

static str pool_id, plain_id, other_id, secret_id, rotating_id, endless_id;

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	plain_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	other_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	secret_id = house_client(*state, pool_id, "{\"ClientName\":\"c\",\"ClientSecret\":\"" SECRET "\"}");
	rotating_id = house_client(
		*state, pool_id, "{\"ClientName\":\"c\",\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\"}}");
	endless_id = house_client(*state, pool_id, "{\"ClientName\":\"c\",\"EnableTokenRevocation\":false}");
	house_user(*state, pool_id, "jane", "");
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

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

static str sign_in(struct request *request, str client_id)
{
	struct beginning beginning = { .user = house_find_user(request, pool_id, "jane") };
	const struct client *client;
	assert_ok(request, client_find(request, client_id, &client));
	sign_in_prepare(request, client, &beginning.user, &beginning.sign_in, &beginning.refresh_token);
	assert_ok(request, store_write(request, insert, &beginning));
	return beginning.refresh_token;
}

static RESULT exchange(struct request *request, str client_id, const char *secret, str token,
	struct authentication_result_type **tokens)
{
	const struct get_tokens_from_refresh_token_request input = {
		.client_id = client_id,
		.client_secret = str_of(secret),
		.refresh_token = token,
	};
	return refresh_token_exchange(request, &input, tokens);
}

static RESULT revoke(struct request *request, str client_id, const char *secret, str token)
{
	const struct revoke_token_request input = {
		.client_id = client_id,
		.client_secret = str_of(secret),
		.token = token,
	};
	return refresh_token_revoke(request, &input);
}

static void test_exchange(void **state)
{
	const struct {
		str client_id;
		const char *secret;
		bool is_rotated;
	} cases[] = { { plain_id, NULL, false }, { secret_id, SECRET, false }, { rotating_id, NULL, true } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request_at(*state, NOW + HOUR);
		struct authentication_result_type *tokens;
		str token = sign_in(request, cases[i].client_id);
		assert_ok(request, exchange(request, cases[i].client_id, cases[i].secret, token, &tokens));
		assert_ok(request, access_token_authenticate(request, tokens->access_token));
		assert_str_equal(request->caller->user.username, STR("jane"));
		assert_true(str_is_set(tokens->id_token));
		assert_int_equal(str_is_set(tokens->refresh_token), cases[i].is_rotated);
		request_free(&request);
	}
}

static void test_refused_exchanges(void **state)
{
	struct request *request = house_request(*state);
	struct authentication_result_type *tokens;
	str token = sign_in(request, secret_id), plain = sign_in(request, plain_id);
	assert_refused(request, exchange(request, STR("x"), NULL, token, &tokens), ERROR_RESOURCE_NOT_FOUND,
		"User pool client x does not exist.");
	assert_false(result_is_ok(exchange(request, secret_id, NULL, token, &tokens)));
	assert_int_equal(request->error, ERROR_NOT_AUTHORIZED);
	assert_false(result_is_ok(exchange(request, secret_id, "wrong", token, &tokens)));
	assert_int_equal(request->error, ERROR_NOT_AUTHORIZED);
	assert_refused(request, exchange(request, other_id, NULL, plain, &tokens), ERROR_NOT_AUTHORIZED,
		"Invalid Refresh Token");
	assert_refused(request, exchange(request, plain_id, NULL, STR("x"), &tokens), ERROR_NOT_AUTHORIZED,
		"Invalid Refresh Token");
	/* A client that does not prove itself rotates nothing. */
	assert_ok(request, exchange(request, secret_id, SECRET, token, &tokens));
	request_free(&request);
}

static void test_reuse(void **state)
{
	struct request *request = house_request(*state);
	struct authentication_result_type *first, *again;
	str token = sign_in(request, rotating_id);
	assert_ok(request, exchange(request, rotating_id, NULL, token, &first));
	assert_refused(request, exchange(request, rotating_id, NULL, token, &again),
		ERROR_REFRESH_TOKEN_REUSE, "Refresh token has been used before");
	/* The access token that came of it ends as well. */
	assert_refused(request, access_token_authenticate(request, first->access_token), ERROR_NOT_AUTHORIZED,
		"Access Token has been revoked");
	request_free(&request);
}

static void test_revoke(void **state)
{
	const struct {
		str client_id;
		const char *secret;
	} cases[] = { { plain_id, NULL }, { secret_id, SECRET }, { rotating_id, NULL } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct authentication_result_type *tokens;
		str token = sign_in(request, cases[i].client_id);
		assert_ok(request, exchange(request, cases[i].client_id, cases[i].secret, token, &tokens));
		for (int k = 0; k < 2; k++)
			assert_ok(request, revoke(request, cases[i].client_id, cases[i].secret, token));
		assert_refused(request, access_token_authenticate(request, tokens->access_token),
			ERROR_NOT_AUTHORIZED, "Access Token has been revoked");
		assert_refused(request,
			exchange(request, cases[i].client_id, cases[i].secret, token, &tokens),
			ERROR_NOT_AUTHORIZED, "Refresh Token has been revoked");
		request_free(&request);
	}
}

static void test_refused_revocations(void **state)
{
	struct request *request = house_request(*state);
	struct authentication_result_type *tokens;
	str plain = sign_in(request, plain_id), secret = sign_in(request, secret_id);
	str endless = sign_in(request, endless_id);
	assert_ok(request, exchange(request, plain_id, NULL, plain, &tokens));
	const struct {
		str client_id;
		const char *secret;
		str token;
		enum error_code code;
		const char *message;
	} cases[] = {
		{ STR("x"), NULL, plain, ERROR_UNAUTHORIZED, "Invalid client id." },
		{ STR(""), NULL, plain, ERROR_UNAUTHORIZED, "Invalid client id." },
		{ secret_id, NULL, secret, ERROR_UNAUTHORIZED, "Invalid client secret." },
		{ secret_id, "wrong", secret, ERROR_UNAUTHORIZED, "Invalid client secret." },
		{ plain_id, SECRET, plain, ERROR_UNAUTHORIZED, "Invalid client secret." },
		{ other_id, NULL, plain, ERROR_UNAUTHORIZED, "The token was not issued to this client." },
		{ endless_id, NULL, endless, ERROR_UNSUPPORTED_OPERATION,
			"Token revocation is not enabled for this client." },
		{ plain_id, NULL, tokens->access_token, ERROR_UNSUPPORTED_TOKEN_TYPE,
			"Only refresh tokens can be revoked." },
		{ plain_id, NULL, tokens->id_token, ERROR_UNSUPPORTED_TOKEN_TYPE,
			"Only refresh tokens can be revoked." },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(request, revoke(request, cases[i].client_id, cases[i].secret, cases[i].token),
			cases[i].code, cases[i].message);
	assert_ok(request, exchange(request, plain_id, NULL, plain, &tokens));
	assert_ok(request, exchange(request, secret_id, SECRET, secret, &tokens));
	assert_ok(request, exchange(request, endless_id, NULL, endless, &tokens));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchange),
		cmocka_unit_test(test_refused_exchanges),
		cmocka_unit_test(test_reuse),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_refused_revocations),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
