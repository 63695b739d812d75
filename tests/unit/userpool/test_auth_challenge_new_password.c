/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/auth.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/user_admin.h"

#define NOW          INT64_C(1738659903123)
#define TEMPORARY    "Temp0rary!"
#define NEW_PASSWORD "Br4nd-new!"
#define NO_SESSION   "Invalid session for the user."
#define USED         "Invalid session for the user, session can only be used once."
#define EXPIRED      "Invalid session for the user, session is expired."
#define WRONG        "Incorrect username or password."

#define FLOWS "\"ExplicitAuthFlows\":[\"ALLOW_USER_PASSWORD_AUTH\",\"ALLOW_ADMIN_USER_PASSWORD_AUTH\"]"

static str pool_id, alias_pool_id;
static str client_id, other_client_id, reading_id, writing_id, alias_client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Policies\":{\"PasswordPolicy\":{\"MinimumLength\":8,"
		"\"TemporaryPasswordValidityDays\":2}},\"Schema\":["
		"{\"Name\":\"nickname\",\"Required\":true,\"Mutable\":true},"
		"{\"Name\":\"given_name\",\"Required\":true,\"Mutable\":false},"
		"{\"Name\":\"tenant\",\"AttributeDataType\":\"String\",\"Mutable\":false},"
		"{\"Name\":\"team\",\"AttributeDataType\":\"String\",\"Mutable\":true},"
		"{\"Name\":\"rank\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":true,"
		"\"Mutable\":true}]}");
	alias_pool_id = house_pool(
		*state, "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",\"preferred_username\"]}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"," FLOWS "}");
	other_client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"," FLOWS "}");
	reading_id = house_client(
		*state, pool_id, "{\"ClientName\":\"c\",\"ReadAttributes\":[\"nickname\"]," FLOWS "}");
	writing_id = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"WriteAttributes\":[\"nickname\",\"given_name\"]," FLOWS "}");
	alias_client_id = house_client(*state, alias_pool_id, "{\"ClientName\":\"c\"," FLOWS "}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Calls --- */

/* A user as an administrator creates one. */
static void invite(struct request *request, str in_pool, const char *username, const char *attributes)
{
	const struct admin_create_user_request input = {
		.user_pool_id = in_pool,
		.username = str_of(username),
		.temporary_password = STR(TEMPORARY),
		.user_attributes = house_attributes(request, attributes),
		.message_action = MESSAGE_ACTION_TYPE_SUPPRESS,
	};
	struct user_type created;
	assert_ok(request, user_admin_create(request, &input, &created));
}

static RESULT sign_in(struct request *request, str with_client, const char *username, const char *password,
	struct initiate_auth_response *answer)
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

static struct initiate_auth_response challenge(struct request *request, str with_client, const char *username)
{
	struct initiate_auth_response asked;
	assert_ok(request, sign_in(request, with_client, username, TEMPORARY, &asked));
	assert_int_equal(asked.challenge_name, CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED);
	assert_in_range(asked.session.len, 20, 2048);
	assert_null(asked.authentication_result);
	return asked;
}

static RESULT answer(struct request *request, str with_client, str session, const char *responses,
	struct initiate_auth_response *output)
{
	const struct respond_to_auth_challenge_request input = {
		.client_id = with_client,
		.challenge_name = CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED,
		.session = session,
		.challenge_responses = house_map(request, responses),
	};
	*output = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_respond(request, &input, output);
}

/* The answer of a user, with attributes as "userAttributes.nickname=x". */
static RESULT choose(
	struct request *request, str with_client, str session, const char *username, const char *attributes)
{
	struct initiate_auth_response output;
	str responses = arena_printf(request->arena, "USERNAME=%s,NEW_PASSWORD=" NEW_PASSWORD "%s%s",
		username, *attributes ? "," : "", attributes);
	return answer(request, with_client, session, responses.data, &output);
}

static str parameter(const struct initiate_auth_response *asked, const char *name)
{
	for (size_t i = 0; i < asked->challenge_parameters.count; i++)
		if (str_equal(asked->challenge_parameters.items[i].name, str_of(name)))
			return asked->challenge_parameters.items[i].value;
	return STR_NONE;
}

#define COMPLETE "nickname=Jay,given_name=Jane"

/* --- Asking --- */

static const struct {
	const char *username, *attributes, *required;
} questions[] = {
	{ "q1", "", "[\"userAttributes.given_name\",\"userAttributes.nickname\"]" },
	{ "q2", "given_name=Jane", "[\"userAttributes.nickname\"]" },
	{ "q3", COMPLETE ",email=jane@example.com,email_verified=true,dev:custom:rank=1", "[]" },
};

static void test_challenge(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		struct request *request = house_request(*state);
		invite(request, pool_id, questions[i].username, questions[i].attributes);
		struct initiate_auth_response asked = challenge(request, client_id, questions[i].username);
		assert_int_equal(asked.challenge_parameters.count, 3);
		assert_str_equal(parameter(&asked, "USER_ID_FOR_SRP"), str_of(questions[i].username));
		assert_str_equal(parameter(&asked, "requiredAttributes"), str_of(questions[i].required));
		request_free(&request);
	}
}

