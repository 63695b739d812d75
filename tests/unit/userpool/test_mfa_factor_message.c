/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/mfa_factor.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "unit/userpool/mailbox.h"
#include "userpool/auth.h"

#define NOW        INT64_C(1738659903123)
#define NO_SESSION "Invalid session for the user."
#define USED       "Invalid session for the user, session can only be used once."
#define EXPIRED    "Invalid session for the user, session is expired."
#define WRONG      "Invalid code or auth state for the user."
#define BLOCKED    "Password attempts exceeded"

#define FLOWS "\"ExplicitAuthFlows\":[\"ALLOW_USER_PASSWORD_AUTH\"]"
#define SMS                                                                                                  \
	"\"SmsMfaConfiguration\":{\"SmsAuthenticationMessage\":\"{####} is it\",\"SmsConfiguration\":"       \
	"{\"SnsCallerArn\":\"arn:aws:iam::1:role/sms\"}}"
#define EMAIL "\"EmailMfaConfiguration\":{\"Message\":\"<b>{####}</b> for {username}\",\"Subject\":\"Hello\"}"

static str pool_id, client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	house_set_mfa(*state, pool_id, "\"MfaConfiguration\":\"OPTIONAL\"," SMS "," EMAIL);
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"," FLOWS "}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static const struct kind {
	const struct mfa_factor *factor;
	enum challenge_name_type challenge;
	const char *name, *parameter, *medium, *recipient, *destination;
	const char *subject, *before, *behind; /* of the message; what stands around the code */
} kinds[] = {
	{ &mfa_factor_sms, CHALLENGE_NAME_TYPE_SMS_MFA, "SMS_MFA", "SMS_MFA_CODE", "SMS", "+15550100123",
		"+*******0123", NULL, "", " is it" },
	{ &mfa_factor_email, CHALLENGE_NAME_TYPE_EMAIL_OTP, "EMAIL_OTP", "EMAIL_OTP_CODE", "EMAIL",
		"jane@example.com", "j***@e***", "Hello", "<b>", "</b> for jane" },
};

/* --- Calls --- */

/* A user with both addresses who has turned that factor on. */
static void house_jane(const struct house *house, const char *factors)
{
	house_execute(house, "PRAGMA foreign_keys = ON; DELETE FROM pool_user; DELETE FROM attempt");
	house_user(house, pool_id, "jane", "phone_number=+15550100123,email=jane@example.com");
	struct request *request = house_request(house);
	str sql = arena_printf(request->arena, "UPDATE pool_user SET mfa_factors = '%s'", factors);
	house_execute(house, sql.data);
	request_free(&request);
	mailbox_empty();
}

static RESULT sign_in(struct request *request, struct initiate_auth_response *answer)
{
	const struct initiate_auth_request input = {
		.client_id = client_id,
		.auth_flow = AUTH_FLOW_TYPE_USER_PASSWORD_AUTH,
		.auth_parameters = house_map(request, "USERNAME=jane,PASSWORD=" HOUSE_PASSWORD),
	};
	*answer = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_initiate(request, &input, answer);
}

static RESULT answer_with(struct request *request, enum challenge_name_type challenge, str session,
	const char *parameter, str value, struct initiate_auth_response *output)
{
	str responses = arena_printf(request->arena, "USERNAME=jane,%s=%.*s", parameter, STR_ARG(value));
	const struct respond_to_auth_challenge_request input = {
		.client_id = client_id,
		.challenge_name = challenge,
		.session = session,
		.challenge_responses = house_map(request, responses.data),
	};
	*output = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_respond(request, &input, output);
}

static RESULT give_code(struct request *request, const struct kind *kind, str session, str code,
	struct initiate_auth_response *output)
{
	return answer_with(request, kind->challenge, session, kind->parameter, code, output);
}

static str ask(struct request *request, const struct kind *kind)
{
	struct initiate_auth_response asked;
	assert_ok(request, sign_in(request, &asked));
	assert_int_equal(asked.challenge_name, kind->challenge);
	assert_null(asked.authentication_result);
	return asked.session;
}

static str parameter(const struct initiate_auth_response *asked, const char *name)
{
	for (size_t i = 0; i < asked->challenge_parameters.count; i++)
		if (str_equal(asked->challenge_parameters.items[i].name, str_of(name)))
			return asked->challenge_parameters.items[i].value;
	return STR_NONE;
}

