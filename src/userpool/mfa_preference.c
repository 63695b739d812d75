/* SPDX-License-Identifier: Apache-2.0 */
/* Preferences. They stand in the user's row as a text of names; passkeys, which are no second factor but may
   stand in for one, have theirs there as well. */
#include "userpool/mfa_preference.h"

#include "base/buf.h"
#include "spec/copy.h"
#include "store/store.h"
#include "userpool/access_token.h"
#include "userpool/mfa_factor.h"
#include "userpool/pool.h"
#include "userpool/user.h"

#define PASSKEYS "WEB_AUTHN"

enum { NAMES_MAX_BYTES = 256 };

/* --- What is wanted --- */

struct wish {
	const struct mfa_factor *factor;
	bool is_enabled;
	struct optional_bool is_preferred;
};

struct change {
	const struct user_pool *pool;
	struct user user;
	struct wish wishes[MFA_FACTOR_COUNT];
	size_t count;
	bool is_about_passkeys, with_passkeys;
};

static void add(struct change *change, const struct mfa_factor *factor, struct optional_bool enabled,
	struct optional_bool preferred)
{
	change->wishes[change->count++] = (struct wish){
		.factor = factor,
		.is_enabled = optional_bool_or(enabled, false),
		.is_preferred = preferred,
	};
}

static void read_wishes(const struct set_user_mfa_preference_request *input, struct change *change)
{
	const struct sms_mfa_settings_type *sms = input->sms_mfa_settings;
	const struct software_token_mfa_settings_type *token = input->software_token_mfa_settings;
	const struct email_mfa_settings_type *email = input->email_mfa_settings;
	if (sms)
		add(change, &mfa_factor_sms, sms->enabled, sms->preferred_mfa);
	if (token)
		add(change, &mfa_factor_software_token, token->enabled, token->preferred_mfa);
	if (email)
		add(change, &mfa_factor_email, email->enabled, email->preferred_mfa);
	change->is_about_passkeys = input->web_authn_mfa_settings != NULL;
	if (change->is_about_passkeys)
		change->with_passkeys = optional_bool_or(input->web_authn_mfa_settings->enabled, false);
}

/* --- What comes of it --- */

static const struct wish *find_wish(const struct change *change, const struct mfa_factor *factor)
{
	for (size_t i = 0; i < change->count; i++)
		if (change->wishes[i].factor == factor)
			return &change->wishes[i];
	return NULL;
}

static bool has_passkeys(const struct user *user)
{
	str rest = user->mfa.factors;
	while (str_is_set(rest))
		if (str_equal(str_split(&rest, ' '), STR(PASSKEYS)))
			return true;
	return false;
}

static void add_name(struct buf *names, str name)
{
	if (names->len)
		buf_add_char(names, ' ');
	buf_add(names, name);
}

static str factors_of(struct request *request, const struct change *change)
{
	struct buf names = buf_new(request->arena, NAMES_MAX_BYTES);
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++) {
		const struct wish *wish = find_wish(change, mfa_factors[i]);
		if (wish ? wish->is_enabled : mfa_factor_is_on(mfa_factors[i], &change->user))
			add_name(&names, mfa_factor_name(mfa_factors[i]));
	}
	if (change->is_about_passkeys ? change->with_passkeys : has_passkeys(&change->user))
		add_name(&names, STR(PASSKEYS));
	return names.len ? buf_str(&names) : STR_NONE;
}

static str preferred_of(const struct change *change)
{
	str preferred = change->user.mfa.preferred;
	/* What is no longer preferred first, or it would matter in which order they are told. */
	for (size_t i = 0; i < change->count; i++) {
		const struct wish *wish = &change->wishes[i];
		bool stays = wish->is_enabled && optional_bool_or(wish->is_preferred, true);
		if (!stays && str_equal(preferred, mfa_factor_name(wish->factor)))
			preferred = STR_NONE;
	}
	for (size_t i = 0; i < change->count; i++)
		if (optional_bool_or(change->wishes[i].is_preferred, false))
			preferred = mfa_factor_name(change->wishes[i].factor);
	return preferred;
}

/* --- Rules --- */

static RESULT check_preferred(struct request *request, const struct change *change)
{
	size_t preferred = 0;
	for (size_t i = 0; i < change->count; i++) {
		if (!optional_bool_or(change->wishes[i].is_preferred, false))
			continue;
		if (!change->wishes[i].is_enabled)
			return FAIL(
				request, INVALID_PARAMETER, "Only an enabled MFA method can be preferred.");
		preferred++;
	}
	if (preferred > 1)
		return FAIL(request, INVALID_PARAMETER, "Only one MFA method can be preferred.");
	return OK;
}