static void test_attributes_that_are_shown(void **state)
{
	struct request *request = house_request(*state);
	invite(request, pool_id, "shown",
		COMPLETE ",email=jane@example.com,email_verified=true,custom:team=\"a\",dev:custom:rank=1");
	struct initiate_auth_response asked = challenge(request, client_id, "shown");
	assert_str_equal(
		parameter(&asked, "userAttributes"), STR("{\"custom:team\":\"\\\"a\\\"\",\"email\":\"jane@"
							 "example.com\",\"email_verified\":\"true\","
							 "\"given_name\":\"Jane\",\"nickname\":\"Jay\"}"));
	asked = challenge(request, reading_id, "shown");
	assert_str_equal(parameter(&asked, "userAttributes"), STR("{\"nickname\":\"Jay\"}"));
	request_free(&request);
}

static void test_temporary_password_expires(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response asked;
	invite(request, pool_id, "slow", COMPLETE);
	request->now = NOW + 2 * DAY - 1;
	challenge(request, client_id, "slow");
	request->now = NOW + 2 * DAY;
	assert_refused(request, sign_in(request, client_id, "slow", TEMPORARY, &asked), ERROR_NOT_AUTHORIZED,
		"Temporary password has expired and must be reset by an administrator.");
	assert_refused(
		request, sign_in(request, client_id, "slow", "other", &asked), ERROR_NOT_AUTHORIZED, WRONG);
	request_free(&request);
}

/* --- The right answer --- */

static void test_answer(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	invite(request, pool_id, "jane", "given_name=Jane");
	struct initiate_auth_response asked = challenge(request, client_id, "jane");
	assert_ok(request, answer(request, client_id, asked.session,
				   "USERNAME=jane,NEW_PASSWORD=" NEW_PASSWORD
				   ",userAttributes.nickname=Jay,userAttributes.custom:team=red",
				   &output));
	assert_int_equal(output.challenge_name, 0);
	assert_false(str_is_set(output.session));
	assert_int_equal(output.challenge_parameters.count, 0);
	assert_ok(request, access_token_authenticate(request, output.authentication_result->access_token));
	assert_str_equal(request->caller->user.username, STR("jane"));
	assert_true(str_is_set(output.authentication_result->refresh_token));
	struct user user = house_find_user(request, pool_id, "jane");
	assert_int_equal(user.status, USER_STATUS_TYPE_CONFIRMED);
	assert_str_equal(user_attribute(&user, STR("nickname")), STR("Jay"));
	assert_str_equal(user_attribute(&user, STR("custom:team")), STR("red"));
	assert_ok(request, sign_in(request, client_id, "jane", NEW_PASSWORD, &output));
	assert_non_null(output.authentication_result);
	assert_refused(request, sign_in(request, client_id, "jane", TEMPORARY, &output), ERROR_NOT_AUTHORIZED,
		WRONG);
	request_free(&request);
}

static void test_answer_by_administrators(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output = { .session = STR_NONE };
	invite(request, pool_id, "andy", COMPLETE);
	struct initiate_auth_response asked = challenge(request, client_id, "andy");
	const struct admin_respond_to_auth_challenge_request input = {
		.user_pool_id = pool_id,
		.client_id = client_id,
		.challenge_name = CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED,
		.session = asked.session,
		.challenge_responses = house_map(request, "USERNAME=andy,NEW_PASSWORD=" NEW_PASSWORD),
	};
	assert_ok(request, auth_admin_respond(request, &input, &output));
	assert_non_null(output.authentication_result);
	request_free(&request);
}

