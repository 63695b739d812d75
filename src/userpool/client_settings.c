/* SPDX-License-Identifier: Apache-2.0 */
/* Rules and defaults of client settings, each rule a function in one table. */
#include "userpool/client_settings.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "userpool/attribute.h"
#include "userpool/pool.h"
#include "userpool/pool_schema.h"
#include "userpool/redirect_uri.h"

enum { SESSION_MINUTES = 3 };
#define REFRESH_TOKEN_VALIDITY (30 * DAY)

struct subject {
	struct request *request;
	const struct user_pool *pool;
	const struct user_pool_client_type *settings;
	bool is_new, has_secret;
};

/* --- Token lives --- */

static int64_t unit_of(enum time_units_type unit, int64_t fallback)
{
	static const int64_t lengths[] = {
		[TIME_UNITS_TYPE_SECONDS] = SECOND,
		[TIME_UNITS_TYPE_MINUTES] = MINUTE,
		[TIME_UNITS_TYPE_HOURS] = HOUR,
		[TIME_UNITS_TYPE_DAYS] = (int64_t)24 * HOUR,
	};
	return unit ? lengths[unit] : fallback;
}

static const struct token_validity_units_type *units_of(const struct user_pool_client_type *settings)
{
	static const struct token_validity_units_type none;
	return settings->token_validity_units ? settings->token_validity_units : &none;
}

int64_t client_settings_access_token_validity(const struct user_pool_client_type *settings)
{
	if (!settings->access_token_validity.set)
		return HOUR;
	return settings->access_token_validity.value * unit_of(units_of(settings)->access_token, HOUR);
}

int64_t client_settings_id_token_validity(const struct user_pool_client_type *settings)
{
	if (!settings->id_token_validity.set)
		return HOUR;
	return settings->id_token_validity.value * unit_of(units_of(settings)->id_token, HOUR);
}

int64_t client_settings_refresh_token_validity(const struct user_pool_client_type *settings)
{
	/* 0 means the default. */
	if (!optional_int_or(settings->refresh_token_validity, 0))
		return REFRESH_TOKEN_VALIDITY;
	return settings->refresh_token_validity.value * unit_of(units_of(settings)->refresh_token, DAY);
}

static RESULT check_token_lives(const struct subject *subject)
{
	int64_t access = client_settings_access_token_validity(subject->settings);
	int64_t id = client_settings_id_token_validity(subject->settings);
	int64_t refresh = client_settings_refresh_token_validity(subject->settings);
	if (access < 5 * MINUTE || access > DAY || id < 5 * MINUTE || id > DAY || refresh < 60 * MINUTE ||
		refresh > 3650 * DAY)
		return FAIL(subject->request, INVALID_PARAMETER, "Invalid range for token validity.");
	return OK;
}

/* --- Flows --- */

static bool is_old_name(enum explicit_auth_flows_type flow)
{
	return flow == EXPLICIT_AUTH_FLOWS_TYPE_ADMIN_NO_SRP_AUTH ||
		flow == EXPLICIT_AUTH_FLOWS_TYPE_CUSTOM_AUTH_FLOW_ONLY ||
		flow == EXPLICIT_AUTH_FLOWS_TYPE_USER_PASSWORD_AUTH;
}

static bool has_flow(const struct user_pool_client_type *settings, enum explicit_auth_flows_type flow)
{
	for (size_t i = 0; i < settings->explicit_auth_flows.count; i++)
		if (settings->explicit_auth_flows.items[i] == flow)
			return true;
	return false;
}

static RESULT check_flows(const struct subject *subject)
{
	const struct explicit_auth_flows_type_list *flows = &subject->settings->explicit_auth_flows;
	for (size_t i = 1; i < flows->count; i++)
		if (is_old_name(flows->items[i]) != is_old_name(flows->items[0]))
			return FAIL(subject->request, INVALID_PARAMETER,
				"ExplicitAuthFlows cannot have both legacy values and values that begin with ALLOW_.");
	if (has_flow(subject->settings, EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_USER_AUTH) &&
		subject->pool->settings.user_pool_tier == USER_POOL_TIER_TYPE_LITE)
		return FAIL(subject->request, FEATURE_UNAVAILABLE_IN_TIER,
			"ALLOW_USER_AUTH is not available in the feature plan of this user pool.");
	return OK;
}

