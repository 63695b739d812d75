/* SPDX-License-Identifier: Apache-2.0 */
/* Choosing. What a user has turned on comes first; where the pool demands a second factor, what the user has
   counts as turned on, so that nobody signs in without one by turning all of them off. */
#include "userpool/mfa_choice.h"

#include "base/buf.h"
#include "base/jsontext.h"
#include "userpool/pool.h"
#include "userpool/pool_mfa.h"
#include "userpool/user.h"

enum { NAMES_MAX_BYTES = 256 };

static RESULT add_if_configured(struct request *request, struct user *user, const struct mfa_factor *factor,
	struct mfa_choice *choice)
{
	bool is_configured;
	TRY(factor->is_configured(factor, request, user, &is_configured));
	if (is_configured)
		choice->factors[choice->count++] = factor;
	return OK;
}

static RESULT add_those_turned_on(
	struct request *request, const struct user_pool *pool, struct user *user, struct mfa_choice *choice)
{
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (mfa_factor_is_on(mfa_factors[i], user) &&
			(mfa_factors[i]->outlives_offer || mfa_factors[i]->is_offered(pool)))
			TRY(add_if_configured(request, user, mfa_factors[i], choice));
	return OK;
}

static RESULT add_those_offered(
	struct request *request, const struct user_pool *pool, struct user *user, struct mfa_choice *choice)
{
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (mfa_factors[i]->is_offered(pool))
			TRY(add_if_configured(request, user, mfa_factors[i], choice));
	return OK;
}

static void add_those_to_set_up(const struct user_pool *pool, struct mfa_choice *choice)
{
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (mfa_factors[i]->is_set_up_in_sign_in && mfa_factors[i]->is_offered(pool))
			choice->factors[choice->count++] = mfa_factors[i];
}

static void prefer(const struct mfa_factor *preferred, struct mfa_choice *choice)
{
	if (!preferred || !mfa_choice_has(choice, preferred))
		return;
	choice->factors[0] = preferred;
	choice->count = 1;
}

result mfa_choose(
	struct request *request, const struct user_pool *pool, struct user *user, struct mfa_choice *choice)
{
	bool is_required = pool->settings.mfa_configuration == USER_POOL_MFA_TYPE_ON;
	*choice = (struct mfa_choice){ .need = MFA_NONE };
	if (!pool_mfa_is_on(pool))
		return OK;
	TRY(add_those_turned_on(request, pool, user, choice));
	if (!choice->count && is_required)
		TRY(add_those_offered(request, pool, user, choice));
	prefer(mfa_factor_by_name(user->mfa.preferred), choice);
	if (choice->count) {
		choice->need = choice->count == 1 ? MFA_CODE : MFA_SELECTION;
	} else if (is_required) {
		choice->need = MFA_SET_UP;
		add_those_to_set_up(pool, choice);
	}
	return OK;
}

bool mfa_choice_has(const struct mfa_choice *choice, const struct mfa_factor *factor)
{
	for (size_t i = 0; i < choice->count; i++)
		if (choice->factors[i] == factor)
			return true;
	return false;
}

str mfa_choice_names(struct request *request, const struct mfa_choice *choice)
{
	struct buf text = buf_new(request->arena, NAMES_MAX_BYTES);
	buf_add_char(&text, '[');
	for (size_t i = 0; i < choice->count; i++) {
		jsontext_add_separator(&text);
		jsontext_add_string(&text, mfa_factor_name(choice->factors[i]));
	}
	buf_add_char(&text, ']');
	return buf_str(&text);
}
