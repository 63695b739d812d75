/* SPDX-License-Identifier: Apache-2.0 */
/* Which second factors a user has turned on, and which one is preferred.
   API: SetUserMFAPreference, AdminSetUserMFAPreference, and the members of GetUser and AdminGetUser. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct mfa_factor;
struct user;

/* Of the user who makes the call. What the request says nothing of stays as it is. Raises InvalidParameter
   ("User has not verified software token mfa", "User does not have delivery config set to turn on SMS_MFA",
   ...), UserNotFound. */
RESULT mfa_preference_set(struct request *request, const struct set_user_mfa_preference_request *input);

/* Raises the same and ResourceNotFound. */
RESULT mfa_preference_admin_set(
	struct request *request, const struct admin_set_user_mfa_preference_request *input);

/* Inside a transaction: turns a factor on, and prefers it where none is preferred. Raises UserNotFound. */
RESULT mfa_preference_turn_on(struct request *request, struct user *user, const struct mfa_factor *factor);

/* Inside a transaction: turns a factor off, which is then not preferred either. Raises UserNotFound. */
RESULT mfa_preference_turn_off(struct request *request, struct user *user, const struct mfa_factor *factor);

/* UserMFASettingList and MFAOptions; absent where they would be empty. */
struct str_list mfa_preference_list(struct request *request, const struct user *user);
struct mfa_option_type_list mfa_preference_options(struct request *request, const struct user *user);