static RESULT check_rotation(const struct subject *subject)
{
	const struct refresh_token_rotation_type *rotation = subject->settings->refresh_token_rotation;
	if (rotation && rotation->feature == FEATURE_TYPE_ENABLED &&
		has_flow(subject->settings, EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_REFRESH_TOKEN_AUTH))
		return FAIL(subject->request, INVALID_PARAMETER,
			"Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH.");
	return OK;
}

static RESULT check_user_context(const struct subject *subject)
{
	if (optional_bool_or(subject->settings->enable_propagate_additional_user_context_data, false) &&
		!subject->has_secret)
		return FAIL(subject->request, INVALID_PARAMETER,
			"EnablePropagateAdditionalUserContextData needs a client with a secret.");
	return OK;
}

/* --- Attributes --- */

static bool contains(const struct str_list *list, str text)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i], text))
			return true;
	return false;
}

static const char *doing(const struct subject *subject)
{
	return subject->is_new ? "creating" : "updating";
}

static RESULT check_read_attributes(const struct subject *subject)
{
	const struct str_list *names = &subject->settings->read_attributes;
	for (size_t i = 0; i < names->count; i++)
		if (!pool_schema_attribute(subject->pool, names->items[i]))
			return FAIL(subject->request, INVALID_PARAMETER,
				"Invalid read attributes specified while %s a client", doing(subject));
	return OK;
}

static bool is_writable(const struct user_pool *pool, str name)
{
	const struct schema_attribute_type *attribute = pool_schema_attribute(pool, name);
	return attribute && !optional_bool_or(attribute->developer_only_attribute, false) &&
		!attribute_is_kept_from_users(name);
}

static RESULT check_write_attributes(const struct subject *subject)
{
	const struct str_list *names = &subject->settings->write_attributes;
	const struct schema_attribute_type_list *schema = &subject->pool->settings.schema_attributes;
	bool is_valid = true;
	for (size_t i = 0; i < names->count; i++)
		is_valid = is_valid && is_writable(subject->pool, names->items[i]);
	/* Nobody could sign up through a client that may not write what is required. */
	for (size_t i = 0; names->count && i < schema->count; i++)
		if (optional_bool_or(schema->items[i].required, false) && is_writable(subject->pool, schema->items[i].name))
			is_valid = is_valid && contains(names, schema->items[i].name);
	if (!is_valid)
		return FAIL(subject->request, INVALID_PARAMETER,
			"Invalid write attributes specified while %s a client", doing(subject));
	return OK;
}

/* --- OAuth --- */

static RESULT check_uris(const struct subject *subject)
{
	const struct str_list *lists[] = { &subject->settings->callback_urls, &subject->settings->logout_urls };
	str start = subject->settings->default_redirect_uri;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (!redirect_uri_is_acceptable(lists[i]->items[j]))
				return FAIL(subject->request, INVALID_PARAMETER, "%.*s is not a valid redirect URI.",
					STR_ARG(lists[i]->items[j]));
	if (str_is_set(start) && !contains(&subject->settings->callback_urls, start))
		return FAIL(subject->request, INVALID_PARAMETER,
			"DefaultRedirectURI must be one of the CallbackURLs.");
	return OK;
}

static bool has_grant(const struct user_pool_client_type *settings, enum oauth_flow_type grant)
{
	for (size_t i = 0; i < settings->allowed_oauth_flows.count; i++)
		if (settings->allowed_oauth_flows.items[i] == grant)
			return true;
	return false;
}

