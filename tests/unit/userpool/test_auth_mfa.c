/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/auth_mfa.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/authenticator.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/access_token.h"
#include "userpool/mfa_preference.h"
#include "userpool/software_token_setup.h"
#include "userpool/user_admin.h"

#define NOW          INT64_C(1738659903123)
#define TEMPORARY    "Temp0rary!"
#define NEW_PASSWORD "Br4nd-new!"
#define NO_SESSION   "Invalid session for the user."
#define USED         "Invalid session for the user, session can only be used once."
#define EXPIRED      "Invalid session for the user, session is expired."
#define WRONG_CODE   "Invalid code received for user"
#define USED_CODE    "Your software token has already been used once."
#define BLOCKED      "Password attempts exceeded"

#define FLOWS "\"ExplicitAuthFlows\":[\"ALLOW_USER_PASSWORD_AUTH\",\"ALLOW_ADMIN_USER_PASSWORD_AUTH\"]"
#define TOTP  "\"SoftwareTokenMfaConfiguration\":{\"Enabled\":true}"
#define SMS   "\"SmsMfaConfiguration\":{\"SmsConfiguration\":{\"SnsCallerArn\":\"arn:aws:iam::1:role/sms\"}}"

static str off_id, optional_id, required_id, sms_id;
static str off_client, optional_client, other_client, required_client, sms_client;

