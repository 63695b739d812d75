/* SPDX-License-Identifier: Apache-2.0 */
/* SMS_MFA and EMAIL_OTP: codes sent to the user's phone number or e-mail address, which need not be verified.
   A code is good for the session of its challenge, and for as long. */
#include "crypto/random.h"
#include "userpool/auth_mfa.h"
#include "userpool/challenge_session.h"
#include "userpool/mfa_factor.h"
#include "userpool/pool_mfa.h"
#include "userpool/user_message.h"

enum { DIGITS = 6 };

static RESULT find_address(const struct mfa_factor *factor, struct request *request, struct user *user,
	struct user_address *address)
{
	if (!user->attributes.items)
		TRY(user_load_attributes(request, user));
	*address = user_message_address(user, factor->medium);
	return OK;
}

static RESULT is_configured(
	const struct mfa_factor *factor, struct request *request, struct user *user, bool *is_configured)
{
	struct user_address address;
	TRY(find_address(factor, request, user, &address));
	*is_configured = str_is_set(address.attribute);
	return OK;
}

/* Whoever has stolen a password may not have messages sent without end: they cost money, and sleep. */
static RESULT count_message(const struct auth *auth, const struct user *user)
{
	struct request *request = auth->request;
	struct attempt_subject subject =
		attempt_subject(request, ATTEMPT_MFA_MESSAGE, auth->pool, user, user->username);
	result outcome = attempt_count(request, &subject);
	if (result_is_ok(outcome) || request->error != ERROR_LIMIT_EXCEEDED)
		return outcome;
	request_clear_failure(request);
	return FAIL(request, TOO_MANY_REQUESTS, "Too many codes were sent to the user.");
}

static RESULT ask(const struct mfa_factor *factor, struct auth *auth, struct user *user)
{
	struct request *request = auth->request;
	struct user_address address;
	TRY(find_address(factor, request, user, &address));
	TRY(count_message(auth, user));
	auth->code = random_digits(request->arena, DIGITS);
	TRY(user_message_send(
		request, auth->pool, &address, TEMPLATE_AUTHENTICATION, auth->code, user->username));
	auth_ask_with(auth, "CODE_DELIVERY_DELIVERY_MEDIUM",
		spec_enum_text(&spec_type_delivery_medium_type, (int)address.medium));
	auth_ask_with(
		auth, "CODE_DELIVERY_DESTINATION", user_message_details(request, &address)->destination);
	return OK;
}

static RESULT check(const struct auth *auth, struct user *user, str code, enum mfa_verdict *verdict)
{
	bool is_right;
	(void)user;
	TRY(challenge_session_check_code(auth->request, auth->session, code, &is_right));
	*verdict = is_right ? MFA_RIGHT : MFA_WRONG;
	return OK;
}

const struct mfa_factor mfa_factor_sms = {
	.challenge = CHALLENGE_NAME_TYPE_SMS_MFA,
	.code_parameter = "SMS_MFA_CODE",
	.medium = DELIVERY_MEDIUM_TYPE_SMS,
	.wrong = "Invalid code or auth state for the user.",
	.missing = "User does not have delivery config set to turn on SMS_MFA",
	.is_offered = pool_mfa_offers_sms,
	.is_configured = is_configured,
	.ask = ask,
	.check = check,
};

const struct mfa_factor mfa_factor_email = {
	.challenge = CHALLENGE_NAME_TYPE_EMAIL_OTP,
	.also_called = "EMAIL_MFA",
	.code_parameter = "EMAIL_OTP_CODE",
	.other_code_parameter = "EMAIL_MFA_CODE",
	.medium = DELIVERY_MEDIUM_TYPE_EMAIL,
	.wrong = "Invalid code or auth state for the user.",
	.missing = "User does not have delivery config set to turn on EMAIL_OTP",
	.is_offered = pool_mfa_offers_email,
	.is_configured = is_configured,
	.ask = ask,
	.check = check,
};

const struct auth_challenge auth_challenge_sms = {
	.name = CHALLENGE_NAME_TYPE_SMS_MFA,
	.factor = &mfa_factor_sms,
};

const struct auth_challenge auth_challenge_email = {
	.name = CHALLENGE_NAME_TYPE_EMAIL_OTP,
	.factor = &mfa_factor_email,
};