/* Six other digits. */
static str other_than(struct request *request, str code)
{
	return arena_printf(
		request->arena, "%c%.5s", code.data[0] == '9' ? '0' : code.data[0] + 1, code.data + 1);
}

/* --- Asking --- */

static void test_asked(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		const struct kind *kind = &kinds[i];
		struct request *request = house_request(*state);
		struct initiate_auth_response asked;
		house_jane(*state, kind->name);
		assert_ok(request, sign_in(request, &asked));
		assert_int_equal(asked.challenge_name, kind->challenge);
		assert_int_equal(asked.challenge_parameters.count, 3);
		assert_str_equal(parameter(&asked, "CODE_DELIVERY_DELIVERY_MEDIUM"), str_of(kind->medium));
		assert_str_equal(parameter(&asked, "CODE_DELIVERY_DESTINATION"), str_of(kind->destination));
		assert_str_equal(parameter(&asked, "USER_ID_FOR_SRP"), STR("jane"));
		assert_int_equal(mailbox_count(), 1);
		const struct outbox_message *message = mailbox_message(0);
		assert_str_equal(message->recipient, str_of(kind->recipient));
		if (kind->subject)
			assert_str_equal(message->subject, str_of(kind->subject));
		str code = mailbox_code();
		assert_str_equal(message->body,
			arena_printf(request->arena, "%s%.*s%s", kind->before, STR_ARG(code), kind->behind));
		request_free(&request);
	}
}

static void test_only_a_hash_is_kept(void **state)
{
	struct request *request = house_request(*state);
	house_jane(*state, "SMS_MFA");
	ask(request, &kinds[0]);
	assert_int_equal(
		house_count(*state, "challenge_session WHERE used = 0 AND length(code_hash) = 32"), 1);
	str sql = arena_printf(
		request->arena, "challenge_session WHERE instr(code_hash, '%.*s')", STR_ARG(mailbox_code()));
	assert_int_equal(house_count(*state, sql.data), 0);
	request_free(&request);
}

/* Nobody signs in where nothing can be sent. */
static void test_outbox_that_is_closed(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	house_jane(*state, "SMS_MFA");
	int sessions = house_count(*state, "challenge_session");
	mailbox_close();
	assert_false(result_is_ok(sign_in(request, &answer)));
	assert_null(answer.authentication_result);
	assert_int_equal(house_count(*state, "challenge_session"), sessions);
	request_free(&request);
}

/* A stolen password is no way to have messages sent without end. */
static void test_messages_are_limited(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response answer;
	house_jane(*state, "SMS_MFA");
	for (int i = 0; i < 15; i++)
		ask(request, &kinds[0]);
	assert_refused(request, sign_in(request, &answer), ERROR_TOO_MANY_REQUESTS,
		"Too many codes were sent to the user.");
	assert_int_equal(mailbox_count(), 15);
	request->now += HOUR;
	ask(request, &kinds[0]);
	request_free(&request);
}

/* --- Answering --- */

static void test_answer(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response output;
		house_jane(*state, kinds[i].name);
		str session = ask(request, &kinds[i]), code = mailbox_code();
		str wrong[] = { other_than(request, code), STR("x"), STR("0") };
		for (size_t k = 0; k < ARRAY_LEN(wrong); k++)
			assert_refused(request, give_code(request, &kinds[i], session, wrong[k], &output),
				ERROR_CODE_MISMATCH, WRONG);
		assert_ok(request, give_code(request, &kinds[i], session, code, &output));
		assert_non_null(output.authentication_result);
		assert_refused(request, give_code(request, &kinds[i], session, code, &output),
			ERROR_NOT_AUTHORIZED, USED);
		request_free(&request);
	}
}

static void test_code_of_another_session(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	house_jane(*state, "SMS_MFA");
	str first = ask(request, &kinds[0]), first_code = mailbox_code();
	str second = ask(request, &kinds[0]), second_code = mailbox_code();
	if (!str_equal(first_code, second_code))
		assert_refused(request, give_code(request, &kinds[0], second, first_code, &output),
			ERROR_CODE_MISMATCH, WRONG);
	assert_refused(request, give_code(request, &kinds[1], second, second_code, &output),
		ERROR_NOT_AUTHORIZED, NO_SESSION);
	assert_ok(request, give_code(request, &kinds[0], second, second_code, &output));
	assert_ok(request, give_code(request, &kinds[0], first, first_code, &output));
	request_free(&request);
}