static int set_up(void **state)
{
	house_set_up(state);
	off_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	optional_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	required_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	sms_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	house_set_mfa(*state, optional_id, "\"MfaConfiguration\":\"OPTIONAL\"," TOTP "," SMS);
	house_set_mfa(*state, required_id, "\"MfaConfiguration\":\"ON\"," TOTP);
	house_set_mfa(*state, sms_id, "\"MfaConfiguration\":\"ON\"," SMS);
	off_client = house_client(*state, off_id, "{\"ClientName\":\"c\"," FLOWS "}");
	optional_client = house_client(*state, optional_id, "{\"ClientName\":\"c\"," FLOWS "}");
	other_client = house_client(*state, optional_id, "{\"ClientName\":\"c\"," FLOWS "}");
	required_client = house_client(*state, required_id, "{\"ClientName\":\"c\"," FLOWS "}");
	sms_client = house_client(*state, sms_id, "{\"ClientName\":\"c\"," FLOWS "}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Calls --- */

static RESULT try_sign_in(struct request *request, str with_client, const char *username,
	const char *password, struct initiate_auth_response *answer)
{
	str parameters = arena_printf(request->arena, "USERNAME=%s,PASSWORD=%s", username, password);
	const struct initiate_auth_request input = {
		.client_id = with_client,
		.auth_flow = AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
		.auth_parameters = house_map(request, parameters.data),
	};
	*answer = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_initiate(request, &input, answer);
}

static struct initiate_auth_response sign_in(struct request *request, str with_client, const char *username)
{
	struct initiate_auth_response answer;
	assert_ok(request, try_sign_in(request, with_client, username, HOUSE_PASSWORD, &answer));
	return answer;
}

static str session_of(
	struct request *request, str with_client, const char *username, enum challenge_name_type challenge)
{
	struct initiate_auth_response asked = sign_in(request, with_client, username);
	assert_int_equal(asked.challenge_name, challenge);
	assert_null(asked.authentication_result);
	return asked.session;
}

static RESULT respond(struct request *request, str with_client, enum challenge_name_type challenge,
	str session, const char *responses, struct initiate_auth_response *output)
{
	const struct respond_to_auth_challenge_request input = {
		.client_id = with_client,
		.challenge_name = challenge,
		.session = session,
		.challenge_responses = house_map(request, responses),
	};
	*output = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_respond(request, &input, output);
}

static str parameter(const struct initiate_auth_response *asked, const char *name)
{
	for (size_t i = 0; i < asked->challenge_parameters.count; i++)
		if (str_equal(asked->challenge_parameters.items[i].name, str_of(name)))
			return asked->challenge_parameters.items[i].value;
	return STR_NONE;
}

#define TOKEN_MFA CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA

static RESULT give_code(struct request *request, str session, const char *username, str code,
	struct initiate_auth_response *output)
{
	str responses = arena_printf(
		request->arena, "USERNAME=%s,SOFTWARE_TOKEN_MFA_CODE=%.*s", username, STR_ARG(code));
	return respond(request, optional_client, TOKEN_MFA, session, responses.data, output);
}

/* A user of the optional pool who has turned a software token on; the secret as it was shown. */
static str protect(struct request *request, const struct house *house, const char *username)
{
	house_user(house, optional_id, username, "");
	str text = authenticator_enroll(request, optional_id, username, STR("Jane's phone"));
	struct admin_set_user_mfa_preference_request input = { .username = STR_NONE };
	str json = arena_printf(request->arena,
		"{\"UserPoolId\":\"%.*s\",\"Username\":\"%s\",\"SoftwareTokenMfaSettings\":{\"Enabled\":true}"
		"}",
		STR_ARG(optional_id), username);
	house_decode(request, &spec_type_admin_set_user_mfa_preference_request, json.data, &input);
	assert_ok(request, mfa_preference_admin_set(request, &input));
	return text;
}

static str protected_session(struct request *request, const char *username)
{
	return session_of(request, optional_client, username, TOKEN_MFA);
}

/* --- Codes --- */

static void test_code(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response asked, output;
	str text = protect(request, *state, "jane");
	int before = house_count(*state, "sign_in");
	asked = sign_in(request, optional_client, "jane");
	assert_int_equal(asked.challenge_name, TOKEN_MFA);
	assert_in_range(asked.session.len, 20, 2048);
	assert_null(asked.authentication_result);
	assert_int_equal(asked.challenge_parameters.count, 2);
	assert_str_equal(parameter(&asked, "USER_ID_FOR_SRP"), STR("jane"));
	assert_str_equal(parameter(&asked, "FRIENDLY_DEVICE_NAME"), STR("Jane's phone"));
	assert_int_equal(house_count(*state, "sign_in"), before);
	assert_ok(request,
		give_code(request, asked.session, "jane", authenticator_code(request, text, 0), &output));
	assert_int_equal(output.challenge_name, 0);
	assert_false(str_is_set(output.session));
	assert_int_equal(output.challenge_parameters.count, 0);
	assert_ok(request, access_token_authenticate(request, output.authentication_result->access_token));
	assert_str_equal(request->caller->user.username, STR("jane"));
	assert_refused(request,
		give_code(request, asked.session, "jane", authenticator_code(request, text, 1), &output),
		ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

static void test_administrators(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response asked = { .session = STR_NONE }, output = asked;
	str text = protect(request, *state, "andy");
	const struct admin_initiate_auth_request begin = {
		.user_pool_id = optional_id,
		.client_id = optional_client,
		.auth_flow = AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH,
		.auth_parameters = house_map(request, "USERNAME=andy,PASSWORD=" HOUSE_PASSWORD),
	};
	assert_ok(request, auth_admin_initiate(request, &begin, &asked));
	assert_int_equal(asked.challenge_name, TOKEN_MFA);
	str responses = arena_printf(request->arena, "USERNAME=andy,SOFTWARE_TOKEN_MFA_CODE=%.*s",
		STR_ARG(authenticator_code(request, text, 0)));
	const struct admin_respond_to_auth_challenge_request input = {
		.user_pool_id = optional_id,
		.client_id = optional_client,
		.challenge_name = TOKEN_MFA,
		.session = asked.session,
		.challenge_responses = house_map(request, responses.data),
	};
	assert_ok(request, auth_admin_respond(request, &input, &output));
	assert_non_null(output.authentication_result);
	request_free(&request);
}

static void test_second_try(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "tina");
	str session = protected_session(request, "tina");
	const str wrong[] = { authenticator_wrong_code(request, text), STR("x"),
		authenticator_code(request, text, 2) };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_refused(request, give_code(request, session, "tina", wrong[i], &output),
			ERROR_CODE_MISMATCH, WRONG_CODE);
	assert_refused(request, give_code(request, session, "tina", STR_NONE, &output),
		ERROR_INVALID_PARAMETER, "Missing required parameter SOFTWARE_TOKEN_MFA_CODE");
	/* The one that had verified the token. */
	assert_refused(request,
		give_code(request, session, "tina", authenticator_code(request, text, -1), &output),
		ERROR_EXPIRED_CODE, USED_CODE);
	assert_null(output.authentication_result);
	assert_ok(
		request, give_code(request, session, "tina", authenticator_code(request, text, 0), &output));
	assert_non_null(output.authentication_result);
	request_free(&request);
}

/* Whoever looks over a shoulder comes too late. */
static void test_code_is_good_once(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "olga"), code = authenticator_code(request, text, 0);
	str first = protected_session(request, "olga"), second = protected_session(request, "olga");
	assert_ok(request, give_code(request, first, "olga", code, &output));
	assert_refused(
		request, give_code(request, second, "olga", code, &output), ERROR_EXPIRED_CODE, USED_CODE);
	assert_ok(request, give_code(request, second, "olga", authenticator_code(request, text, 1), &output));
	request_free(&request);
}

/* --- Guessing --- */

static void fail_often(struct request *request, str session, const char *username, str wrong, int times)
{
	struct initiate_auth_response output;
	for (int i = 0; i < times; i++)
		assert_refused(request, give_code(request, session, username, wrong, &output),
			ERROR_CODE_MISMATCH, WRONG_CODE);
}

static void test_tries_of_a_session(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "lou"), wrong = authenticator_wrong_code(request, text);
	str first = protected_session(request, "lou"), second = protected_session(request, "lou");
	fail_often(request, first, "lou", wrong, 4);
	/* A session for itself, but one count for the user. */
	fail_often(request, second, "lou", wrong, 1);
	request->now += SECOND;
	fail_often(request, first, "lou", wrong, 1);
	request->now += 2 * SECOND;
	str right = authenticator_code(request, text, 0);
	assert_refused(request, give_code(request, first, "lou", right, &output), ERROR_NOT_AUTHORIZED, USED);
	assert_ok(request, give_code(request, second, "lou", right, &output));
	request_free(&request);
}

/* The sixth guess waits, and the seventh longer, in whatever session. */
static void test_block_across_sessions(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "mallory"), wrong = authenticator_wrong_code(request, text);
	for (int i = 0; i < 5; i++)
		fail_often(request, protected_session(request, "mallory"), "mallory", wrong, 1);
	for (int64_t block = SECOND; block < MINUTE; block *= 2) {
		str session = protected_session(request, "mallory");
		/* A right code is of no use, and is not used up. */
		request->now += block - 1;
		wrong = authenticator_wrong_code(request, text);
		str right = authenticator_code(request, text, 0);
		assert_refused(request, give_code(request, session, "mallory", wrong, &output),
			ERROR_NOT_AUTHORIZED, BLOCKED);
		assert_refused(request, give_code(request, session, "mallory", right, &output),
			ERROR_NOT_AUTHORIZED, BLOCKED);
		request->now += 1;
		fail_often(request, session, "mallory", wrong, 1);
	}
	request->now += HOUR;
	str session = protected_session(request, "mallory");
	assert_ok(request,
		give_code(request, session, "mallory", authenticator_code(request, text, 0), &output));
	/* That has ended the count. */
	session = protected_session(request, "mallory");
	fail_often(request, session, "mallory", authenticator_wrong_code(request, text), 4);
	assert_ok(request,
		give_code(request, session, "mallory", authenticator_code(request, text, 1), &output));
	request_free(&request);
}