/* What is refused leaves the session and the user as they were, so that a better answer can follow. */
static void test_second_try(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	invite(request, pool_id, "tina", COMPLETE);
	struct initiate_auth_response asked = challenge(request, client_id, "tina");
	assert_refused(request,
		answer(request, client_id, asked.session, "USERNAME=tina,NEW_PASSWORD=short", &output),
		ERROR_INVALID_PASSWORD, "Password did not conform with policy: Password not long enough");
	assert_refused(request, answer(request, client_id, asked.session, "USERNAME=tina", &output),
		ERROR_INVALID_PARAMETER, "Missing required parameter NEW_PASSWORD");
	assert_int_equal(
		house_find_user(request, pool_id, "tina").status, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD);
	assert_ok(request, choose(request, client_id, asked.session, "tina", ""));
	request_free(&request);
}

/* --- Attributes --- */

#define UNFIT       "Attributes did not conform to the schema: "
#define NOT_MUTABLE "Cannot modify the non-mutable attribute "

static const struct {
	const char *username, *before, *given;
	enum error_code code;
	const char *message;
} refusals[] = {
	{ "r1", "given_name=Jane", "", ERROR_INVALID_PARAMETER,
		UNFIT "nickname: The attribute is required\n" },
	{ "r2", "given_name=Jane", "userAttributes.nickname=", ERROR_INVALID_PARAMETER,
		UNFIT "nickname: The attribute is required\n" },
	{ "r3", COMPLETE, "userAttributes.shoe=42", ERROR_INVALID_PARAMETER,
		UNFIT "shoe: Attribute does not exist in the schema.\n" },
	{ "r4", COMPLETE, "userAttributes.=42", ERROR_INVALID_PARAMETER,
		UNFIT ": Attribute does not exist in the schema.\n" },
	{ "r5", COMPLETE, "userAttributes.email=jane", ERROR_INVALID_PARAMETER,
		"Invalid email address format." },
	{ "r6", COMPLETE, "userAttributes.name=a,userAttributes.name=b", ERROR_INVALID_PARAMETER,
		"Attribute name is given more than once." },
	{ "r7", COMPLETE, "userAttributes.nickname=Other", ERROR_NOT_AUTHORIZED,
		"Cannot modify an already provided nickname" },
	{ "r8", COMPLETE, "userAttributes.nickname=", ERROR_NOT_AUTHORIZED,
		"Cannot modify an already provided nickname" },
	{ "r9", COMPLETE, "userAttributes.dev:custom:rank=1", ERROR_NOT_AUTHORIZED,
		"A client attempted to write unauthorized attribute" },
};

static void check_refusal(const struct house *house, str with_client, size_t row)
{
	struct request *request = house_request(house);
	invite(request, pool_id, refusals[row].username, refusals[row].before);
	struct initiate_auth_response asked = challenge(request, with_client, refusals[row].username);
	assert_refused(request,
		choose(request, with_client, asked.session, refusals[row].username, refusals[row].given),
		refusals[row].code, refusals[row].message);
	assert_int_equal(house_find_user(request, pool_id, refusals[row].username).status,
		USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD);
	request_free(&request);
}

static void test_attributes_that_are_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		check_refusal(*state, client_id, i);
}

static void test_attributes_that_the_client_may_not_write(void **state)
{
	struct request *request = house_request(*state);
	invite(request, pool_id, "wendy", "given_name=W");
	struct initiate_auth_response asked = challenge(request, writing_id, "wendy");
	assert_refused(request,
		choose(request, writing_id, asked.session, "wendy",
			"userAttributes.nickname=W,userAttributes.custom:team=red"),
		ERROR_NOT_AUTHORIZED, "A client attempted to write unauthorized attribute");
	assert_ok(request, choose(request, writing_id, asked.session, "wendy", "userAttributes.nickname=W"));
	request_free(&request);
}

