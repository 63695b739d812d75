/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/auth.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"

#define NOW      INT64_C(1738659903123)
#define WRONG    "Incorrect username or password."
#define BLOCKED  "Password attempts exceeded"
#define UNKNOWN  "User does not exist."
#define DISABLED "User is disabled."

#define FLOWS                                                                                                \
	"\"ExplicitAuthFlows\":[\"ALLOW_USER_PASSWORD_AUTH\",\"ALLOW_ADMIN_USER_PASSWORD_AUTH\","            \
	"\"ALLOW_USER_SRP_AUTH\",\"ALLOW_REFRESH_TOKEN_AUTH\"]"

static str pool_id, address_pool_id;
static str client_id, hiding_id, secret_id, address_client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	address_pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"],"
					     "\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"," FLOWS "}");
	hiding_id = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"PreventUserExistenceErrors\":\"ENABLED\"," FLOWS "}");
	secret_id = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"ClientSecret\":\"abcdefghijklmnopqrstuvwxyz\"," FLOWS "}");
	address_client_id = house_client(*state, address_pool_id,
		"{\"ClientName\":\"c\",\"PreventUserExistenceErrors\":\"ENABLED\"," FLOWS "}");
	house_user(*state, pool_id, "jane", "");
	house_user(*state, address_pool_id, "jane@example.com", "");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Calls --- */

static RESULT initiate(struct request *request, str with_client, enum auth_flow_type flow,
	const char *parameters, struct initiate_auth_response *answer)
{
	const struct initiate_auth_request input = {
		.client_id = with_client,
		.auth_flow = flow,
		.auth_parameters = house_map(request, parameters),
	};
	*answer = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_initiate(request, &input, answer);
}

static RESULT admin_initiate(struct request *request, str in_pool, str with_client, enum auth_flow_type flow,
	const char *parameters, struct initiate_auth_response *answer)
{
	const struct admin_initiate_auth_request input = {
		.user_pool_id = in_pool,
		.client_id = with_client,
		.auth_flow = flow,
		.auth_parameters = house_map(request, parameters),
	};
	*answer = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_admin_initiate(request, &input, answer);
}

static RESULT sign_in(struct request *request, str with_client, const char *username, const char *password)
{
	struct initiate_auth_response answer;
	str parameters = arena_printf(request->arena, "USERNAME=%s,PASSWORD=%s", username, password);
	return initiate(request, with_client, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, parameters.data, &answer);
}

static RESULT sign_in_right(struct request *request, const char *username)
{
	return sign_in(request, client_id, username, HOUSE_PASSWORD);
}

static RESULT sign_in_wrong(struct request *request, const char *username)
{
	return sign_in(request, client_id, username, WRONG_PASSWORD);
}

/* --- Tokens at the end --- */

static void check_tokens(
	struct request *request, const struct initiate_auth_response *answer, const char *username)
{
	const struct authentication_result_type *tokens = answer->authentication_result;
	assert_non_null(tokens);
	assert_int_equal(answer->challenge_name, 0);
	assert_false(str_is_set(answer->session));
	/* Shown as {} and not left out. */
	assert_non_null(answer->challenge_parameters.items);
	assert_int_equal(answer->challenge_parameters.count, 0);
	assert_ok(request, access_token_authenticate(request, tokens->access_token));
	assert_str_equal(request->caller->user.username, str_of(username));
	assert_int_equal(request->caller->sign_in.authenticated_at, request->now);
}

