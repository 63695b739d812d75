/* SPDX-License-Identifier: Apache-2.0 */
/* SELECT_MFA_TYPE: a user who could give a code of several second factors, and prefers none, chooses one. */
#include "store/store.h"
#include "userpool/auth.h"
#include "userpool/challenge_session.h"

static bool is_due(const struct auth *auth, const struct user *user)
{
	(void)user;
	return auth->mfa.need == MFA_SELECTION;
}

static RESULT ask(struct auth *auth, struct user *user)
{
	auth_ask_with(auth, "USER_ID_FOR_SRP", user->username);
	auth_ask_with(auth, "MFAS_CAN_CHOOSE", mfa_choice_names(auth->request, &auth->mfa));
	return OK;
}

struct selection {
	struct auth *auth;
	struct user user;
	str name;
	struct auth_step step;
};

/* What the user has may have changed since it was asked. */
static RESULT find_factor(
	struct request *request, struct selection *selection, const struct mfa_factor **factor)
{
	struct mfa_choice *choice = &selection->auth->mfa;
	TRY(mfa_choose(request, selection->auth->pool, &selection->user, choice));
	*factor = mfa_factor_by_name(selection->name);
	bool is_choice = choice->need == MFA_CODE || choice->need == MFA_SELECTION;
	if (!*factor || !is_choice || !mfa_choice_has(choice, *factor))
		return FAIL(
			request, INVALID_PARAMETER, "ANSWER must be one of the MFA types to choose from.");
	return OK;
}

static RESULT select_factor(struct request *request, void *context)
{
	struct selection *selection = context;
	const struct mfa_factor *factor = NULL;
	bool is_unchanged;
	TRY(challenge_session_use(request, selection->auth->session));
	TRY(user_is_unchanged(request, &selection->user, &is_unchanged));
	if (!is_unchanged)
		return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
	TRY(find_factor(request, selection, &factor));
	return auth_proceed_to(selection->auth, &selection->user, factor->challenge, &selection->step);
}

static RESULT answer(struct auth *auth)
{
	struct selection selection = { .auth = auth };
	struct auth_subject subject;
	TRY(auth_parameter(auth, "ANSWER", &selection.name));
	TRY(auth_check_session(auth, CHALLENGE_NAME_TYPE_SELECT_MFA_TYPE, &subject));
	selection.user = subject.user;
	TRY(store_write(auth->request, select_factor, &selection));
	return auth_answer(auth, &selection.step);
}

const struct auth_challenge auth_challenge_select_mfa = {
	.name = CHALLENGE_NAME_TYPE_SELECT_MFA_TYPE,
	.is_due = is_due,
	.ask = ask,
	.answer = answer,
};
