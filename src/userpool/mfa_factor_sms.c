/* SPDX-License-Identifier: Apache-2.0 */
/* SMS_MFA: codes sent to the user's phone number, which need not be verified. Users can turn it on; asking
   for it is refused, so that nobody who must give a code signs in without one. */
#include "userpool/auth.h"
#include "userpool/mfa_factor.h"
#include "userpool/pool_mfa.h"

static RESULT is_configured(struct request *request, struct user *user, bool *is_configured)
{
	return mfa_factor_has_attribute(request, user, "phone_number", is_configured);
}

static RESULT ask(struct auth *auth, struct user *user)
{
	(void)user;
	return FAIL(auth->request, INVALID_USER_POOL_CONFIGURATION, "SMS MFA is not available.");
}

const struct mfa_factor mfa_factor_sms = {
	.challenge = CHALLENGE_NAME_TYPE_SMS_MFA,
	.code_parameter = "SMS_MFA_CODE",
	.missing = "User does not have delivery config set to turn on SMS_MFA",
	.is_offered = pool_mfa_offers_sms,
	.is_configured = is_configured,
	.ask = ask,
};