/* The value that is there may be given back, as clients do that were shown it. */
static void test_attributes_as_they_were_shown(void **state)
{
	struct request *request = house_request(*state);
	invite(request, pool_id, "echo", COMPLETE ",custom:tenant=one");
	struct initiate_auth_response asked = challenge(request, client_id, "echo");
	assert_ok(request, choose(request, client_id, asked.session, "echo",
				   "userAttributes.nickname=Jay,userAttributes.given_name=Jane,"
				   "userAttributes.custom:tenant=one"));
	request_free(&request);
}

/* Attributes that are not mutable are the administrator's word, also where he said nothing, unless the pool
   demands one. */
static void test_attributes_that_are_not_mutable(void **state)
{
	static const struct {
		const char *before, *given, *name;
	} cases[] = {
		{ COMPLETE ",custom:tenant=one", "userAttributes.custom:tenant=two", "custom:tenant" },
		{ COMPLETE ",custom:tenant=one", "userAttributes.custom:tenant=", "custom:tenant" },
		{ COMPLETE, "userAttributes.custom:tenant=two", "custom:tenant" },
		{ COMPLETE, "userAttributes.sub=1", "sub" },
		{ COMPLETE, "userAttributes.email_verified=true", "email_verified" },
		{ COMPLETE, "userAttributes.phone_number_verified=false", "phone_number_verified" },
		{ COMPLETE, "userAttributes.identities=x", "identities" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str username = arena_printf(request->arena, "im-%zu", i);
		str message = arena_printf(request->arena, NOT_MUTABLE "%s", cases[i].name);
		invite(request, pool_id, username.data, cases[i].before);
		struct initiate_auth_response asked = challenge(request, client_id, username.data);
		assert_refused(request,
			choose(request, client_id, asked.session, username.data, cases[i].given),
			ERROR_INVALID_PARAMETER, message.data);
		request_free(&request);
	}
}

static void test_required_attribute_that_is_not_mutable(void **state)
{
	struct request *request = house_request(*state);
	invite(request, pool_id, "once", "nickname=O");
	struct initiate_auth_response asked = challenge(request, client_id, "once");
	assert_ok(
		request, choose(request, client_id, asked.session, "once", "userAttributes.given_name=Once"));
	request_free(&request);
}

/* An address that the administrator vouched for is not vouched for when it is another one. */
static void test_changed_address_is_not_verified(void **state)
{
	static const struct {
		const char *before, *given, *email, *verified;
	} cases[] = {
		{ COMPLETE ",email=a@example.com,email_verified=true", "userAttributes.email=b@example.com",
			"b@example.com", "false" },
		{ COMPLETE ",email=a@example.com,email_verified=true", "userAttributes.email=a@example.com",
			"a@example.com", "true" },
		{ COMPLETE ",email=a@example.com,email_verified=true", "userAttributes.name=A",
			"a@example.com", "true" },
		{ COMPLETE ",email=a@example.com,email_verified=true", "userAttributes.email=", "", "" },
		{ COMPLETE, "userAttributes.email=b@example.com", "b@example.com", "false" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str username = arena_printf(request->arena, "vera-%zu", i);
		invite(request, pool_id, username.data, cases[i].before);
		struct initiate_auth_response asked = challenge(request, client_id, username.data);
		assert_ok(request, choose(request, client_id, asked.session, username.data, cases[i].given));
		struct user user = house_find_user(request, pool_id, username.data);
		assert_str_equal(user_attribute(&user, STR("email")), str_of(cases[i].email));
		assert_str_equal(user_attribute(&user, STR("email_verified")), str_of(cases[i].verified));
		request_free(&request);
	}
}

/* So nobody gets the alias of another by writing it down. */
static void test_changed_address_is_no_alias(void **state)
{
	struct request *request = house_request(*state);
	const struct user_pool *pool;
	struct user user;
	bool found;
	invite(request, alias_pool_id, "thief", "email=thief@example.com,email_verified=true");
	struct initiate_auth_response asked = challenge(request, alias_client_id, "thief");
	assert_ok(request, choose(request, alias_client_id, asked.session, "thief",
				   "userAttributes.email=victim@example.com"));
	assert_ok(request, pool_find(request, alias_pool_id, &pool));
	assert_ok(request, user_find(request, pool, STR("victim@example.com"), &user, &found));
	assert_false(found);
	request_free(&request);
}

static void test_taken_alias(void **state)
{
	house_user(*state, alias_pool_id, "owner", "preferred_username=boss");
	struct request *request = house_request(*state);
	invite(request, alias_pool_id, "tess", "");
	struct initiate_auth_response asked = challenge(request, alias_client_id, "tess");
	assert_refused(request,
		choose(request, alias_client_id, asked.session, "tess",
			"userAttributes.preferred_username=boss"),
		ERROR_ALIAS_EXISTS, "An account with the given preferred_username already exists.");
	/* Nothing of it was kept. */
	assert_ok(request, choose(request, alias_client_id, asked.session, "tess",
				   "userAttributes.preferred_username=tess2"));
	request_free(&request);
}

static void test_very_long_name(void **state)
{
	struct request *request = house_request(*state);
	char name[3000];
	memset(name, 'x', sizeof name);
	invite(request, pool_id, "longus", COMPLETE);
	struct initiate_auth_response asked = challenge(request, client_id, "longus");
	str given = arena_printf(request->arena, "userAttributes.%.*s=1", (int)sizeof name, name);
	assert_refused(request, choose(request, client_id, asked.session, "longus", given.data),
		ERROR_INVALID_PARAMETER, UNFIT);
	request_free(&request);
}

/* --- Sessions --- */

static void test_session(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	invite(request, pool_id, "sam", COMPLETE);
	invite(request, pool_id, "sue", COMPLETE);
	str sams = challenge(request, client_id, "sam").session;
	str sues = challenge(request, client_id, "sue").session;
	assert_refused(request,
		answer(request, client_id, STR_NONE, "USERNAME=sam,NEW_PASSWORD=" NEW_PASSWORD, &output),
		ERROR_INVALID_PARAMETER, "Missing required parameter Session");
	assert_refused(request, answer(request, client_id, sams, "NEW_PASSWORD=" NEW_PASSWORD, &output),
		ERROR_INVALID_PARAMETER, "Missing required parameter USERNAME");
	assert_refused(request, choose(request, client_id, STR("AAAAAAAAAAAAAAAAAAAAAAAA"), "sam", ""),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(
		request, choose(request, client_id, sues, "sam", ""), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(
		request, choose(request, other_client_id, sams, "sam", ""), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_refused(
		request, choose(request, client_id, sams, "nobody", ""), ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_ok(request, choose(request, client_id, sams, "sam", ""));
	assert_refused(request, choose(request, client_id, sams, "sam", ""), ERROR_NOT_AUTHORIZED, USED);
	request->now += 3 * MINUTE;
	assert_refused(request, choose(request, client_id, sues, "sue", ""), ERROR_NOT_AUTHORIZED, EXPIRED);
	request_free(&request);
}

static void set_password(struct request *request, const char *username, const char *password, bool permanent)
{
	const struct admin_set_user_password_request input = {
		.user_pool_id = pool_id,
		.username = str_of(username),
		.password = str_of(password),
		.permanent = optional_bool(permanent),
	};
	assert_ok(request, user_admin_set_password(request, &input));
}

/* A session that an old password has opened ends with the password. */
static void test_session_and_another_password(void **state)
{
	for (int permanent = 0; permanent < 2; permanent++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response output;
		str username = arena_printf(request->arena, "reset-%d", permanent);
		invite(request, pool_id, username.data, COMPLETE);
		str session = challenge(request, client_id, username.data).session;
		set_password(request, username.data, "0ther-one!", permanent);
		assert_refused(request, choose(request, client_id, session, username.data, ""),
			ERROR_NOT_AUTHORIZED, USED);
		assert_ok(request, sign_in(request, client_id, username.data, "0ther-one!", &output));
		assert_int_equal(output.authentication_result != NULL, permanent);
		request_free(&request);
	}
}

static void test_two_sessions(void **state)
{
	struct request *request = house_request(*state);
	invite(request, pool_id, "twin", COMPLETE);
	str first = challenge(request, client_id, "twin").session;
	str second = challenge(request, client_id, "twin").session;
	assert_ok(request, choose(request, client_id, second, "twin", ""));
	assert_refused(request, choose(request, client_id, first, "twin", ""), ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

static void test_blocked_user(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	invite(request, pool_id, "blocked", COMPLETE);
	str session = challenge(request, client_id, "blocked").session;
	for (int i = 0; i < 5; i++)
		assert_refused(request, sign_in(request, client_id, "blocked", "x", &output),
			ERROR_NOT_AUTHORIZED, WRONG);
	assert_refused(request, choose(request, client_id, session, "blocked", ""), ERROR_NOT_AUTHORIZED,
		"Password attempts exceeded");
	request->now += SECOND;
	assert_ok(request, choose(request, client_id, session, "blocked", ""));
	request_free(&request);
}

/* --- What happens between the checks and the transaction --- */

static const struct {
	const char *sql, *message;
} races[] = {
	{ "UPDATE challenge_session SET used = 1", USED },
	{ "UPDATE pool_user SET password_hash = 'other' WHERE username = 'racer'", NO_SESSION },
	{ "UPDATE pool_user SET enabled = 0 WHERE username = 'racer'", NO_SESSION },
	{ "UPDATE pool_user SET status = 'CONFIRMED' WHERE username = 'racer'", NO_SESSION },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'", USED },
};

static void test_races(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(races); i++) {
		struct request *request = house_request(*state);
		invite(request, pool_id, "racer", COMPLETE);
		str session = challenge(request, client_id, "racer").session;
		int before = house_count(*state, "sign_in");
		interruption_execute(*state, races[i].sql);
		assert_refused(request, choose(request, client_id, session, "racer", ""),
			ERROR_NOT_AUTHORIZED, races[i].message);
		assert_int_equal(house_count(*state, "sign_in"), before);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

/* An address that changed meanwhile is the name, not the one that was read before. */
static void test_names_change_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	invite(request, alias_pool_id, "nina", "email=old@example.com,email_verified=true");
	str session = challenge(request, alias_client_id, "nina").session;
	interruption_execute(*state,
		"UPDATE user_attribute SET value = 'new@example.com' WHERE value = 'old@example.com';"
		"UPDATE sign_in_name SET name_key = 'new@example.com' WHERE name_key = 'old@example.com'");
	assert_ok(request, choose(request, alias_client_id, session, "nina", "userAttributes.name=Nina"));
	struct user user = house_find_user(request, alias_pool_id, "new@example.com");
	assert_str_equal(user.username, STR("nina"));
	assert_str_equal(user_attribute(&user, STR("email")), STR("new@example.com"));
	assert_str_equal(user_attribute(&user, STR("name")), STR("Nina"));
	request_free(&request);
}

struct race {
	const struct house *house;
	str session;
};

static void answer_first(const void *context)
{
	const struct race *race = context;
	struct request *request = house_request(race->house);
	assert_ok(request, choose(request, client_id, race->session, "double", ""));
	request_free(&request);
}

static void test_answers_side_by_side(void **state)
{
	struct request *request = house_request(*state);
	invite(request, pool_id, "double", COMPLETE);
	const struct race race = { *state, challenge(request, client_id, "double").session };
	interruption_set(answer_first, &race);
	assert_refused(
		request, choose(request, client_id, race.session, "double", ""), ERROR_NOT_AUTHORIZED, USED);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_challenge),
		cmocka_unit_test(test_attributes_that_are_shown),
		cmocka_unit_test(test_temporary_password_expires),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_answer_by_administrators),
		cmocka_unit_test(test_second_try),
		cmocka_unit_test(test_attributes_that_are_refused),
		cmocka_unit_test(test_attributes_that_the_client_may_not_write),
		cmocka_unit_test(test_attributes_as_they_were_shown),
		cmocka_unit_test(test_attributes_that_are_not_mutable),
		cmocka_unit_test(test_required_attribute_that_is_not_mutable),
		cmocka_unit_test(test_changed_address_is_not_verified),
		cmocka_unit_test(test_changed_address_is_no_alias),
		cmocka_unit_test(test_taken_alias),
		cmocka_unit_test(test_very_long_name),
		cmocka_unit_test(test_session),
		cmocka_unit_test(test_session_and_another_password),
		cmocka_unit_test(test_two_sessions),
		cmocka_unit_test(test_blocked_user),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_names_change_meanwhile),
		cmocka_unit_test(test_answers_side_by_side),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
