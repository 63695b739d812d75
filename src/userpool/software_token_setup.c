/* SPDX-License-Identifier: Apache-2.0 */
/* The two calls. The secret is known to whoever asked for it, so a code proves only that the app has it;
   wrong ones are counted all the same. */
#include "userpool/software_token_setup.h"

#include "audit/trail.h"
#include "store/store.h"
#include "userpool/access_token.h"
#include "userpool/attempt.h"
#include "userpool/challenge_session.h"
#include "userpool/client.h"
#include "userpool/mfa_choice.h"
#include "userpool/pool.h"
#include "userpool/software_token.h"

struct setup {
	const struct user_pool *pool;
	struct user user;
	const struct client *client; /* of the session */
	str session; /* absent: the user is signed in */
	str next_session;
	enum challenge_stage stage;
};

/* --- Who --- */

static RESULT refuse_session(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
}

static RESULT find_by_session(struct request *request, struct setup *setup)
{
	struct challenge_session found;
	bool is_there;
	TRY(challenge_session_find(request, setup->session, CHALLENGE_NAME_TYPE_MFA_SETUP, &found));
	TRY(client_find_with_pool(request, found.client_id, &setup->client, &setup->pool));
	TRY(user_by_id(request, setup->pool->id, found.user_id, &setup->user, &is_there));
	setup->stage = found.stage;
	setup->next_session = challenge_session_new(request);
	return is_there ? user_check_state(request, &setup->user) : refuse_session(request);
}

static RESULT begin(struct request *request, str session, struct setup *setup)
{
	*setup = (struct setup){ .session = session };
	if ((request->caller != NULL) == str_is_set(session))
		return FAIL(request, INVALID_PARAMETER, "Either AccessToken or Session must be provided.");
	if (str_is_set(session)) {
		TRY(find_by_session(request, setup));
	} else {
		setup->pool = request->caller->pool;
		setup->user = request->caller->user;
	}
	if (!mfa_factor_software_token.is_offered(setup->pool))
		return FAIL(request, SOFTWARE_TOKEN_MFA_NOT_FOUND,
			"Software Token MFA has not been enabled by the userPool");
	return OK;
}

/* Inside a transaction. A session is good for who has no second factor: one that is older than the user's
   token must not replace it. */
static RESULT check_still_due(struct request *request, struct setup *setup)
{
	struct mfa_choice choice;
	bool is_unchanged;
	if (!str_is_set(setup->session))
		return OK;
	TRY(user_is_unchanged(request, &setup->user, &is_unchanged));
	if (!is_unchanged)
		return refuse_session(request);
	TRY(mfa_choose(request, setup->pool, &setup->user, &choice));
	return choice.need == MFA_SET_UP ? OK : refuse_session(request);
}

static RESULT advance(struct request *request, const struct setup *setup, enum challenge_stage stage)
{
	if (!str_is_set(setup->session))
		return OK;
	return challenge_session_advance(request, setup->session, setup->next_session, setup->client,
		&setup->user, CHALLENGE_NAME_TYPE_MFA_SETUP, stage);
}

/* --- AssociateSoftwareToken --- */

struct association {
	struct setup setup;
	str text;
};

static RESULT offer(struct request *request, void *context)
{
	struct association *association = context;
	TRY(check_still_due(request, &association->setup));
	TRY(software_token_offer(request, &association->setup.user, &association->text));
	return advance(request, &association->setup, CHALLENGE_ASSOCIATED);
}

static RESULT associate(struct request *request, str session, struct association *association)
{
	TRY(begin(request, session, &association->setup));
	if (association->setup.stage == CHALLENGE_VERIFIED)
		return refuse_session(request);
	return store_write(request, offer, association);
}

result software_token_setup_associate(struct request *request,
	const struct associate_software_token_request *input,
	struct associate_software_token_response *output)
{
	struct association association;
	result outcome = associate(request, input->session, &association);
	/* The operation knows no errors for what has become of the user. */
	if (request->error == ERROR_USER_NOT_FOUND)
		return FAIL(request, NOT_AUTHORIZED, "Invalid Access Token");
	if (request->error == ERROR_USER_NOT_CONFIRMED || request->error == ERROR_PASSWORD_RESET_REQUIRED)
		return refuse_session(request);
	TRY(outcome);
	output->secret_code = association.text;
	output->session = association.setup.next_session;
	return OK;
}

/* --- VerifySoftwareToken --- */

struct verification {
	struct setup setup;
	const struct verify_software_token_request *input;
	struct attempt_subject attempts;
	bool is_right, is_blocked;
};

/* Ends well also after a wrong code, so that it stays counted. */
static RESULT settle(struct request *request, void *context)
{
	struct verification *verification = context;
	struct setup *setup = &verification->setup;
	TRY(check_still_due(request, setup));
	TRY(attempt_check_blocked(request, &verification->attempts, &verification->is_blocked));
	if (verification->is_blocked) {
		trail_note_failure(request, ERROR_TOO_MANY_REQUESTS);
		return OK;
	}
	TRY(software_token_verify(request, &setup->user, verification->input->user_code,
		verification->input->friendly_device_name, &verification->is_right));
	TRY(attempt_settle(
		request, &verification->attempts, verification->is_right, &verification->is_blocked));
	if (verification->is_right)
		return advance(request, setup, CHALLENGE_VERIFIED);
	trail_note_failure(request, ERROR_ENABLE_SOFTWARE_TOKEN_MFA);
	return str_is_set(setup->session) ? challenge_session_fail(request, setup->session) : OK;
}

result software_token_setup_verify(struct request *request, const struct verify_software_token_request *input,
	struct verify_software_token_response *output)
{
	struct verification verification = { .input = input };
	struct setup *setup = &verification.setup;
	TRY(begin(request, input->session, setup));
	if (str_is_set(input->session) && setup->stage != CHALLENGE_ASSOCIATED)
		return refuse_session(request);
	verification.attempts =
		attempt_subject(request, ATTEMPT_SET_UP_MFA, setup->pool, &setup->user, setup->user.username);
	TRY(store_write(request, settle, &verification));
	if (verification.is_blocked)
		return FAIL(request, TOO_MANY_REQUESTS, "Too many requests");
	if (!verification.is_right)
		return FAIL(request, ENABLE_SOFTWARE_TOKEN_MFA, "Code mismatch");
	output->status = VERIFY_SOFTWARE_TOKEN_RESPONSE_TYPE_SUCCESS;
	output->session = setup->next_session;
	return OK;
}