static void test_password(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	assert_ok(request, initiate(request, client_id, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
				   "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD, &answer));
	check_tokens(request, &answer, "jane");
	assert_true(str_is_set(answer.authentication_result->refresh_token));
	request_free(&request);
}

static void test_admin_password(void **state)
{
	static const enum auth_flow_type flows[] = { AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH,
		AUTH_FLOW_TYPE_ADMIN_NO_SRP_AUTH };
	for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response answer;
		assert_ok(request, admin_initiate(request, pool_id, client_id, flows[i],
					   "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD, &answer));
		check_tokens(request, &answer, "jane");
		assert_refused(request,
			admin_initiate(request, pool_id, client_id, flows[i],
				"USERNAME=jane,PASSWORD=" WRONG_PASSWORD, &answer),
			ERROR_NOT_AUTHORIZED, WRONG);
		request_free(&request);
	}
}

static void test_refresh(void **state)
{
	static const enum auth_flow_type flows[] = { AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH,
		AUTH_FLOW_TYPE_REFRESH_TOKEN };
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	assert_ok(request, initiate(request, client_id, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
				   "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD, &answer));
	str parameters = arena_printf(
		request->arena, "REFRESH_TOKEN=%.*s", STR_ARG(answer.authentication_result->refresh_token));
	for (size_t i = 0; i < 2 * ARRAY_LEN(flows); i++) {
		if (i % 2)
			assert_ok(request, admin_initiate(request, pool_id, client_id, flows[i / 2],
						   parameters.data, &answer));
		else
			assert_ok(request,
				initiate(request, client_id, flows[i / 2], parameters.data, &answer));
		check_tokens(request, &answer, "jane");
		assert_false(str_is_set(answer.authentication_result->refresh_token));
	}
	assert_refused(request,
		initiate(request, hiding_id, AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, parameters.data, &answer),
		ERROR_NOT_AUTHORIZED, "Invalid Refresh Token");
	request_free(&request);
}

/* --- What is refused at once --- */

static const struct {
	enum auth_flow_type flow;
	const char *parameters, *missing;
} missing[] = {
	{ AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, "PASSWORD=x", "USERNAME" },
	{ AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, "USERNAME=,PASSWORD=x", "USERNAME" },
	{ AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, "username=jane,PASSWORD=x", "USERNAME" },
	{ AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, "USERNAME=jane", "PASSWORD" },
	{ AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, "USERNAME=jane,PASSWORD=", "PASSWORD" },
	{ AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, "", "USERNAME" },
	{ AUTH_FLOW_TYPE_USER_SRP_AUTH, "", "USERNAME" },
	{ AUTH_FLOW_TYPE_USER_SRP_AUTH, "SRP_A=1", "USERNAME" },
	{ AUTH_FLOW_TYPE_USER_SRP_AUTH, "USERNAME=jane", "SRP_A" },
	{ AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, "", "REFRESH_TOKEN" },
	{ AUTH_FLOW_TYPE_REFRESH_TOKEN, "REFRESH_TOKEN=", "REFRESH_TOKEN" },
};

static void test_missing_parameters(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(missing); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response answer;
		str message =
			arena_printf(request->arena, "Missing required parameter %s", missing[i].missing);
		assert_refused(request,
			initiate(request, client_id, missing[i].flow, missing[i].parameters, &answer),
			ERROR_INVALID_PARAMETER, message.data);
		request_free(&request);
	}
}

#define NO_METHOD "Initiate Auth method not supported."

static const struct {
	const char *allowed;
	enum auth_flow_type flow;
	bool is_admin;
	const char *message;
} not_allowed[] = {
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_USER_SRP_AUTH, false,
		"USER_SRP_AUTH is not enabled for the client." },
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_USER_SRP_AUTH, true,
		"USER_SRP_AUTH is not enabled for the client." },
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, false,
		"Auth flow not enabled for this client" },
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_REFRESH_TOKEN, true,
		"Auth flow not enabled for this client" },
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH, true,
		"Auth flow not enabled for this client" },
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_ADMIN_NO_SRP_AUTH, true,
		"Auth flow not enabled for this client" },
	{ "ALLOW_ADMIN_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, false,
		"USER_PASSWORD_AUTH flow not enabled for this client" },
	{ "ALLOW_ADMIN_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH, false, NO_METHOD },
	{ "ALLOW_ADMIN_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_ADMIN_NO_SRP_AUTH, false, NO_METHOD },
	{ "ALLOW_USER_PASSWORD_AUTH", AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, true, NO_METHOD },
	{ "ALLOW_CUSTOM_AUTH", AUTH_FLOW_TYPE_CUSTOM_AUTH, false, NO_METHOD },
};

static void test_flows_that_are_not_allowed(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(not_allowed); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response answer;
		const char *parameters = "USERNAME=jane,SRP_A=1,REFRESH_TOKEN=x,PASSWORD=" HOUSE_PASSWORD;
		str json = arena_printf(request->arena,
			"{\"ClientName\":\"c\",\"ExplicitAuthFlows\":[\"%s\"]}", not_allowed[i].allowed);
		str client = house_client(*state, pool_id, json.data);
		if (not_allowed[i].is_admin)
			assert_refused(request,
				admin_initiate(
					request, pool_id, client, not_allowed[i].flow, parameters, &answer),
				ERROR_INVALID_PARAMETER, not_allowed[i].message);
		else
			assert_refused(request,
				initiate(request, client, not_allowed[i].flow, parameters, &answer),
				ERROR_INVALID_PARAMETER, not_allowed[i].message);
		request_free(&request);
	}
}

