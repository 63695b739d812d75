/* SPDX-License-Identifier: Apache-2.0 */
/* Second factors of pools. What is kept beside the settings has SmsMfaConfiguration only as a mark that SMS
   is offered, without members, and no MfaConfiguration: each member has one place. */
#include "userpool/pool_mfa.h"

#include "userpool/pool.h"

static bool is_on(const struct user_pool_type *settings)
{
	return settings->mfa_configuration == USER_POOL_MFA_TYPE_ON ||
	       settings->mfa_configuration == USER_POOL_MFA_TYPE_OPTIONAL;
}

static bool is_enabled(const struct software_token_mfa_config_type *software_token)
{
	return software_token && optional_bool_or(software_token->enabled, false);
}

static bool has_no_other_than_sms(const struct get_user_pool_mfa_config_response *kept)
{
	return !is_enabled(kept->software_token_mfa_configuration) && !kept->email_mfa_configuration;
}

static bool offers_sms(
	const struct user_pool_type *settings, const struct get_user_pool_mfa_config_response *kept)
{
	bool is_wanted = kept->sms_mfa_configuration || has_no_other_than_sms(kept);
	return is_on(settings) && settings->sms_configuration && is_wanted;
}

bool pool_mfa_is_on(const struct user_pool *pool)
{
	return is_on(&pool->settings);
}

bool pool_mfa_offers_sms(const struct user_pool *pool)
{
	return offers_sms(&pool->settings, &pool->mfa);
}

bool pool_mfa_offers_email(const struct user_pool *pool)
{
	return pool_mfa_is_on(pool) && pool->mfa.email_mfa_configuration;
}

bool pool_mfa_offers_software_token(const struct user_pool *pool)
{
	return pool_mfa_is_on(pool) && is_enabled(pool->mfa.software_token_mfa_configuration);
}

/* --- Rules --- */

static RESULT refuse_without_sms_configuration(struct request *request)
{
	return FAIL(request, INVALID_PARAMETER,
		"SMS configuration and Auto verification for phone_number are required when MFA is "
		"required/optional");
}

/* Who has lost the password would get the code for a new one where the second factor is sent as well. */
static RESULT check_recovery(struct request *request, const struct user_pool_type *settings,
	const struct get_user_pool_mfa_config_response *kept)
{
	const struct account_recovery_setting_type *recovery = settings->account_recovery_setting;
	if (!is_on(settings) || !kept->email_mfa_configuration || !recovery)
		return OK;
	if (recovery->recovery_mechanisms.count == 1 &&
		recovery->recovery_mechanisms.items[0].name == RECOVERY_OPTION_NAME_TYPE_VERIFIED_EMAIL)
		return FAIL(request, INVALID_PARAMETER,
			"Email MFA cannot be used where verified_email is the only recovery mechanism.");
	return OK;
}

static bool needs_more_than_lite(const struct get_user_pool_mfa_config_response *kept)
{
	return kept->email_mfa_configuration || kept->web_authn_configuration;
}

result pool_mfa_check(struct request *request, const struct user_pool_type *settings,
	const struct get_user_pool_mfa_config_response *kept)
{
	if (is_on(settings) && !settings->sms_configuration && has_no_other_than_sms(kept))
		return refuse_without_sms_configuration(request);
	if (settings->user_pool_tier == USER_POOL_TIER_TYPE_LITE && needs_more_than_lite(kept))
		return FAIL(request, TIER_CHANGE_NOT_ALLOWED,
			"Email MFA and passkeys must be turned off before the feature plan can be LITE.");
	return check_recovery(request, settings, kept);
}

/* --- Changing --- */

static bool is_about_factors(const struct set_user_pool_mfa_config_request *input)
{
	return input->mfa_configuration || input->sms_mfa_configuration ||
	       input->software_token_mfa_configuration || input->email_mfa_configuration;
}

static bool has_factors(const struct set_user_pool_mfa_config_request *input)
{
	return input->sms_mfa_configuration || is_enabled(input->software_token_mfa_configuration) ||
	       input->email_mfa_configuration;
}

static RESULT check_mode(struct request *request, const struct set_user_pool_mfa_config_request *input,
	const struct user_pool_type *settings)
{
	if (!is_on(settings) && has_factors(input))
		return FAIL(request, INVALID_PARAMETER,
			"Invalid MFA configuration given, can't turn off MFA and configure an MFA together.");
	if (is_on(settings) && !has_factors(input))
		return FAIL(request, INVALID_PARAMETER,
			"Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be "
			"enabled.");
	return OK;
}

static RESULT change_sms(struct request *request, const struct sms_mfa_config_type *sms,
	struct user_pool_type *settings, struct get_user_pool_mfa_config_response *kept)
{
	kept->sms_mfa_configuration = NULL;
	if (!sms)
		return OK;
	kept->sms_mfa_configuration = ARENA_NEW(request->arena, struct sms_mfa_config_type);
	settings->sms_authentication_message = sms->sms_authentication_message;
	/* One that the pool has already will do. */
	if (sms->sms_configuration)
		settings->sms_configuration = sms->sms_configuration;
	return settings->sms_configuration ? OK : refuse_without_sms_configuration(request);
}

static RESULT change_factors(struct request *request, const struct set_user_pool_mfa_config_request *input,
	struct user_pool_type *settings, struct get_user_pool_mfa_config_response *kept)
{
	if (!is_about_factors(input))
		return OK;
	if (input->mfa_configuration)
		settings->mfa_configuration = input->mfa_configuration;
	TRY(check_mode(request, input, settings));
	kept->software_token_mfa_configuration = input->software_token_mfa_configuration;
	kept->email_mfa_configuration = input->email_mfa_configuration;
	TRY(change_sms(request, input->sms_mfa_configuration, settings, kept));
	return check_recovery(request, settings, kept);
}

result pool_mfa_change(struct request *request, const struct set_user_pool_mfa_config_request *input,
	struct user_pool_type *settings, struct get_user_pool_mfa_config_response *kept)
{
	TRY(change_factors(request, input, settings, kept));
	if (input->web_authn_configuration)
		kept->web_authn_configuration = input->web_authn_configuration;
	if (settings->user_pool_tier == USER_POOL_TIER_TYPE_LITE && needs_more_than_lite(kept))
		return FAIL(request, FEATURE_UNAVAILABLE_IN_TIER,
			"Email MFA and passkeys are not available in the feature plan of this user pool.");
	return OK;
}

/* --- Showing --- */

struct get_user_pool_mfa_config_response pool_mfa_shown(struct arena *arena,
	const struct user_pool_type *settings, const struct get_user_pool_mfa_config_response *kept)
{
	struct get_user_pool_mfa_config_response shown = *kept;
	shown.mfa_configuration = settings->mfa_configuration;
	shown.sms_mfa_configuration = NULL;
	if (offers_sms(settings, kept)) {
		shown.sms_mfa_configuration = ARENA_NEW(arena, struct sms_mfa_config_type);
		shown.sms_mfa_configuration->sms_authentication_message =
			settings->sms_authentication_message;
		shown.sms_mfa_configuration->sms_configuration = settings->sms_configuration;
	}
	return shown;
}
