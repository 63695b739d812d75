/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/software_token_setup.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/authenticator.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/access_token.h"
#include "userpool/challenge_session.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/software_token.h"

#define NOW         INT64_C(1738659903123)
#define NO_SESSION  "Invalid session for the user."
#define USED        "Invalid session for the user, session can only be used once."
#define EXPIRED     "Invalid session for the user, session is expired."
#define NOT_OFFERED "Software Token MFA has not been enabled by the userPool"
#define EITHER      "Either AccessToken or Session must be provided."
#define MISMATCH    "Code mismatch"
#define MISSING     "Software Token MFA does not exist for the user."

#define MFA_SETUP CHALLENGE_NAME_TYPE_MFA_SETUP

static str pool_id, other_pool_id, client_id, other_client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	house_set_mfa(*state, pool_id,
		"\"MfaConfiguration\":\"ON\",\"SoftwareTokenMfaConfiguration\":{\"Enabled\":true}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	other_client_id = house_client(*state, other_pool_id, "{\"ClientName\":\"c\"}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Calls --- */

/* The user calls with an access token. */
static void call_as(struct request *request, str with_client, const char *username)
{
	struct caller *caller = ARENA_NEW(request->arena, struct caller);
	assert_ok(request, client_find_with_pool(request, with_client, &caller->client, &caller->pool));
	caller->user = house_find_user(request, caller->pool->id, username);
	caller->user.attributes = (struct attribute_type_list){ .count = 0 };
	request->caller = caller;
}

struct visit {
	str session;
	const struct client *client;
	struct user user;
	enum challenge_name_type challenge;
};

static RESULT insert(struct request *request, void *context)
{
	const struct visit *visit = context;
	return challenge_session_insert(
		request, visit->session, visit->client, &visit->user, visit->challenge, STR_NONE);
}

/* A session of a challenge that was asked of the user. */
static str session_of(
	struct request *request, str with_client, const char *username, enum challenge_name_type challenge)
{
	struct visit visit = { .session = challenge_session_new(request), .challenge = challenge };
	const struct user_pool *pool;
	assert_ok(request, client_find_with_pool(request, with_client, &visit.client, &pool));
	visit.user = house_find_user(request, pool->id, username);
	assert_ok(request, store_write(request, insert, &visit));
	return visit.session;
}

static RESULT associate(
	struct request *request, str session, struct associate_software_token_response *output)
{
	const struct associate_software_token_request input = { .session = session };
	*output = (struct associate_software_token_response){ .session = STR_NONE };
	return software_token_setup_associate(request, &input, output);
}

static RESULT verify(
	struct request *request, str session, str code, struct verify_software_token_response *output)
{
	const struct verify_software_token_request input = {
		.session = session,
		.user_code = code,
		.friendly_device_name = STR("phone"),
	};
	*output = (struct verify_software_token_response){ .session = STR_NONE };
	return software_token_setup_verify(request, &input, output);
}

static bool has_token(struct request *request, str in_pool, const char *username)
{
	return house_find_user(request, in_pool, username).mfa.has_software_token;
}

/* --- By access token --- */

static void test_signed_in(void **state)
{
	house_user(*state, pool_id, "jane", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	str name;
	call_as(request, client_id, "jane");
	assert_ok(request, associate(request, STR_NONE, &associated));
	assert_int_equal(associated.secret_code.len, 52);
	assert_false(str_is_set(associated.session));
	assert_refused(request,
		verify(request, STR_NONE, authenticator_wrong_code(request, associated.secret_code),
			&verified),
		ERROR_ENABLE_SOFTWARE_TOKEN_MFA, MISMATCH);
	assert_false(has_token(request, pool_id, "jane"));
	assert_ok(request,
		verify(request, STR_NONE, authenticator_code(request, associated.secret_code, 0), &verified));
	assert_int_equal(verified.status, VERIFY_SOFTWARE_TOKEN_RESPONSE_TYPE_SUCCESS);
	assert_false(str_is_set(verified.session));
	assert_true(has_token(request, pool_id, "jane"));
	assert_ok(request, software_token_device_name(request, &request->caller->user, &name));
	assert_str_equal(name, STR("phone"));
	/* Having one is not yet to be asked for it where it is optional. */
	assert_false(str_is_set(house_find_user(request, pool_id, "jane").mfa.factors));
	request_free(&request);
}

static void test_another_token(void **state)
{
	house_user(*state, pool_id, "john", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	authenticator_enroll(request, pool_id, "john", STR("old"));
	call_as(request, client_id, "john");
	assert_ok(request, associate(request, STR_NONE, &associated));
	assert_ok(request,
		verify(request, STR_NONE, authenticator_code(request, associated.secret_code, 0), &verified));
	assert_refused(request,
		verify(request, STR_NONE, authenticator_code(request, associated.secret_code, 1), &verified),
		ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, MISSING);
	request_free(&request);
}

static void test_pool_that_offers_none(void **state)
{
	house_user(*state, other_pool_id, "nora", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	str session = session_of(request, other_client_id, "nora", MFA_SETUP);
	for (int by_session = 0; by_session < 2; by_session++) {
		if (!by_session)
			call_as(request, other_client_id, "nora");
		else
			request->caller = NULL;
		assert_refused(request, associate(request, by_session ? session : STR_NONE, &associated),
			ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, NOT_OFFERED);
		assert_refused(request,
			verify(request, by_session ? session : STR_NONE, STR("123456"), &verified),
			ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND, NOT_OFFERED);
	}
	request_free(&request);
}

static void test_token_or_session(void **state)
{
	house_user(*state, pool_id, "eve", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	str session = session_of(request, client_id, "eve", MFA_SETUP);
	assert_refused(request, associate(request, STR_NONE, &associated), ERROR_INVALID_PARAMETER, EITHER);
	assert_refused(request, verify(request, STR_NONE, STR("123456"), &verified), ERROR_INVALID_PARAMETER,
		EITHER);
	call_as(request, client_id, "eve");
	assert_refused(request, associate(request, session, &associated), ERROR_INVALID_PARAMETER, EITHER);
	assert_refused(
		request, verify(request, session, STR("123456"), &verified), ERROR_INVALID_PARAMETER, EITHER);
	request_free(&request);
}

/* --- By session --- */

static void test_chain(void **state)
{
	house_user(*state, pool_id, "carl", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	struct challenge_session found;
	str asked = session_of(request, client_id, "carl", MFA_SETUP);
	assert_ok(request, associate(request, asked, &associated));
	assert_refused(request, associate(request, asked, &associated), ERROR_NOT_AUTHORIZED, USED);
	assert_refused(request, verify(request, asked, STR("123456"), &verified), ERROR_NOT_AUTHORIZED, USED);
	request->now += 2 * MINUTE;
	asked = session_of(request, client_id, "carl", MFA_SETUP);
	assert_ok(request, associate(request, asked, &associated));
	str session = associated.session;
	/* Another secret may be asked for before one is verified. */
	assert_ok(request, associate(request, session, &associated));
	assert_false(str_equal(session, associated.session));
	request->now += 2 * MINUTE;
	/* A wrong code leaves the session. */
	assert_refused(request,
		verify(request, associated.session, authenticator_wrong_code(request, associated.secret_code),
			&verified),
		ERROR_ENABLE_SOFTWARE_TOKEN_MFA, MISMATCH);
	assert_ok(request, verify(request, associated.session,
				   authenticator_code(request, associated.secret_code, 0), &verified));
	assert_int_equal(verified.status, VERIFY_SOFTWARE_TOKEN_RESPONSE_TYPE_SUCCESS);
	assert_ok(request, challenge_session_find(request, verified.session, MFA_SETUP, &found));
	assert_int_equal(found.stage, CHALLENGE_VERIFIED);
	assert_true(has_token(request, pool_id, "carl"));
	assert_refused(
		request, associate(request, associated.session, &associated), ERROR_NOT_AUTHORIZED, USED);
	/* That one is for the answer alone. */
	assert_refused(
		request, associate(request, verified.session, &associated), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(request, verify(request, verified.session, STR("123456"), &verified),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	request_free(&request);
}

static void test_sessions_that_are_refused(void **state)
{
	house_user(*state, pool_id, "sam", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	str none = STR("AAAAAAAAAAAAAAAAAAAAAAAA");
	str asked = session_of(request, client_id, "sam", MFA_SETUP);
	str of_another = session_of(request, client_id, "sam", CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA);
	assert_refused(request, associate(request, none, &associated), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(
		request, associate(request, of_another, &associated), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(request, verify(request, of_another, STR("123456"), &verified), ERROR_NOT_AUTHORIZED,
		NO_SESSION);
	/* Nothing was associated by it. */
	assert_refused(
		request, verify(request, asked, STR("123456"), &verified), ERROR_NOT_AUTHORIZED, NO_SESSION);
	request->now += 3 * MINUTE;
	assert_refused(request, associate(request, asked, &associated), ERROR_NOT_AUTHORIZED, EXPIRED);
	request_free(&request);
}

static const struct {
	const char *sql;
	enum error_code code; /* of VerifySoftwareToken */
	const char *message;
	const char *associate_message;
} states[] = {
	{ "UPDATE pool_user SET enabled = 0", ERROR_NOT_AUTHORIZED, "User is disabled.",
		"User is disabled." },
	{ "UPDATE pool_user SET status = 'UNCONFIRMED'", ERROR_USER_NOT_CONFIRMED, "User is not confirmed.",
		NO_SESSION },
	{ "UPDATE pool_user SET status = 'RESET_REQUIRED'", ERROR_PASSWORD_RESET_REQUIRED,
		"Password reset required for the user", NO_SESSION },
	/* It has one by now, by another way. */
	{ "UPDATE pool_user SET has_software_token = 1", ERROR_NOT_AUTHORIZED, NO_SESSION, NO_SESSION },
	{ "UPDATE challenge_session SET used = 1", ERROR_NOT_AUTHORIZED, USED, USED },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user", ERROR_NOT_AUTHORIZED, NO_SESSION, NO_SESSION },
};

static void test_users_that_changed(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct request *request = house_request(*state);
		struct associate_software_token_response associated;
		struct verify_software_token_response verified;
		house_execute(*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user");
		house_user(*state, pool_id, "val", "");
		str asked = session_of(request, client_id, "val", MFA_SETUP);
		assert_ok(request, associate(request, asked, &associated));
		str code = authenticator_code(request, associated.secret_code, 0);
		str session = associated.session;
		asked = session_of(request, client_id, "val", MFA_SETUP);
		house_execute(*state, states[i].sql);
		assert_refused(request, associate(request, asked, &associated), ERROR_NOT_AUTHORIZED,
			states[i].associate_message);
		assert_refused(request, verify(request, session, code, &verified), states[i].code,
			states[i].message);
		request_free(&request);
	}
}

static const struct {
	const char *sql, *message;
} races[] = {
	{ "UPDATE pool_user SET enabled = 0", NO_SESSION },
	{ "UPDATE pool_user SET password_hash = 'other'", NO_SESSION },
	{ "UPDATE pool_user SET has_software_token = 1", NO_SESSION },
	{ "UPDATE challenge_session SET used = 1", USED },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user", NO_SESSION },
};

/* The same between the checks and the transaction. */
static void test_races(void **state)
{
	for (size_t i = 0; i < 2 * ARRAY_LEN(races); i++) {
		struct request *request = house_request(*state);
		struct associate_software_token_response associated;
		struct verify_software_token_response verified;
		house_execute(*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user");
		house_user(*state, pool_id, "racer", "");
		str asked = session_of(request, client_id, "racer", MFA_SETUP);
		if (i % 2)
			assert_ok(request, associate(request, asked, &associated));
		interruption_execute(*state, races[i / 2].sql);
		if (i % 2)
			assert_refused(request,
				verify(request, associated.session,
					authenticator_code(request, associated.secret_code, 0), &verified),
				ERROR_NOT_AUTHORIZED, races[i / 2].message);
		else
			assert_refused(request, associate(request, asked, &associated), ERROR_NOT_AUTHORIZED,
				races[i / 2].message);
		assert_int_equal(house_count(*state, "software_token WHERE state = 'verified'"), 0);
		request_free(&request);
	}
}

static void test_signed_in_user_that_goes(void **state)
{
	house_user(*state, pool_id, "gone", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	call_as(request, client_id, "gone");
	interruption_execute(*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user");
	assert_refused(request, associate(request, STR_NONE, &associated), ERROR_NOT_AUTHORIZED,
		"Invalid Access Token");
	request_free(&request);
}

/* --- Wrong codes --- */

static void test_limits(void **state)
{
	house_user(*state, pool_id, "lou", "");
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct verify_software_token_response verified;
	str asked = session_of(request, client_id, "lou", MFA_SETUP);
	assert_ok(request, associate(request, asked, &associated));
	str wrong = authenticator_wrong_code(request, associated.secret_code);
	for (int i = 0; i < 5; i++)
		assert_refused(request, verify(request, associated.session, wrong, &verified),
			ERROR_ENABLE_SOFTWARE_TOKEN_MFA, MISMATCH);
	assert_refused(
		request, verify(request, associated.session, wrong, &verified), ERROR_NOT_AUTHORIZED, USED);
	/* Nor does another session help, nor a right code, before the block is over. */
	asked = session_of(request, client_id, "lou", MFA_SETUP);
	assert_ok(request, associate(request, asked, &associated));
	str code = authenticator_code(request, associated.secret_code, 0);
	assert_refused(request, verify(request, associated.session, code, &verified), ERROR_TOO_MANY_REQUESTS,
		"Too many requests");
	assert_false(has_token(request, pool_id, "lou"));
	request->now += SECOND;
	assert_ok(request, verify(request, associated.session, code, &verified));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed_in),
		cmocka_unit_test(test_another_token),
		cmocka_unit_test(test_pool_that_offers_none),
		cmocka_unit_test(test_token_or_session),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_sessions_that_are_refused),
		cmocka_unit_test(test_users_that_changed),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_signed_in_user_that_goes),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
