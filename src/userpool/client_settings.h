/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of an app client as a whole: whether they fit together and the pool, what they are where nothing was
   said, and how long its tokens live. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct user_pool;

/* Checks the members against each other and against the pool; their own limits hold already. Raises InvalidParameter,
   InvalidOAuthFlow, ScopeDoesNotExist, FeatureUnavailableInTier. */
RESULT client_settings_check(struct request *request, const struct user_pool *pool,
	const struct user_pool_client_type *settings, bool is_new, bool has_secret);

/* Sets what is absent to its default, as DescribeUserPoolClient shows it. */
void client_settings_fill(struct user_pool_client_type *settings);

/* Milliseconds, from the settings and their units. */
int64_t client_settings_access_token_validity(const struct user_pool_client_type *settings);
int64_t client_settings_id_token_validity(const struct user_pool_client_type *settings);
int64_t client_settings_refresh_token_validity(const struct user_pool_client_type *settings);
