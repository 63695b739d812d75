/* SPDX-License-Identifier: Apache-2.0 */
/* Taking factors away. All of it is one transaction: no sign-in sees half of it. */
#include "userpool/lost_factor.h"

#include "store/store.h"
#include "userpool/attempt.h"
#include "userpool/challenge_session.h"
#include "userpool/mfa_factor.h"
#include "userpool/mfa_preference.h"
#include "userpool/pool.h"
#include "userpool/user.h"

struct removal {
	const struct user_pool *pool;
	struct user user;
	const struct mfa_factor *factor; /* NULL: all */
	bool ends_sessions;
};

static RESULT remove_factor(struct request *request, struct user *user, const struct mfa_factor *factor)
{
	if (factor->remove)
		TRY(factor->remove(request, user));
	return mfa_preference_turn_off(request, user, factor);
}

static RESULT remove_factors(struct request *request, struct removal *removal)
{
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (!removal->factor || removal->factor == mfa_factors[i])
			TRY(remove_factor(request, &removal->user, mfa_factors[i]));
	return OK;
}

/* The guesses were at what is gone. */
static RESULT forget_guesses(struct request *request, const struct removal *removal)
{
	static const enum attempt_kind kinds[] = { ATTEMPT_MFA_CODE, ATTEMPT_SET_UP_MFA };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct attempt_subject subject = attempt_subject(
			request, kinds[i], removal->pool, &removal->user, removal->user.username);
		TRY(attempt_forget(request, &subject));
	}
	return OK;
}

static RESULT apply(struct request *request, void *context)
{
	struct removal *removal = context;
	str id = removal->user.id;
	bool found;
	/* Somebody else may have changed the user since it was read. */
	TRY(user_by_id(request, removal->pool->id, id, &removal->user, &found));
	if (!found)
		return FAIL(request, USER_NOT_FOUND, "User does not exist.");
	TRY(remove_factors(request, removal));
	TRY(challenge_session_end(request, &removal->user));
	TRY(forget_guesses(request, removal));
	return removal->ends_sessions ? user_invalidate_tokens(request, id) : OK;
}

result lost_factor_remove(struct request *request, const struct remove_user_second_factor_request *input)
{
	struct removal removal = { .ends_sessions = optional_bool_or(input->end_sessions, false) };
	if (input->factor)
		removal.factor =
			mfa_factor_by_name(spec_enum_text(&spec_type_second_factor_type, (int)input->factor));
	TRY(pool_find(request, input->user_pool_id, &removal.pool));
	TRY(user_get(request, removal.pool, input->username, &removal.user));
	return store_write(request, apply, &removal);
}
