/* SPDX-License-Identifier: Apache-2.0 */
/* A user pool: its settings exactly as they were given, and what the rest of the house asks of them.
   API: CreateUserPool, DescribeUserPool, UpdateUserPool, DeleteUserPool, ListUserPools, AddCustomAttributes,
   SetUserPoolMfaConfig, GetUserPoolMfaConfig. */
#pragma once

#include "base/category.h"
#include "base/request.h"
#include "spec/cognito_idp.h"

struct user_pool_rules_type;

/* The attributes that users can be called by. */
enum pool_name { POOL_NAME_EMAIL, POOL_NAME_PHONE_NUMBER, POOL_NAME_PREFERRED_USERNAME, POOL_NAME_COUNT };

struct user_pool {
	str id; /* "us-east-1_AbCdEfGhI" */
	str short_name; /* "AbCdEfGhI": goes into SRP hashes */
	str issuer; /* the iss of its tokens */
	str name_space; /* where its sign-in names are */
	int64_t version;
	struct user_pool_type settings; /* all that DescribeUserPool returns, but the user count */
	struct get_user_pool_mfa_config_response mfa; /* what stands beside them; see userpool/pool_mfa.h */

	struct category_rates rates; /* quotas */
	bool is_case_sensitive; /* user names and aliases */
	bool is_username[POOL_NAME_COUNT]; /* UsernameAttributes: users are called by these attributes */
	bool is_alias[POOL_NAME_COUNT]; /* AliasAttributes: by these as well as by their own names */
};

/* The pool, held until the request ends. Raises ResourceNotFound "User pool <id> does not exist." */
RESULT pool_find(struct request *request, str id, const struct user_pool **pool);

/* Inside a transaction: the pool as it is in that, in the request's memory. Raises ResourceNotFound. */
RESULT pool_read(struct request *request, str id, struct user_pool *pool);

/* The pool as it would be with other rules and its names in another place; shares what is equal. */
struct user_pool pool_with_rules(struct arena *arena, const struct user_pool *pool,
	const struct user_pool_rules_type *rules, str name_space);

/* The same by the ARN that DescribeUserPool shows, exactly. Raises InvalidParameter (an ARN of something else),
   ResourceNotFound. */
RESULT pool_find_by_arn(struct request *request, str arn, const struct user_pool **pool);

/* Another number after each change of any pool that this process made and acknowledged: for copies, kept in memory, of
   what pools show to everybody. What other processes change does not count. */
uint64_t pool_generation(void);

/* Checks the settings against each other, fills in defaults, stores; `*created` as Describe would return it.
   Raises InvalidParameter, FeatureUnavailableInTier, LimitExceeded. */
RESULT pool_create(struct request *request, const struct create_user_pool_request *input,
	struct user_pool_type *created);

/* Replaces the settings; what `input` leaves out goes back to its default, as Cognito does. Name, schema,
   sign-in names, case rule, tags, key and issuer configuration stay, and what SetUserPoolMfaConfig alone sets. Raises
   ResourceNotFound, InvalidParameter, FeatureUnavailableInTier, TierChangeNotAllowed, ConcurrentModification. */
RESULT pool_update(struct request *request, const struct update_user_pool_request *input);

/* Second factors and passkeys; `*set` as the Get operation would return it. Raises ResourceNotFound, InvalidParameter,
   FeatureUnavailableInTier, ConcurrentModification. */
RESULT pool_set_mfa(struct request *request, const struct set_user_pool_mfa_config_request *input,
	struct get_user_pool_mfa_config_response *set);

RESULT pool_get_mfa(struct request *request, str id, struct get_user_pool_mfa_config_response *shown);

/* Turns the settings of a pool into others; may replace what is nested in them, and write to it. */
typedef result pool_change_function(struct request *request, struct user_pool_type *settings, const void *context);

/* Runs change() on the settings as they are by then and stores the outcome, in one transaction: nothing is lost that
   others change at the same time. Raises ResourceNotFound, InvalidParameter (too large), what change() raises. */
RESULT pool_change(struct request *request, str id, pool_change_function *change, const void *context);

/* Users that are there stay as they are. Raises ResourceNotFound, InvalidParameter. */
RESULT pool_add_attributes(struct request *request, const struct add_custom_attributes_request *input);

/* With all that hangs on it. Raises ResourceNotFound, InvalidParameter (deletion protection). */
RESULT pool_delete(struct request *request, str id);

/* The settings with the count of users. */
RESULT pool_describe(struct request *request, str id, struct user_pool_type *described);

/* A page in the order of ids; `*next_token` absent on the last one. Raises InvalidParameter (token). */
RESULT pool_list(struct request *request, int64_t limit, str token, struct user_pool_description_type_list *pools,
	str *next_token);

/* Whether the attribute is one of the pool's AutoVerifiedAttributes: "email" or "phone_number". */
bool pool_is_auto_verified(const struct user_pool *pool, str attribute);

/* The schema entry of an attribute by its full name ("email", "custom:team"); NULL when there is none. */
const struct schema_attribute_type *pool_schema_attribute(const struct user_pool *pool, str name);
