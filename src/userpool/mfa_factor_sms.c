/* SPDX-License-Identifier: Apache-2.0 */
/* SMS_MFA: codes sent to the user's phone number, which need not be verified. Users can turn it on; asking
   for it is refused, so that nobody who must give a code signs in without one. */
#include "userpool/auth_mfa.h"
#include "userpool/mfa_factor.h"
#include "userpool/pool_mfa.h"

static RESULT is_configured(struct request *request, struct user *user, bool *is_configured)
{
	return mfa_factor_has_attribute(request, user, "phone_number", is_configured);
}

static RESULT refuse(struct request *request)
{
	return FAIL(request, INVALID_USER_POOL_CONFIGURATION, "SMS MFA is not available.");
}

static RESULT ask(struct auth *auth, struct user *user)
{
	(void)user;
	return refuse(auth->request);
}

static RESULT check(struct request *request, struct user *user, str code, enum mfa_verdict *verdict)
{
	(void)user;
	(void)code;
	(void)verdict;
	return refuse(request);
}

const struct mfa_factor mfa_factor_sms = {
	.challenge = CHALLENGE_NAME_TYPE_SMS_MFA,
	.code_parameter = "SMS_MFA_CODE",
	.missing = "User does not have delivery config set to turn on SMS_MFA",
	.is_offered = pool_mfa_offers_sms,
	.is_configured = is_configured,
	.ask = ask,
	.check = check,
};

/* --- Its challenge --- */

static bool is_due(const struct auth *auth, const struct user *user)
{
	(void)user;
	return auth_mfa_is_due(auth, &mfa_factor_sms);
}

static RESULT ask_for_code(struct auth *auth, struct user *user)
{
	return auth_mfa_ask(auth, user, &mfa_factor_sms);
}

static RESULT answer(struct auth *auth)
{
	return auth_mfa_answer(auth, &mfa_factor_sms, &auth_challenge_sms);
}

const struct auth_challenge auth_challenge_sms = {
	.name = CHALLENGE_NAME_TYPE_SMS_MFA,
	.is_due = is_due,
	.ask = ask_for_code,
	.answer = answer,
};
