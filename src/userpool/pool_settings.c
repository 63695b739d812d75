/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and defaults of pool settings, each rule a function in one table. */
#include "userpool/pool_settings.h"

#include "base/fatal.h"

enum {
	PASSWORD_LENGTH = 8,
	TEMPORARY_PASSWORD_DAYS = 7,
	TAGS_MAX = 50,
};

/* --- Rules --- */

static RESULT check_sign_in_names(struct request *request, const struct user_pool_type *settings)
{
	if (settings->alias_attributes.count && settings->username_attributes.count)
		return FAIL(request, INVALID_PARAMETER,
			"Only one of the aliasAttributes or usernameAttributes can be set in a user pool.");
	return OK;
}

static RESULT need_tier(struct request *request, const struct user_pool_type *settings, enum user_pool_tier_type tier,
	const char *feature)
{
	if ((settings->user_pool_tier ? settings->user_pool_tier : USER_POOL_TIER_TYPE_ESSENTIALS) >= tier)
		return OK;
	return FAIL(request, FEATURE_UNAVAILABLE_IN_TIER, "%s is not available in the feature plan of this user pool.",
		feature);
}

static RESULT check_password_policy(struct request *request, const struct user_pool_type *settings)
{
	const struct password_policy_type *policy = settings->policies ? settings->policies->password_policy : NULL;
	if (policy && optional_int_or(policy->password_history_size, 0) > 0)
		TRY(need_tier(request, settings, USER_POOL_TIER_TYPE_ESSENTIALS, "Password history"));
	return OK;
}

static RESULT check_first_factors(struct request *request, const struct user_pool_type *settings)
{
	const struct sign_in_policy_type *policy = settings->policies ? settings->policies->sign_in_policy : NULL;
	for (size_t i = 0; policy && i < policy->allowed_first_auth_factors.count; i++) {
		enum auth_factor_type factor = policy->allowed_first_auth_factors.items[i];
		if (factor == AUTH_FACTOR_TYPE_SOFTWARE_TOKEN)
			return FAIL(request, INVALID_PARAMETER,
				"SOFTWARE_TOKEN is not supported as a first authentication factor.");
		if (factor != AUTH_FACTOR_TYPE_PASSWORD)
			TRY(need_tier(request, settings, USER_POOL_TIER_TYPE_ESSENTIALS, "Passwordless sign-in"));
	}
	return OK;
}

static RESULT check_threat_protection(struct request *request, const struct user_pool_type *settings)
{
	const struct user_pool_add_ons_type *add_ons = settings->user_pool_add_ons;
	if (add_ons && add_ons->advanced_security_mode != ADVANCED_SECURITY_MODE_TYPE_OFF)
		return need_tier(request, settings, USER_POOL_TIER_TYPE_PLUS, "Threat protection");
	return OK;
}

static RESULT check_recovery(struct request *request, const struct user_pool_type *settings)
{
	static const struct account_recovery_setting_type none;
	const struct recovery_option_type_list *options = settings->account_recovery_setting
		? &settings->account_recovery_setting->recovery_mechanisms
		: &none.recovery_mechanisms;
	/* The model allows two at most. */
	if (options->count < 2)
		return OK;
	const struct recovery_option_type *first = &options->items[0], *second = &options->items[1];
	if (first->priority.value == second->priority.value || first->name == second->name)
		return FAIL(request, INVALID_PARAMETER,
			"Recovery mechanisms must differ in their names and in their priorities.");
	if (first->name == RECOVERY_OPTION_NAME_TYPE_ADMIN_ONLY || second->name == RECOVERY_OPTION_NAME_TYPE_ADMIN_ONLY)
		return FAIL(request, INVALID_PARAMETER,
			"The recovery mechanism admin_only cannot be combined with another one.");
	return OK;
}

static RESULT check_triggers(struct request *request, const struct user_pool_type *settings)
{
	const struct lambda_config_type *triggers = settings->lambda_config;
	if (!triggers)
		return OK;
	const struct pre_token_generation_version_config_type *tokens = triggers->pre_token_generation_config;
	if (tokens && str_is_set(triggers->pre_token_generation) &&
		!str_equal(triggers->pre_token_generation, tokens->lambda_arn))
		return FAIL(request, INVALID_PARAMETER,
			"PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be the same.");
	if ((triggers->custom_sms_sender || triggers->custom_email_sender) && !str_is_set(triggers->kms_key_id))
		return FAIL(request, INVALID_PARAMETER, "KMSKeyID is required for custom sender triggers.");
	if (tokens && tokens->lambda_version != PRE_TOKEN_GENERATION_LAMBDA_VERSION_TYPE_V1_0)
		TRY(need_tier(request, settings, USER_POOL_TIER_TYPE_ESSENTIALS, "Access token customization"));
	return OK;
}

/* TemporaryPasswordValidityDays took the place of UnusedAccountValidityDays. */
static RESULT check_temporary_passwords(struct request *request, const struct user_pool_type *settings)
{
	const struct password_policy_type *policy = settings->policies ? settings->policies->password_policy : NULL;
	const struct admin_create_user_config_type *config = settings->admin_create_user_config;
	int64_t days = policy ? optional_int_or(policy->temporary_password_validity_days, 0) : 0;
	int64_t old_days = config ? optional_int_or(config->unused_account_validity_days, 0) : 0;
	if (days && old_days && days != old_days)
		return FAIL(request, INVALID_PARAMETER,
			"Please use TemporaryPasswordValidityDays in PasswordPolicy instead of "
			"UnusedAccountValidityDays");
	return OK;
}