static void test_unknown_clients(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	const char *parameters = "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD;
	enum auth_flow_type flow = AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH;
	str foreign =
		arena_printf(request->arena, "User pool client %.*s does not exist.", STR_ARG(client_id));
	assert_refused(request,
		initiate(request, STR("x"), AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, parameters, &answer),
		ERROR_RESOURCE_NOT_FOUND, "User pool client x does not exist.");
	assert_refused(request, admin_initiate(request, STR("x"), client_id, flow, parameters, &answer),
		ERROR_RESOURCE_NOT_FOUND, "User pool x does not exist.");
	assert_refused(request,
		admin_initiate(request, address_pool_id, client_id, flow, parameters, &answer),
		ERROR_RESOURCE_NOT_FOUND, foreign.data);
	request_free(&request);
}

static void test_unknown_challenges(void **state)
{
	static const enum challenge_name_type names[] = { CHALLENGE_NAME_TYPE_WEB_AUTHN,
		CHALLENGE_NAME_TYPE_CUSTOM_CHALLENGE, CHALLENGE_NAME_TYPE_DEVICE_SRP_AUTH };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response answer = { .session = STR_NONE };
		const struct respond_to_auth_challenge_request input = {
			.client_id = client_id,
			.challenge_name = names[i],
			.challenge_responses = house_map(request, "USERNAME=jane"),
		};
		assert_refused(request, auth_respond(request, &input, &answer), ERROR_INVALID_PARAMETER,
			"Challenge response not supported.");
		request_free(&request);
	}
}

/* --- Wrong passwords --- */

static void test_wrong_passwords(void **state)
{
	static const char *const passwords[] = { WRONG_PASSWORD, HOUSE_PASSWORD " ", "Passw0rd", "x" };
	house_user(*state, pool_id, "wilma", "");
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(passwords); i++)
		assert_refused(request, sign_in(request, client_id, "wilma", passwords[i]),
			ERROR_NOT_AUTHORIZED, WRONG);
	assert_ok(request, sign_in_right(request, "wilma"));
	assert_int_equal(house_count(*state,
				 "sign_in s JOIN pool_user u ON u.id = s.user_id WHERE u.username = 'wilma'"),
		1);
	request_free(&request);
}

static const struct {
	const char *status;
	int enabled;
	enum error_code code;
	const char *message;
} states[] = {
	{ "UNCONFIRMED", 1, ERROR_USER_NOT_CONFIRMED, "User is not confirmed." },
	{ "RESET_REQUIRED", 1, ERROR_PASSWORD_RESET_REQUIRED, "Password reset required for the user" },
	{ "CONFIRMED", 0, ERROR_NOT_AUTHORIZED, DISABLED },
	{ "UNCONFIRMED", 0, ERROR_NOT_AUTHORIZED, DISABLED },
};

/* Whatever the password, so that nothing is learned of it. */
static void test_states_of_users(void **state)
{
	house_user(*state, pool_id, "stan", "");
	const str clients[] = { client_id, hiding_id };
	for (size_t i = 0; i < 2 * ARRAY_LEN(states); i++) {
		struct request *request = house_request(*state);
		str sql = arena_printf(request->arena,
			"UPDATE pool_user SET status = '%s', enabled = %d WHERE username = 'stan'",
			states[i / 2].status, states[i / 2].enabled);
		house_execute(*state, sql.data);
		for (int guess = 0; guess < 6; guess++)
			assert_refused(request, sign_in(request, clients[i % 2], "stan", WRONG_PASSWORD),
				states[i / 2].code, states[i / 2].message);
		assert_refused(request, sign_in(request, clients[i % 2], "stan", HOUSE_PASSWORD),
			states[i / 2].code, states[i / 2].message);
		request_free(&request);
	}
}

/* --- The lockout --- */