static RESULT check_passkeys(struct request *request, const struct change *change)
{
	const struct web_authn_configuration_type *passkeys = change->pool->mfa.web_authn_configuration;
	if (!change->with_passkeys)
		return OK;
	if (!passkeys || passkeys->factor_configuration !=
				 WEB_AUTHN_FACTOR_CONFIGURATION_TYPE_MULTI_FACTOR_WITH_USER_VERIFICATION)
		return FAIL(request, INVALID_PARAMETER, "Passkeys cannot be used for MFA in this user pool.");
	return OK;
}

/* Inside a transaction: on the user as it is then. */
static RESULT check_configured(struct request *request, struct change *change)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct wish *wish = &change->wishes[i];
		bool is_configured;
		if (!wish->is_enabled)
			continue;
		TRY(wish->factor->is_configured(wish->factor, request, &change->user, &is_configured));
		if (!is_configured)
			return FAIL(request, INVALID_PARAMETER, "%s", wish->factor->missing);
	}
	return OK;
}

/* --- Setting --- */

static RESULT apply(struct request *request, void *context)
{
	struct change *change = context;
	str pool_id = change->pool->id, id = change->user.id;
	bool found;
	TRY(user_by_id(request, pool_id, id, &change->user, &found));
	if (!found)
		return FAIL(request, USER_NOT_FOUND, "User does not exist.");
	TRY(check_configured(request, change));
	return user_set_mfa(request, &change->user, factors_of(request, change), preferred_of(change));
}

static RESULT set(
	struct request *request, const struct set_user_mfa_preference_request *input, struct change *change)
{
	read_wishes(input, change);
	TRY(check_preferred(request, change));
	TRY(check_passkeys(request, change));
	return store_write(request, apply, change);
}

result mfa_preference_set(struct request *request, const struct set_user_mfa_preference_request *input)
{
	struct change change = { .pool = request->caller->pool, .user = request->caller->user };
	return set(request, input, &change);
}

result mfa_preference_admin_set(
	struct request *request, const struct admin_set_user_mfa_preference_request *input)
{
	struct set_user_mfa_preference_request settings = { .access_token = STR_NONE };
	struct change change = { .count = 0 };
	TRY(pool_find(request, input->user_pool_id, &change.pool));
	TRY(user_get(request, change.pool, input->username, &change.user));
	spec_copy_members(&spec_type_set_user_mfa_preference_request, &settings,
		&spec_type_admin_set_user_mfa_preference_request, input);
	return set(request, &settings, &change);
}

result mfa_preference_turn_on(struct request *request, struct user *user, const struct mfa_factor *factor)
{
	struct change change = { .user = *user };
	add(&change, factor, optional_bool(true), (struct optional_bool){ .set = false });
	str preferred = preferred_of(&change);
	return user_set_mfa(request, user, factors_of(request, &change),
		str_is_set(preferred) ? preferred : mfa_factor_name(factor));
}

result mfa_preference_turn_off(struct request *request, struct user *user, const struct mfa_factor *factor)
{
	struct change change = { .user = *user };
	add(&change, factor, optional_bool(false), (struct optional_bool){ .set = false });
	return user_set_mfa(request, user, factors_of(request, &change), preferred_of(&change));
}

/* --- Showing --- */

struct str_list mfa_preference_list(struct request *request, const struct user *user)
{
	struct str_list list = { .items = ARENA_ARRAY(request->arena, str, MFA_FACTOR_COUNT) };
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (mfa_factor_is_on(mfa_factors[i], user))
			list.items[list.count++] = mfa_factor_name(mfa_factors[i]);
	return list.count ? list : (struct str_list){ .count = 0 };
}

/* Older than the list, and of SMS alone. */
struct mfa_option_type_list mfa_preference_options(struct request *request, const struct user *user)
{
	if (!mfa_factor_is_on(&mfa_factor_sms, user))
		return (struct mfa_option_type_list){ .count = 0 };
	struct mfa_option_type *option = ARENA_NEW(request->arena, struct mfa_option_type);
	option->delivery_medium = DELIVERY_MEDIUM_TYPE_SMS;
	option->attribute_name = STR("phone_number");
	return (struct mfa_option_type_list){ .items = option, .count = 1 };
}
