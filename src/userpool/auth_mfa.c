/* SPDX-License-Identifier: Apache-2.0 */
/* Second factors in a sign-in. A code is judged in the transaction that counts it, so codes that come side by
   side are judged one after the other, and none while the user is blocked. */
#include "userpool/auth_mfa.h"

#include "audit/trail.h"
#include "store/store.h"
#include "userpool/challenge_session.h"

bool auth_mfa_is_due(const struct auth *auth, const struct mfa_factor *factor)
{
	return auth->mfa.need == MFA_CODE && mfa_choice_has(&auth->mfa, factor);
}

result auth_mfa_ask(struct auth *auth, struct user *user, const struct mfa_factor *factor)
{
	auth_ask_with(auth, "USER_ID_FOR_SRP", user->username);
	return factor->ask(factor, auth, user);
}

struct settlement {
	struct auth *auth;
	const struct auth_challenge *challenge;
	struct user user;
	struct attempt_subject attempts;
	str code;
	enum mfa_verdict verdict;
	bool is_blocked;
	struct auth_step step;
};

/* Inside a transaction. */
static RESULT check_unchanged(struct request *request, struct user *user)
{
	bool is_unchanged;
	TRY(user_is_unchanged(request, user, &is_unchanged));
	return is_unchanged ? OK : FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
}

/* Ends well also after a wrong code, so that it stays counted. Where the session was used up meanwhile
   nothing is kept, and nobody learns what the code was. */
static RESULT settle(struct request *request, void *context)
{
	struct settlement *settlement = context;
	TRY(check_unchanged(request, &settlement->user));
	TRY(attempt_check_blocked(request, &settlement->attempts, &settlement->is_blocked));
	if (settlement->is_blocked) {
		trail_note_failure(request, ERROR_NOT_AUTHORIZED);
		return OK;
	}
	TRY(settlement->challenge->factor->check(
		settlement->auth, &settlement->user, settlement->code, &settlement->verdict));
	TRY(attempt_settle(
		request, &settlement->attempts, settlement->verdict == MFA_RIGHT, &settlement->is_blocked));
	if (settlement->verdict != MFA_RIGHT) {
		trail_note_failure(
			request, settlement->verdict == MFA_EXPIRED ? ERROR_EXPIRED_CODE : ERROR_CODE_MISMATCH);
		return challenge_session_fail(request, settlement->auth->session);
	}
	TRY(challenge_session_use(request, settlement->auth->session));
	return auth_proceed(settlement->auth, &settlement->user, settlement->challenge, &settlement->step);
}

static RESULT conclude(struct settlement *settlement)
{
	struct request *request = settlement->auth->request;
	if (settlement->is_blocked)
		return auth_refuse_blocked(request);
	switch (settlement->verdict) {
	case MFA_WRONG:
		return FAIL(request, CODE_MISMATCH, "%s", settlement->challenge->factor->wrong);
	case MFA_EXPIRED:
		return FAIL(request, EXPIRED_CODE, "%s", settlement->challenge->factor->expired);
	case MFA_RIGHT:
		break;
	}
	return auth_answer(settlement->auth, &settlement->step);
}

static RESULT take_code(const struct auth *auth, const struct mfa_factor *factor, str *code)
{
	if (factor->other_code_parameter)
		*code = auth_optional_parameter(auth, factor->other_code_parameter);
	return str_is_empty(*code) ? auth_parameter(auth, factor->code_parameter, code) : OK;
}

result auth_mfa_answer(struct auth *auth, const struct auth_challenge *challenge)
{
	struct settlement settlement = { .auth = auth, .challenge = challenge };
	struct auth_subject subject;
	TRY(take_code(auth, challenge->factor, &settlement.code));
	TRY(auth_check_session(auth, challenge->name, &subject));
	settlement.user = subject.user;
	settlement.attempts =
		attempt_subject(auth->request, ATTEMPT_MFA_CODE, auth->pool, &subject.user, subject.username);
	TRY(store_write(auth->request, settle, &settlement));
	return conclude(&settlement);
}