static RESULT check_grants(const struct subject *subject)
{
	const struct user_pool_client_type *settings = subject->settings;
	bool is_user_client = optional_bool_or(settings->allowed_oauth_flows_user_pool_client, false);
	if (is_user_client && (!settings->allowed_oauth_flows.count || !settings->allowed_oauth_scopes.count))
		return FAIL(subject->request, INVALID_OAUTH_FLOW,
			"AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use "
			"OAuth flows.");
	if (!has_grant(settings, OAUTH_FLOW_TYPE_CLIENT_CREDENTIALS))
		return OK;
	if (has_grant(settings, OAUTH_FLOW_TYPE_CODE) || has_grant(settings, OAUTH_FLOW_TYPE_IMPLICIT))
		return FAIL(subject->request, INVALID_OAUTH_FLOW,
			"client_credentials flow can not be selected along with code flow or implicit flow.");
	if (!subject->has_secret)
		return FAIL(subject->request, INVALID_OAUTH_FLOW,
			"client_credentials flow can not be selected if client does not have a client secret.");
	return OK;
}

static RESULT check_scopes(const struct subject *subject)
{
	static const str known[] = { STR_INIT("phone"), STR_INIT("email"), STR_INIT("openid"), STR_INIT("profile"),
		STR_INIT("aws.cognito.signin.user.admin") };
	const struct str_list *scopes = &subject->settings->allowed_oauth_scopes;
	bool is_machine = has_grant(subject->settings, OAUTH_FLOW_TYPE_CLIENT_CREDENTIALS);
	for (size_t i = 0; i < scopes->count; i++) {
		if (!contains(&(struct str_list){ (str *)known, ARRAY_LEN(known) }, scopes->items[i]))
			return FAIL(subject->request, SCOPE_DOES_NOT_EXIST, "Invalid scope requested: %.*s",
				STR_ARG(scopes->items[i]));
		/* These scopes speak of a user; a machine is none. */
		if (is_machine)
			return FAIL(subject->request, INVALID_OAUTH_FLOW,
				"%.*s is not supported with client_credentials flow", STR_ARG(scopes->items[i]));
	}
	return OK;
}

static RESULT check_providers(const struct subject *subject)
{
	const struct str_list *providers = &subject->settings->supported_identity_providers;
	for (size_t i = 0; i < providers->count; i++)
		if (!str_equal(providers->items[i], STR("COGNITO")))
			return FAIL(subject->request, INVALID_PARAMETER,
				"The provider %.*s does not exist for User Pool %.*s.", STR_ARG(providers->items[i]),
				STR_ARG(subject->pool->id));
	return OK;
}

/* --- All --- */

static result (*const rules[])(const struct subject *subject) = {
	check_token_lives,
	check_flows,
	check_rotation,
	check_user_context,
	check_read_attributes,
	check_write_attributes,
	check_providers,
	check_uris,
	check_grants,
	check_scopes,
};

result client_settings_check(struct request *request, const struct user_pool *pool,
	const struct user_pool_client_type *settings, bool is_new, bool has_secret)
{
	const struct subject subject = { request, pool, settings, is_new, has_secret };
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		TRY(rules[i](&subject));
	return OK;
}

void client_settings_fill(struct user_pool_client_type *settings)
{
	if (!optional_int_or(settings->refresh_token_validity, 0)) {
		int64_t unit = unit_of(units_of(settings)->refresh_token, DAY);
		settings->refresh_token_validity = optional_int(REFRESH_TOKEN_VALIDITY / unit);
	}
	settings->auth_session_validity =
		optional_int(optional_int_or(settings->auth_session_validity, SESSION_MINUTES));
	settings->allowed_oauth_flows_user_pool_client =
		optional_bool(optional_bool_or(settings->allowed_oauth_flows_user_pool_client, false));
	settings->enable_token_revocation =
		optional_bool(optional_bool_or(settings->enable_token_revocation, true));
	settings->enable_propagate_additional_user_context_data =
		optional_bool(optional_bool_or(settings->enable_propagate_additional_user_context_data, false));
}
