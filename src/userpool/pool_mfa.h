/* SPDX-License-Identifier: Apache-2.0 */
/* Second factors of a user pool: whether they are asked for, and which ones users may take up. The mode and
   the SMS configuration are settings of the pool, which CreateUserPool and UpdateUserPool set as well; what
   SetUserPoolMfaConfig alone sets is kept beside them.

   Those two know no factor but SMS: where nothing else was set up, turning MFA on offers SMS. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct user_pool;

/* MfaConfiguration is ON or OPTIONAL. */
bool pool_mfa_is_on(const struct user_pool *pool);

/* Users may take the factor up; never while MFA is OFF. */
bool pool_mfa_offers_sms(const struct user_pool *pool);
bool pool_mfa_offers_email(const struct user_pool *pool);
bool pool_mfa_offers_software_token(const struct user_pool *pool);

/* Whether settings on their way into a pool go with what is kept beside them. Raises InvalidParameter,
   TierChangeNotAllowed. */
RESULT pool_mfa_check(struct request *request, const struct user_pool_type *settings,
	const struct get_user_pool_mfa_config_response *kept);

/* Changes both as SetUserPoolMfaConfig wants it: a request that says something about second factors says all,
   passkeys are a matter of their own. Raises InvalidParameter, FeatureUnavailableInTier. */
RESULT pool_mfa_change(struct request *request, const struct set_user_pool_mfa_config_request *input,
	struct user_pool_type *settings, struct get_user_pool_mfa_config_response *kept);

/* The whole, as GetUserPoolMfaConfig shows it. */
struct get_user_pool_mfa_config_response pool_mfa_shown(struct arena *arena,
	const struct user_pool_type *settings, const struct get_user_pool_mfa_config_response *kept);