static void fail_five_times(struct request *request, str with_client, const char *username)
{
	for (int i = 0; i < 5; i++)
		assert_refused(request, sign_in(request, with_client, username, WRONG_PASSWORD),
			ERROR_NOT_AUTHORIZED, WRONG);
}

static void test_lockout(void **state)
{
	house_user(*state, pool_id, "locke", "");
	struct request *request = house_request(*state);
	int64_t block = SECOND;
	fail_five_times(request, client_id, "locke");
	for (int i = 0; i < 14; i++) {
		/* Neither is counted. */
		assert_refused(request, sign_in_wrong(request, "locke"), ERROR_NOT_AUTHORIZED, BLOCKED);
		request->now += block - 1;
		assert_refused(request, sign_in_right(request, "locke"), ERROR_NOT_AUTHORIZED, BLOCKED);
		request->now += 1;
		assert_refused(request, sign_in_wrong(request, "locke"), ERROR_NOT_AUTHORIZED, WRONG);
		block = 2 * block < 15 * MINUTE ? 2 * block : 15 * MINUTE;
	}
	request->now += 15 * MINUTE;
	assert_ok(request, sign_in_right(request, "locke"));
	fail_five_times(request, client_id, "locke");
	request_free(&request);
}

static void test_lockout_holds_for_all_ways(void **state)
{
	house_user(*state, pool_id, "locky", "");
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	fail_five_times(request, client_id, "locky");
	assert_refused(
		request, sign_in(request, hiding_id, "locky", HOUSE_PASSWORD), ERROR_NOT_AUTHORIZED, BLOCKED);
	assert_refused(request,
		admin_initiate(request, pool_id, client_id, AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH,
			"USERNAME=locky,PASSWORD=" HOUSE_PASSWORD, &answer),
		ERROR_NOT_AUTHORIZED, BLOCKED);
	assert_refused(request,
		initiate(request, client_id, AUTH_FLOW_TYPE_USER_SRP_AUTH, "USERNAME=locky,SRP_A=abc",
			&answer),
		ERROR_NOT_AUTHORIZED, BLOCKED);
	assert_ok(request, sign_in_right(request, "jane"));
	request_free(&request);
}

/* Tokens that are there go on. */
static void test_lockout_ends_no_sign_in(void **state)
{
	house_user(*state, pool_id, "lorna", "");
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	assert_ok(request, initiate(request, client_id, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
				   "USERNAME=lorna,PASSWORD=" HOUSE_PASSWORD, &answer));
	fail_five_times(request, client_id, "lorna");
	str parameters = arena_printf(
		request->arena, "REFRESH_TOKEN=%.*s", STR_ARG(answer.authentication_result->refresh_token));
	assert_ok(request,
		initiate(request, client_id, AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, parameters.data, &answer));
	request_free(&request);
}

static void test_quiet_time_ends_the_count(void **state)
{
	house_user(*state, pool_id, "quin", "");
	struct request *request = house_request(*state);
	for (int round = 0; round < 3; round++) {
		fail_five_times(request, client_id, "quin");
		request->now += SECOND + 15 * MINUTE;
	}
	request_free(&request);
}

static void fail_once(const void *context)
{
	struct request *request = house_request(context);
	assert_refused(request, sign_in_wrong(request, "paula"), ERROR_NOT_AUTHORIZED, WRONG);
	request_free(&request);
}

/* A guess that was checked beside the fifth wrong one is settled behind it. */
static void test_guesses_side_by_side(void **state)
{
	static const char *const passwords[] = { WRONG_PASSWORD, HOUSE_PASSWORD };
	house_user(*state, pool_id, "paula", "");
	for (size_t i = 0; i < ARRAY_LEN(passwords); i++) {
		struct request *request = house_request(*state);
		request->now += (int64_t)i * HOUR;
		clock_fix(request->now);
		for (int k = 0; k < 4; k++)
			assert_refused(request, sign_in_wrong(request, "paula"), ERROR_NOT_AUTHORIZED, WRONG);
		interruption_set(fail_once, *state);
		assert_refused(request, sign_in(request, client_id, "paula", passwords[i]),
			ERROR_NOT_AUTHORIZED, BLOCKED);
		request_free(&request);
	}
	clock_fix(NOW);
}

/* --- Users that do not exist --- */