/* Whatever the case: tagging restrictions of AWS. */
static bool is_reserved(str key)
{
	return str_equal_ignoring_ascii_case(str_slice(key, 0, 4), STR("aws:"));
}

result pool_settings_check_tags(struct request *request, const struct user_pool_type *settings)
{
	if (settings->user_pool_tags.count > TAGS_MAX)
		return FAIL(request, INVALID_PARAMETER, "A user pool can have at most %d tags.", TAGS_MAX);
	for (size_t i = 0; i < settings->user_pool_tags.count; i++)
		if (is_reserved(settings->user_pool_tags.items[i].name))
			return FAIL(request, INVALID_PARAMETER, "Tag keys that begin with aws: are reserved.");
	return OK;
}

static result (*const rules[])(struct request *request, const struct user_pool_type *settings) = {
	check_sign_in_names,
	check_password_policy,
	check_first_factors,
	check_threat_protection,
	check_recovery,
	check_triggers,
	check_temporary_passwords,
	pool_settings_check_tags,
};

result pool_settings_check(struct request *request, const struct user_pool_type *settings)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		TRY(rules[i](request, settings));
	return OK;
}

/* --- Defaults --- */

/* A structure of our own: a copy of the one that is there, else zeroed. */
#define OWN(arena, place) ((place) = own((arena), (place), sizeof *(place)))

static void *own(struct arena *arena, const void *original, size_t size)
{
	void *copy = arena_alloc(arena, size);
	if (original)
		memcpy(copy, original, size);
	return copy;
}

static void set_default_int(struct optional_int *place, int64_t value)
{
	*place = optional_int(optional_int_or(*place, value));
}

static void set_default_bool(struct optional_bool *place, bool value)
{
	*place = optional_bool(optional_bool_or(*place, value));
}

/* A pool that says nothing about passwords asks for all kinds of characters, one that says something gets what it
   said. */
static void fill_password_policy(struct arena *arena, struct user_pool_policy_type *policies, int64_t temporary_days)
{
	bool was_given = policies->password_policy != NULL;
	OWN(arena, policies->password_policy);
	struct password_policy_type *policy = policies->password_policy;
	set_default_int(&policy->minimum_length, PASSWORD_LENGTH);
	set_default_bool(&policy->require_uppercase, !was_given);
	set_default_bool(&policy->require_lowercase, !was_given);
	set_default_bool(&policy->require_numbers, !was_given);
	set_default_bool(&policy->require_symbols, !was_given);
	/* 0 means the default. */
	if (!optional_int_or(policy->temporary_password_validity_days, 0))
		policy->temporary_password_validity_days = optional_int(temporary_days);
}

static void fill_policies(struct arena *arena, struct user_pool_type *settings, int64_t temporary_days)
{
	static const enum auth_factor_type password = AUTH_FACTOR_TYPE_PASSWORD;
	OWN(arena, settings->policies);
	fill_password_policy(arena, settings->policies, temporary_days);
	OWN(arena, settings->policies->sign_in_policy);
	struct auth_factor_type_list *factors = &settings->policies->sign_in_policy->allowed_first_auth_factors;
	if (!factors->count)
		*factors = (struct auth_factor_type_list){ own(arena, &password, sizeof password), 1 };
}

static void fill_admin_create_user(struct arena *arena, struct user_pool_type *settings)
{
	OWN(arena, settings->admin_create_user_config);
	struct admin_create_user_config_type *config = settings->admin_create_user_config;
	int64_t old_days = optional_int_or(config->unused_account_validity_days, 0);
	fill_policies(arena, settings, old_days ? old_days : TEMPORARY_PASSWORD_DAYS);
	set_default_bool(&config->allow_admin_create_user_only, false);
	config->unused_account_validity_days = settings->policies->password_policy->temporary_password_validity_days;
}

/* The template and the older members of the same meaning show the same texts. */
static void mirror(str *template, str *older)
{
	if (!str_is_set(*template))
		*template = *older;
	*older = *template;
}

static void fill_messages(struct arena *arena, struct user_pool_type *settings)
{
	OWN(arena, settings->verification_message_template);
	struct verification_message_template_type *template = settings->verification_message_template;
	if (!template->default_email_option)
		template->default_email_option = DEFAULT_EMAIL_OPTION_TYPE_CONFIRM_WITH_CODE;
	mirror(&template->sms_message, &settings->sms_verification_message);
	mirror(&template->email_message, &settings->email_verification_message);
	mirror(&template->email_subject, &settings->email_verification_subject);
}

void pool_settings_fill(struct arena *arena, struct user_pool_type *settings)
{
	fill_admin_create_user(arena, settings);
	fill_messages(arena, settings);
	OWN(arena, settings->lambda_config);
	OWN(arena, settings->email_configuration);
	if (!settings->email_configuration->email_sending_account)
		settings->email_configuration->email_sending_account = EMAIL_SENDING_ACCOUNT_TYPE_COGNITO_DEFAULT;
	if (!settings->deletion_protection)
		settings->deletion_protection = DELETION_PROTECTION_TYPE_INACTIVE;
	if (!settings->mfa_configuration)
		settings->mfa_configuration = USER_POOL_MFA_TYPE_OFF;
	if (!settings->user_pool_tier)
		settings->user_pool_tier = USER_POOL_TIER_TYPE_ESSENTIALS;
	if (!settings->user_pool_tags.items)
		settings->user_pool_tags.items = ARENA_ARRAY(arena, struct str_pair, 0);
}