/* Neither signing in with the password nor other users matter. */
static void test_block_is_for_codes_of_the_user(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "one"), others = protect(request, *state, "other");
	str wrong = authenticator_wrong_code(request, text);
	fail_often(request, protected_session(request, "one"), "one", wrong, 5);
	str session = protected_session(request, "one");
	assert_refused(
		request, give_code(request, session, "one", wrong, &output), ERROR_NOT_AUTHORIZED, BLOCKED);
	session = protected_session(request, "other");
	assert_ok(request,
		give_code(request, session, "other", authenticator_code(request, others, 0), &output));
	/* Wrong passwords keep codes from being tried as well. */
	session = protected_session(request, "other");
	for (int i = 0; i < 5; i++)
		assert_refused(request, try_sign_in(request, optional_client, "other", "x", &output),
			ERROR_NOT_AUTHORIZED, "Incorrect username or password.");
	assert_refused(request,
		give_code(request, session, "other", authenticator_code(request, others, 1), &output),
		ERROR_NOT_AUTHORIZED, BLOCKED);
	request_free(&request);
}

struct guess {
	const struct house *house;
	str session, code;
};

static void fail_five_times(const void *context)
{
	const struct guess *guess = context;
	struct request *request = house_request(guess->house);
	for (int i = 0; i < 5; i++)
		fail_often(request, protected_session(request, "swift"), "swift", guess->code, 1);
	request_free(&request);
}