static void test_unknown_user_is_told(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	for (int i = 0; i < 7; i++)
		assert_refused(request, sign_in_right(request, "nobody"), ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_refused(request,
		admin_initiate(request, pool_id, client_id, AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH,
			"USERNAME=nobody,PASSWORD=x", &answer),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_refused(request,
		initiate(request, client_id, AUTH_FLOW_TYPE_USER_SRP_AUTH, "USERNAME=nobody,SRP_A=abc",
			&answer),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	request_free(&request);
}

/* Leaves something in the memory that the next call uses. */
static __attribute__((noinline)) void use_the_stack(void)
{
	volatile unsigned char bytes[64 * 1024];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = 0xa5;
}

static void test_unknown_user_is_hidden(void **state)
{
	struct request *request = house_request(*state);
	for (int i = 0; i < 3; i++) {
		use_the_stack();
		assert_refused(request, sign_in(request, hiding_id, "nil", HOUSE_PASSWORD),
			ERROR_NOT_AUTHORIZED, WRONG);
	}
	request_free(&request);
}

/* The same answers in the same order as for a user, at the same times. */
static void test_unknown_user_is_blocked_alike(void **state)
{
	static const char *const names[] = { "nobody-at-all", "somebody" };
	house_user(*state, pool_id, "somebody", "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		fail_five_times(request, hiding_id, names[i]);
		assert_refused(
			request, sign_in(request, hiding_id, names[i], "x"), ERROR_NOT_AUTHORIZED, BLOCKED);
		request->now += SECOND - 1;
		assert_refused(
			request, sign_in(request, hiding_id, names[i], "x"), ERROR_NOT_AUTHORIZED, BLOCKED);
		request->now += 1;
		assert_refused(
			request, sign_in(request, hiding_id, names[i], "x"), ERROR_NOT_AUTHORIZED, WRONG);
		request->now += 2 * SECOND - 1;
		assert_refused(
			request, sign_in(request, hiding_id, names[i], "x"), ERROR_NOT_AUTHORIZED, BLOCKED);
		request_free(&request);
	}
}

static void test_unknown_address_is_blocked_in_every_spelling(void **state)
{
	static const char *const names[] = { "nil@example.com", "NIL@example.com", "Nil@Example.Com" };
	struct request *request = house_request(*state);
	for (int i = 0; i < 5; i++)
		assert_refused(request, sign_in(request, address_client_id, names[i % 3], "x"),
			ERROR_NOT_AUTHORIZED, WRONG);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_refused(request, sign_in(request, address_client_id, names[i], "x"),
			ERROR_NOT_AUTHORIZED, BLOCKED);
	request_free(&request);
}

/* The name is free once more: whoever takes it next begins anew. */
static void test_new_user_does_not_inherit_failures(void **state)
{
	struct request *request = house_request(*state);
	fail_five_times(request, hiding_id, "newman");
	house_user(*state, pool_id, "newman", "");
	assert_ok(request, sign_in_right(request, "newman"));
	request_free(&request);
}

/* --- Secrets --- */

static str secret_hash(struct request *request, const char *username)
{
	str text = arena_printf(request->arena, "%s%.*s", username, STR_ARG(secret_id));
	struct digest digest = digest_hmac_sha256(STR("abcdefghijklmnopqrstuvwxyz"), text);
	return base64_encode(request->arena, digest_str(&digest));
}

static void test_secret_hash(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	str missing_hash = arena_printf(request->arena,
		"Client %.*s is configured with secret but SECRET_HASH was not received", STR_ARG(secret_id));
	str wrong_hash = arena_printf(
		request->arena, "Unable to verify secret hash for client %.*s", STR_ARG(secret_id));
	str right = arena_printf(request->arena, "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD ",SECRET_HASH=%.*s",
		STR_ARG(secret_hash(request, "jane")));
	str johns = arena_printf(request->arena, "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD ",SECRET_HASH=%.*s",
		STR_ARG(secret_hash(request, "john")));
	assert_refused(request, sign_in(request, secret_id, "jane", HOUSE_PASSWORD), ERROR_NOT_AUTHORIZED,
		missing_hash.data);
	assert_refused(request,
		initiate(request, secret_id, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, johns.data, &answer),
		ERROR_NOT_AUTHORIZED, wrong_hash.data);
	assert_ok(request,
		initiate(request, secret_id, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH, right.data, &answer));
	str token = answer.authentication_result->refresh_token;
	str refresh = arena_printf(request->arena, "REFRESH_TOKEN=%.*s", STR_ARG(token));
	assert_refused(request,
		initiate(request, secret_id, AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, refresh.data, &answer),
		ERROR_NOT_AUTHORIZED, missing_hash.data);
	refresh = arena_printf(request->arena, "REFRESH_TOKEN=%.*s,SECRET_HASH=%.*s", STR_ARG(token),
		STR_ARG(secret_hash(request, "jane")));
	assert_ok(request,
		initiate(request, secret_id, AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, refresh.data, &answer));
	request_free(&request);
}

/* A wrong hash is no guess at a password: it needs the secret, and would lock anybody out. */
static void test_wrong_secret_hash_does_not_count(void **state)
{
	house_user(*state, pool_id, "cecil", "");
	struct request *request = house_request(*state);
	for (int i = 0; i < 10; i++)
		assert_false(result_is_ok(sign_in(request, secret_id, "cecil", HOUSE_PASSWORD)));
	assert_ok(request, sign_in_right(request, "cecil"));
	request_free(&request);
}

/* --- Races: what happens between the check of the password and its settlement --- */

static const struct {
	const char *sql;
	bool is_refused;
} races[] = {
	{ "UPDATE pool_user SET password_hash = 'other' WHERE username = 'racer'", true },
	{ "UPDATE pool_user SET password_hash = NULL WHERE username = 'racer'", true },
	{ "UPDATE pool_user SET enabled = 0 WHERE username = 'racer'", true },
	{ "UPDATE pool_user SET status = 'RESET_REQUIRED' WHERE username = 'racer'", true },
	{ "UPDATE pool_user SET status = 'FORCE_CHANGE_PASSWORD' WHERE username = 'racer'", true },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'", true },
	{ "UPDATE pool_user SET tokens_valid_after = 1738659999999 WHERE username = 'racer'", false },
	{ "UPDATE pool_user SET modified_at = 1 WHERE username = 'racer'", false },
};

static void test_races(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(races); i++) {
		struct request *request = house_request(*state);
		house_user(*state, pool_id, "racer", "");
		int before = house_count(*state, "sign_in");
		interruption_execute(*state, races[i].sql);
		if (races[i].is_refused)
			assert_refused(request, sign_in_right(request, "racer"), ERROR_NOT_AUTHORIZED, WRONG);
		else
			assert_ok(request, sign_in_right(request, "racer"));
		assert_int_equal(house_count(*state, "sign_in"), before + !races[i].is_refused);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

/* Who signs in while signing out everywhere stays signed in, whichever clock is ahead. */
static void test_tokens_of_a_race_with_a_sign_out(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	house_user(*state, pool_id, "ralph", "");
	interruption_execute(
		*state, "UPDATE pool_user SET tokens_valid_after = 1738659999999 WHERE username = 'ralph'");
	assert_ok(request, initiate(request, client_id, AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
				   "USERNAME=ralph,PASSWORD=" HOUSE_PASSWORD, &answer));
	assert_ok(request, access_token_authenticate(request, answer.authentication_result->access_token));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_admin_password),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_missing_parameters),
		cmocka_unit_test(test_flows_that_are_not_allowed),
		cmocka_unit_test(test_unknown_clients),
		cmocka_unit_test(test_unknown_challenges),
		cmocka_unit_test(test_wrong_passwords),
		cmocka_unit_test(test_states_of_users),
		cmocka_unit_test(test_lockout),
		cmocka_unit_test(test_lockout_holds_for_all_ways),
		cmocka_unit_test(test_lockout_ends_no_sign_in),
		cmocka_unit_test(test_quiet_time_ends_the_count),
		cmocka_unit_test(test_guesses_side_by_side),
		cmocka_unit_test(test_unknown_user_is_told),
		cmocka_unit_test(test_unknown_user_is_hidden),
		cmocka_unit_test(test_unknown_user_is_blocked_alike),
		cmocka_unit_test(test_unknown_address_is_blocked_in_every_spelling),
		cmocka_unit_test(test_new_user_does_not_inherit_failures),
		cmocka_unit_test(test_secret_hash),
		cmocka_unit_test(test_wrong_secret_hash_does_not_count),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_tokens_of_a_race_with_a_sign_out),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