static void test_code_that_came_late(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	house_jane(*state, "EMAIL_OTP");
	str session = ask(request, &kinds[1]), code = mailbox_code();
	request->now += 3 * MINUTE;
	assert_refused(request, give_code(request, &kinds[1], session, code, &output), ERROR_NOT_AUTHORIZED,
		EXPIRED);
	request_free(&request);
}

/* Five guesses end the session and block the user in every other one. */
static void test_guessing(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	house_jane(*state, "SMS_MFA");
	str other = ask(request, &kinds[0]), other_code = mailbox_code();
	str session = ask(request, &kinds[0]), code = mailbox_code();
	for (int i = 0; i < 5; i++)
		assert_refused(request,
			give_code(request, &kinds[0], session, other_than(request, code), &output),
			ERROR_CODE_MISMATCH, WRONG);
	assert_refused(
		request, give_code(request, &kinds[0], session, code, &output), ERROR_NOT_AUTHORIZED, USED);
	assert_refused(request, give_code(request, &kinds[0], other, other_code, &output),
		ERROR_NOT_AUTHORIZED, BLOCKED);
	request->now += SECOND;
	assert_ok(request, give_code(request, &kinds[0], other, other_code, &output));
	request_free(&request);
}

/* The session of a challenge that has sent nothing takes no code, not even none. */
static void test_session_without_a_code(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response output;
	house_jane(*state, "SMS_MFA");
	str session = ask(request, &kinds[0]), code = mailbox_code();
	house_execute(*state, "UPDATE challenge_session SET code_hash = NULL");
	assert_refused(
		request, give_code(request, &kinds[0], session, code, &output), ERROR_CODE_MISMATCH, WRONG);
	assert_refused(request, give_code(request, &kinds[0], session, STR(""), &output),
		ERROR_INVALID_PARAMETER, "Missing required parameter SMS_MFA_CODE");
	request_free(&request);
}

static const char *const changes[] = {
	"UPDATE pool_user SET enabled = 0",
	"UPDATE pool_user SET password_hash = 'other'",
};

static void test_user_that_changes_meanwhile(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response output;
		house_jane(*state, "SMS_MFA");
		str session = ask(request, &kinds[0]), code = mailbox_code();
		interruption_execute(*state, changes[i]);
		assert_refused(request, give_code(request, &kinds[0], session, code, &output),
			ERROR_NOT_AUTHORIZED, NO_SESSION);
		request_free(&request);
	}
}

/* --- Choosing --- */

static void test_selection(void **state)
{
	static const char *const answers[] = { "SMS_MFA", "EMAIL_OTP", "EMAIL_MFA" };
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		const struct kind *kind = &kinds[i ? 1 : 0];
		struct request *request = house_request(*state);
		struct initiate_auth_response asked, chosen, output;
		house_jane(*state, "SMS_MFA EMAIL_OTP");
		assert_ok(request, sign_in(request, &asked));
		assert_int_equal(asked.challenge_name, CHALLENGE_NAME_TYPE_SELECT_MFA_TYPE);
		assert_str_equal(parameter(&asked, "MFAS_CAN_CHOOSE"), STR("[\"SMS_MFA\",\"EMAIL_OTP\"]"));
		assert_int_equal(mailbox_count(), 0);
		assert_ok(request, answer_with(request, CHALLENGE_NAME_TYPE_SELECT_MFA_TYPE, asked.session,
					   "ANSWER", str_of(answers[i]), &chosen));
		assert_int_equal(chosen.challenge_name, kind->challenge);
		assert_str_equal(parameter(&chosen, "CODE_DELIVERY_DESTINATION"), str_of(kind->destination));
		/* As older documentation calls it. */
		const char *name = i == 2 ? "EMAIL_MFA_CODE" : kind->parameter;
		assert_ok(request,
			answer_with(request, kind->challenge, chosen.session, name, mailbox_code(), &output));
		assert_non_null(output.authentication_result);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_only_a_hash_is_kept),
		cmocka_unit_test(test_outbox_that_is_closed),
		cmocka_unit_test(test_messages_are_limited),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_code_of_another_session),
		cmocka_unit_test(test_code_that_came_late),
		cmocka_unit_test(test_guessing),
		cmocka_unit_test(test_session_without_a_code),
		cmocka_unit_test(test_user_that_changes_meanwhile),
		cmocka_unit_test(test_selection),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
