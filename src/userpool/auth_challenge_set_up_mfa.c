/* SPDX-License-Identifier: Apache-2.0 */
/* MFA_SETUP: a user who must give a code and has no second factor sets one up: AssociateSoftwareToken and
   VerifySoftwareToken by the challenge's session, then this answer by the session that the last of them gave.
 */
#include "store/store.h"
#include "userpool/auth.h"
#include "userpool/challenge_session.h"
#include "userpool/mfa_preference.h"

static bool is_due(const struct auth *auth, const struct user *user)
{
	(void)user;
	return auth->mfa.need == MFA_SET_UP;
}

static RESULT ask(struct auth *auth, struct user *user)
{
	if (!auth->mfa.count)
		return FAIL(auth->request, INVALID_USER_POOL_CONFIGURATION,
			"MFA is required, and the user has no MFA method that can be used or set up.");
	auth_ask_with(auth, "USER_ID_FOR_SRP", user->username);
	auth_ask_with(auth, "MFAS_CAN_SETUP", mfa_choice_names(auth->request, &auth->mfa));
	return OK;
}

struct completion {
	struct auth *auth;
	struct user user;
	struct auth_step step;
};

/* Setting it up has proven it. */
static RESULT complete(struct request *request, void *context)
{
	struct completion *completion = context;
	bool is_unchanged;
	TRY(challenge_session_use(request, completion->auth->session));
	TRY(user_is_unchanged(request, &completion->user, &is_unchanged));
	if (!is_unchanged || !completion->user.mfa.has_software_token)
		return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
	TRY(mfa_preference_turn_on(request, &completion->user, &mfa_factor_software_token));
	return auth_proceed(
		completion->auth, &completion->user, &auth_challenge_set_up_mfa, &completion->step);
}

static RESULT check_verified(const struct auth *auth)
{
	struct challenge_session found;
	TRY(challenge_session_find(auth->request, auth->session, CHALLENGE_NAME_TYPE_MFA_SETUP, &found));
	if (found.stage != CHALLENGE_VERIFIED)
		return FAIL(auth->request, INVALID_PARAMETER, "User has not verified software token mfa");
	return OK;
}

static RESULT answer(struct auth *auth)
{
	struct completion completion = { .auth = auth };
	struct auth_subject subject;
	/* The developer guide has it among the responses. */
	str session = auth_optional_parameter(auth, "SESSION");
	if (str_is_set(session))
		auth->session = session;
	TRY(auth_check_session(auth, CHALLENGE_NAME_TYPE_MFA_SETUP, &subject));
	TRY(check_verified(auth));
	completion.user = subject.user;
	TRY(store_write(auth->request, complete, &completion));
	return auth_answer(auth, &completion.step);
}

const struct auth_challenge auth_challenge_set_up_mfa = {
	.name = CHALLENGE_NAME_TYPE_MFA_SETUP,
	.is_due = is_due,
	.ask = ask,
	.answer = answer,
};
