/* SPDX-License-Identifier: Apache-2.0 */
/* SOFTWARE_TOKEN_MFA: codes of an authenticator app. */
#include "userpool/auth_mfa.h"
#include "userpool/mfa_factor.h"
#include "userpool/pool_mfa.h"
#include "userpool/software_token.h"

static RESULT is_configured(
	const struct mfa_factor *factor, struct request *request, struct user *user, bool *is_configured)
{
	(void)factor;
	(void)request;
	*is_configured = user->mfa.has_software_token;
	return OK;
}

static RESULT ask(const struct mfa_factor *factor, struct auth *auth, struct user *user)
{
	str device_name;
	(void)factor;
	TRY(software_token_device_name(auth->request, user, &device_name));
	if (str_is_set(device_name))
		auth_ask_with(auth, "FRIENDLY_DEVICE_NAME", device_name);
	return OK;
}

static RESULT check(const struct auth *auth, struct user *user, str code, enum mfa_verdict *verdict)
{
	static const enum mfa_verdict verdicts[] = {
		[TOTP_WRONG] = MFA_WRONG,
		[TOTP_USED] = MFA_EXPIRED,
		[TOTP_RIGHT] = MFA_RIGHT,
	};
	enum totp_verdict token_verdict;
	TRY(software_token_check(auth->request, user, code, &token_verdict));
	*verdict = verdicts[token_verdict];
	return OK;
}

const struct mfa_factor mfa_factor_software_token = {
	.challenge = CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA,
	.code_parameter = "SOFTWARE_TOKEN_MFA_CODE",
	.wrong = "Invalid code received for user",
	.expired = "Your software token has already been used once.",
	.missing = "User has not verified software token mfa",
	.outlives_offer = true,
	.is_set_up_in_sign_in = true,
	.is_offered = pool_mfa_offers_software_token,
	.is_configured = is_configured,
	.ask = ask,
	.check = check,
	.remove = software_token_remove,
};

const struct auth_challenge auth_challenge_software_token = {
	.name = CHALLENGE_NAME_TYPE_SOFTWARE_TOKEN_MFA,
	.factor = &mfa_factor_software_token,
};