/* A code that was sent before the block began is judged after it. */
static void test_guesses_side_by_side(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "swift"), session = protected_session(request, "swift");
	const struct guess guess = { .house = *state, .code = authenticator_wrong_code(request, text) };
	interruption_set(fail_five_times, &guess);
	assert_refused(request,
		give_code(request, session, "swift", authenticator_code(request, text, 0), &output),
		ERROR_NOT_AUTHORIZED, BLOCKED);
	request_free(&request);
}

/* --- Sessions --- */

static void test_sessions(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text = protect(request, *state, "sam"), code = authenticator_code(request, text, 0);
	protect(request, *state, "sue");
	str sams = protected_session(request, "sam"), sues = protected_session(request, "sue");
	str responses =
		arena_printf(request->arena, "USERNAME=sam,SOFTWARE_TOKEN_MFA_CODE=%.*s", STR_ARG(code));
	assert_refused(request, give_code(request, STR_NONE, "sam", code, &output), ERROR_INVALID_PARAMETER,
		"Missing required parameter Session");
	assert_refused(
		request, give_code(request, sues, "sam", code, &output), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(
		request, give_code(request, sams, "nobody", code, &output), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(request, respond(request, other_client, TOKEN_MFA, sams, responses.data, &output),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(request,
		respond(request, optional_client, CHALLENGE_NAME_TYPE_MFA_SETUP, sams, "USERNAME=sam",
			&output),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(request,
		respond(request, optional_client, CHALLENGE_NAME_TYPE_SELECT_MFA_TYPE, sams,
			"USERNAME=sam,ANSWER=SOFTWARE_TOKEN_MFA", &output),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(request,
		respond(request, optional_client, CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED, sams,
			"USERNAME=sam,NEW_PASSWORD=" NEW_PASSWORD, &output),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	/* Nor does it set another token up. */
	struct associate_software_token_response associated;
	assert_refused(request,
		software_token_setup_associate(
			request, &(struct associate_software_token_request){ .session = sams }, &associated),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	request->now += 3 * MINUTE;
	assert_refused(
		request, give_code(request, sams, "sam", code, &output), ERROR_NOT_AUTHORIZED, EXPIRED);
	request_free(&request);
}

/* --- What happens between the checks and the transaction --- */

static const struct {
	const char *sql;
	enum error_code code;
	const char *message;
} races[] = {
	{ "UPDATE challenge_session SET used = 1", ERROR_NOT_AUTHORIZED, USED },
	{ "UPDATE pool_user SET password_hash = 'other' WHERE username = 'racer'", ERROR_NOT_AUTHORIZED,
		NO_SESSION },
	{ "UPDATE pool_user SET enabled = 0 WHERE username = 'racer'", ERROR_NOT_AUTHORIZED, NO_SESSION },
	{ "DELETE FROM software_token", ERROR_SOFTWARE_TOKEN_MFA_NOT_FOUND,
		"Software Token MFA does not exist for the user." },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'", ERROR_NOT_AUTHORIZED,
		NO_SESSION },
};

static void test_races(void **state)
{
	for (size_t i = 0; i < 2 * ARRAY_LEN(races); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response output;
		str text = protect(request, *state, "racer"), session = protected_session(request, "racer");
		/* The answer tells nothing about the code. */
		str code = i % 2 ? authenticator_wrong_code(request, text)
				 : authenticator_code(request, text, 0);
		int before = house_count(*state, "sign_in");
		interruption_execute(*state, races[i / 2].sql);
		assert_refused(request, give_code(request, session, "racer", code, &output),
			races[i / 2].code, races[i / 2].message);
		assert_int_equal(house_count(*state, "sign_in"), before);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

/* Nobody slips in with the password alone while a factor is turned on. */
static void test_turned_on_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, optional_id, "late", "");
	authenticator_enroll(request, optional_id, "late", STR_NONE);
	interruption_execute(
		*state, "UPDATE pool_user SET mfa_factors = 'SOFTWARE_TOKEN_MFA' WHERE username = 'late'");
	protected_session(request, "late");
	request_free(&request);
}

/* --- When a code is asked for --- */

static const struct {
	const char *username;
	const str *pool, *client;
	bool has_token;
	const char *mfa; /* columns of the user */
	enum challenge_name_type challenge; /* 0: tokens */
} asks[] = {
	{ "off", &off_id, &off_client, true, "mfa_factors = 'SOFTWARE_TOKEN_MFA'", 0 },
	{ "optional-none", &optional_id, &optional_client, false, "mfa_factors = NULL", 0 },
	/* Verified, but not turned on. */
	{ "optional-not-on", &optional_id, &optional_client, true, "mfa_factors = NULL", 0 },
	{ "optional-on", &optional_id, &optional_client, true, "mfa_factors = 'SOFTWARE_TOKEN_MFA'",
		TOKEN_MFA },
	{ "required-none", &required_id, &required_client, false, "mfa_factors = NULL",
		CHALLENGE_NAME_TYPE_MFA_SETUP },
	{ "required-not-on", &required_id, &required_client, true, "mfa_factors = NULL", TOKEN_MFA },
	{ "required-on", &required_id, &required_client, true,
		"mfa_factors = 'SOFTWARE_TOKEN_MFA', preferred_mfa = 'SOFTWARE_TOKEN_MFA'", TOKEN_MFA },
	/* The pool offers it no more. */
	{ "sms-pool", &sms_id, &sms_client, true,
		"mfa_factors = 'SOFTWARE_TOKEN_MFA', preferred_mfa = 'SOFTWARE_TOKEN_MFA'", TOKEN_MFA },
};

static void test_asked(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
		struct request *request = house_request(*state);
		house_user(*state, *asks[i].pool, asks[i].username, "");
		if (asks[i].has_token)
			authenticator_enroll(request, *asks[i].pool, asks[i].username, STR_NONE);
		str sql = arena_printf(request->arena, "UPDATE pool_user SET %s WHERE username = '%s'",
			asks[i].mfa, asks[i].username);
		house_execute(*state, sql.data);
		struct initiate_auth_response answer = sign_in(request, *asks[i].client, asks[i].username);
		assert_int_equal(answer.challenge_name, asks[i].challenge);
		assert_int_equal(answer.authentication_result != NULL, !asks[i].challenge);
		request_free(&request);
	}
}

/* A device without a name has none in the challenge either. */
static void test_nameless_device(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, required_id, "nameless", "");
	authenticator_enroll(request, required_id, "nameless", STR_NONE);
	struct initiate_auth_response asked = sign_in(request, required_client, "nameless");
	assert_int_equal(asked.challenge_parameters.count, 1);
	assert_str_equal(parameter(&asked, "USER_ID_FOR_SRP"), STR("nameless"));
	request_free(&request);
}

/* Where no second factor can be had the sign-in fails, and leaves nothing. */
static const struct {
	const char *username, *attributes;
	const char *mfa;
	const str *pool, *client;
	const char *message;
} dead_ends[] = {
	{ "dead-end", "", "mfa_factors = NULL", &sms_id, &sms_client,
		"MFA is required, and the user has no MFA method that can be used or set up." },
};

static void test_dead_ends(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(dead_ends); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response answer;
		house_user(*state, *dead_ends[i].pool, dead_ends[i].username, dead_ends[i].attributes);
		str sql = arena_printf(request->arena, "UPDATE pool_user SET %s WHERE username = '%s'",
			dead_ends[i].mfa, dead_ends[i].username);
		house_execute(*state, sql.data);
		int sessions = house_count(*state, "challenge_session");
		int sign_ins = house_count(*state, "sign_in");
		assert_refused(request,
			try_sign_in(request, *dead_ends[i].client, dead_ends[i].username, HOUSE_PASSWORD,
				&answer),
			ERROR_INVALID_USER_POOL_CONFIGURATION, dead_ends[i].message);
		assert_null(answer.authentication_result);
		assert_int_equal(house_count(*state, "challenge_session"), sessions);
		assert_int_equal(house_count(*state, "sign_in"), sign_ins);
		request_free(&request);
	}
}

/* --- After a new password --- */

static void invite(struct request *request, str pool_id, const char *username)
{
	const struct admin_create_user_request input = {
		.user_pool_id = pool_id,
		.username = str_of(username),
		.temporary_password = STR(TEMPORARY),
		.message_action = MESSAGE_ACTION_TYPE_SUPPRESS,
	};
	struct user_type created;
	assert_ok(request, user_admin_create(request, &input, &created));
}

static void test_after_new_password(void **state)
{
	for (int has_token = 0; has_token < 2; has_token++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response asked, output;
		const char *username = arena_printf(request->arena, "invited-%d", has_token).data;
		invite(request, required_id, username);
		if (has_token)
			authenticator_enroll(request, required_id, username, STR_NONE);
		assert_ok(request, try_sign_in(request, required_client, username, TEMPORARY, &asked));
		assert_int_equal(asked.challenge_name, CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED);
		str responses =
			arena_printf(request->arena, "USERNAME=%s,NEW_PASSWORD=" NEW_PASSWORD, username);
		assert_ok(request, respond(request, required_client, asked.challenge_name, asked.session,
					   responses.data, &output));
		assert_null(output.authentication_result);
		assert_int_equal(
			output.challenge_name, has_token ? TOKEN_MFA : CHALLENGE_NAME_TYPE_MFA_SETUP);
		/* Parameters of the challenge before are gone. */
		assert_false(str_is_set(parameter(&output, "userAttributes")));
		assert_int_equal(
			house_find_user(request, required_id, username).status, USER_STATUS_TYPE_CONFIRMED);
		request_free(&request);
	}
}

/* --- MFA_SETUP --- */

#define SET_UP CHALLENGE_NAME_TYPE_MFA_SETUP

/* Has a token made and verified; the session to answer by. */
static str set_up_token(struct request *request, str session, str *text)
{
	struct associate_software_token_response associated = { .session = STR_NONE };
	struct verify_software_token_response verified = { .session = STR_NONE };
	const struct associate_software_token_request associate = { .session = session };
	assert_ok(request, software_token_setup_associate(request, &associate, &associated));
	*text = associated.secret_code;
	const struct verify_software_token_request verify = {
		.session = associated.session,
		.user_code = authenticator_code(request, *text, 0),
	};
	assert_ok(request, software_token_setup_verify(request, &verify, &verified));
	return verified.session;
}

static RESULT finish(
	struct request *request, str session, const char *username, struct initiate_auth_response *output)
{
	str responses = arena_printf(request->arena, "USERNAME=%s", username);
	return respond(request, required_client, SET_UP, session, responses.data, output);
}

static void test_set_up(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response asked, output;
	str text;
	house_user(*state, required_id, "setter", "");
	asked = sign_in(request, required_client, "setter");
	assert_int_equal(asked.challenge_name, SET_UP);
	assert_int_equal(asked.challenge_parameters.count, 2);
	assert_str_equal(parameter(&asked, "MFAS_CAN_SETUP"), STR("[\"SOFTWARE_TOKEN_MFA\"]"));
	assert_str_equal(parameter(&asked, "USER_ID_FOR_SRP"), STR("setter"));
	str session = set_up_token(request, asked.session, &text);
	assert_ok(request, finish(request, session, "setter", &output));
	assert_ok(request, access_token_authenticate(request, output.authentication_result->access_token));
	struct user user = house_find_user(request, required_id, "setter");
	assert_str_equal(user.mfa.factors, STR("SOFTWARE_TOKEN_MFA"));
	assert_str_equal(user.mfa.preferred, STR("SOFTWARE_TOKEN_MFA"));
	assert_refused(request, finish(request, session, "setter", &output), ERROR_NOT_AUTHORIZED, USED);
	/* The next sign-in asks for a code, and not for the one that was used. */
	session = session_of(request, required_client, "setter", TOKEN_MFA);
	str used = arena_printf(request->arena, "USERNAME=setter,SOFTWARE_TOKEN_MFA_CODE=%.*s",
		STR_ARG(authenticator_code(request, text, 0)));
	assert_refused(request, respond(request, required_client, TOKEN_MFA, session, used.data, &output),
		ERROR_EXPIRED_CODE, USED_CODE);
	request_free(&request);
}

/* The session may come among the responses. */
static void test_session_among_responses(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	str text;
	house_user(*state, required_id, "reader", "");
	str asked = session_of(request, required_client, "reader", SET_UP);
	str session = set_up_token(request, asked, &text);
	str responses = arena_printf(request->arena, "USERNAME=reader,SESSION=%.*s", STR_ARG(session));
	assert_ok(request, respond(request, required_client, SET_UP, asked, responses.data, &output));
	assert_non_null(output.authentication_result);
	request_free(&request);
}

static void test_set_up_without_verifying(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	struct associate_software_token_response associated;
	house_user(*state, required_id, "lazy", "");
	str session = session_of(request, required_client, "lazy", SET_UP);
	assert_refused(request, finish(request, session, "lazy", &output), ERROR_INVALID_PARAMETER,
		"User has not verified software token mfa");
	const struct associate_software_token_request associate = { .session = session };
	assert_ok(request, software_token_setup_associate(request, &associate, &associated));
	assert_refused(request, finish(request, associated.session, "lazy", &output), ERROR_INVALID_PARAMETER,
		"User has not verified software token mfa");
	assert_refused(request, finish(request, session, "lazy", &output), ERROR_NOT_AUTHORIZED, USED);
	assert_refused(request, finish(request, STR_NONE, "lazy", &output), ERROR_INVALID_PARAMETER,
		"Missing required parameter Session");
	assert_null(output.authentication_result);
	request_free(&request);
}

/* A session from before the user had a token sets up no other one. */
static void test_session_from_before(void **state)
{
	struct request *request = house_request(*state);
	struct associate_software_token_response associated;
	struct initiate_auth_response output;
	str text;
	house_user(*state, required_id, "victim", "");
	str thiefs = session_of(request, required_client, "victim", SET_UP);
	str victims = session_of(request, required_client, "victim", SET_UP);
	assert_ok(request, finish(request, set_up_token(request, victims, &text), "victim", &output));
	int waiting = house_count(*state, "software_token WHERE state = 'waiting'");
	const struct associate_software_token_request associate = { .session = thiefs };
	assert_refused(request, software_token_setup_associate(request, &associate, &associated),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_int_equal(house_count(*state, "software_token WHERE state = 'waiting'"), waiting);
	request_free(&request);
}

static const struct {
	const char *sql, *message;
} set_up_races[] = {
	{ "UPDATE challenge_session SET used = 1", USED },
	{ "UPDATE pool_user SET enabled = 0 WHERE username = 'runner'", NO_SESSION },
	{ "UPDATE pool_user SET has_software_token = 0 WHERE username = 'runner'", NO_SESSION },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'runner'", USED },
};

static void test_set_up_races(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(set_up_races); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response output;
		str text;
		house_user(*state, required_id, "runner", "");
		str session =
			set_up_token(request, session_of(request, required_client, "runner", SET_UP), &text);
		int before = house_count(*state, "sign_in");
		interruption_execute(*state, set_up_races[i].sql);
		assert_refused(request, finish(request, session, "runner", &output), ERROR_NOT_AUTHORIZED,
			set_up_races[i].message);
		assert_int_equal(house_count(*state, "sign_in"), before);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'runner'");
		request_free(&request);
	}
}

/* --- SELECT_MFA_TYPE --- */

#define SELECT CHALLENGE_NAME_TYPE_SELECT_MFA_TYPE

/* A user with two factors turned on and none preferred. */
static str equip(struct request *request, const struct house *house, const char *username)
{
	house_user(house, optional_id, username, "phone_number=+15550103");
	str text = authenticator_enroll(request, optional_id, username, STR("phone"));
	str sql = arena_printf(request->arena,
		"UPDATE pool_user SET mfa_factors = 'SMS_MFA SOFTWARE_TOKEN_MFA' WHERE username = '%s'",
		username);
	house_execute(house, sql.data);
	return text;
}

static RESULT select_factor(struct request *request, str session, const char *username, const char *answer,
	struct initiate_auth_response *output)
{
	str responses =
		arena_printf(request->arena, "USERNAME=%s%s%s", username, *answer ? ",ANSWER=" : "", answer);
	return respond(request, optional_client, SELECT, session, responses.data, output);
}

static void test_selection(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response asked, output;
	str text = equip(request, *state, "chooser");
	asked = sign_in(request, optional_client, "chooser");
	assert_int_equal(asked.challenge_name, SELECT);
	assert_int_equal(asked.challenge_parameters.count, 2);
	assert_str_equal(parameter(&asked, "MFAS_CAN_CHOOSE"), STR("[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]"));
	assert_str_equal(parameter(&asked, "USER_ID_FOR_SRP"), STR("chooser"));
	static const char *const wrong[] = { "EMAIL_OTP", "software_token_mfa", "PASSWORD", "x" };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_refused(request, select_factor(request, asked.session, "chooser", wrong[i], &output),
			ERROR_INVALID_PARAMETER, "ANSWER must be one of the MFA types to choose from.");
	assert_refused(request, select_factor(request, asked.session, "chooser", "", &output),
		ERROR_INVALID_PARAMETER, "Missing required parameter ANSWER");
	/* All of that has left the session for another try. */
	assert_ok(request, select_factor(request, asked.session, "chooser", "SOFTWARE_TOKEN_MFA", &output));
	assert_null(output.authentication_result);
	assert_int_equal(output.challenge_name, TOKEN_MFA);
	assert_int_equal(output.challenge_parameters.count, 2);
	assert_str_equal(parameter(&output, "FRIENDLY_DEVICE_NAME"), STR("phone"));
	assert_refused(request,
		select_factor(request, asked.session, "chooser", "SOFTWARE_TOKEN_MFA", &output),
		ERROR_NOT_AUTHORIZED, USED);
	request->now += MINUTE;
	asked = sign_in(request, optional_client, "chooser");
	assert_ok(request, select_factor(request, asked.session, "chooser", "SOFTWARE_TOKEN_MFA", &output));
	assert_ok(request,
		give_code(request, output.session, "chooser", authenticator_code(request, text, 0), &output));
	assert_non_null(output.authentication_result);
	request_free(&request);
}

/* The user's preference of the moment counts. */
static void test_selection_that_changed(void **state)
{
	static const struct {
		const char *sql, *answer;
		enum error_code code; /* 0: goes on */
		const char *message;
	} cases[] = {
		{ "UPDATE pool_user SET preferred_mfa = 'SOFTWARE_TOKEN_MFA' WHERE username = 'fickle'",
			"SOFTWARE_TOKEN_MFA", 0, NULL },
		{ "UPDATE pool_user SET mfa_factors = 'SMS_MFA' WHERE username = 'fickle'",
			"SOFTWARE_TOKEN_MFA", ERROR_INVALID_PARAMETER,
			"ANSWER must be one of the MFA types to choose from." },
		{ "UPDATE pool_user SET mfa_factors = NULL WHERE username = 'fickle'", "SOFTWARE_TOKEN_MFA",
			ERROR_INVALID_PARAMETER, "ANSWER must be one of the MFA types to choose from." },
		{ "UPDATE pool_user SET enabled = 0 WHERE username = 'fickle'", "SOFTWARE_TOKEN_MFA",
			ERROR_NOT_AUTHORIZED, NO_SESSION },
		{ "UPDATE challenge_session SET used = 1", "SOFTWARE_TOKEN_MFA", ERROR_NOT_AUTHORIZED, USED },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response output;
		equip(request, *state, "fickle");
		str session = session_of(request, optional_client, "fickle", SELECT);
		interruption_execute(*state, cases[i].sql);
		if (cases[i].code)
			assert_refused(request,
				select_factor(request, session, "fickle", cases[i].answer, &output),
				cases[i].code, cases[i].message);
		else
			assert_ok(
				request, select_factor(request, session, "fickle", cases[i].answer, &output));
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'fickle'");
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_administrators),
		cmocka_unit_test(test_second_try),
		cmocka_unit_test(test_code_is_good_once),
		cmocka_unit_test(test_tries_of_a_session),
		cmocka_unit_test(test_block_across_sessions),
		cmocka_unit_test(test_block_is_for_codes_of_the_user),
		cmocka_unit_test(test_guesses_side_by_side),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_turned_on_meanwhile),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_nameless_device),
		cmocka_unit_test(test_dead_ends),
		cmocka_unit_test(test_after_new_password),
		cmocka_unit_test(test_set_up),
		cmocka_unit_test(test_session_among_responses),
		cmocka_unit_test(test_set_up_without_verifying),
		cmocka_unit_test(test_session_from_before),
		cmocka_unit_test(test_set_up_races),
		cmocka_unit_test(test_selection),
		cmocka_unit_test(test_selection_that_changed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
