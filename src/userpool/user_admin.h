/* SPDX-License-Identifier: Apache-2.0 */
/* What administrators do with single users.
   API: AdminCreateUser, AdminGetUser, AdminSetUserPassword, AdminDeleteUser, AdminDisableUser, AdminEnableUser,
   AdminUserGlobalSignOut. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Creates the user and sends an invitation; with MessageAction RESEND, gives a user who has not signed in yet
   another temporary password and sends it. Raises ResourceNotFound, InvalidParameter, InvalidPassword,
   UsernameExists, AliasExists, UserNotFound, UnsupportedUserState, CodeDeliveryFailure. */
RESULT user_admin_create(
	struct request *request, const struct admin_create_user_request *input, struct user_type *created);

/* Raises ResourceNotFound, UserNotFound. */
RESULT user_admin_get(
	struct request *request, str pool_id, str username, struct admin_get_user_response *output);

/* A password that is not permanent has to be changed at the next sign-in. Raises ResourceNotFound,
   UserNotFound, InvalidPassword, InvalidParameter (a name is taken). */
RESULT user_admin_set_password(struct request *request, const struct admin_set_user_password_request *input);

/* Raise ResourceNotFound, UserNotFound; so do the next ones. A disabled user is signed out and cannot sign in. */
RESULT user_admin_disable(struct request *request, str pool_id, str username);
RESULT user_admin_enable(struct request *request, str pool_id, str username);
RESULT user_admin_sign_out(struct request *request, str pool_id, str username);
RESULT user_admin_delete(struct request *request, str pool_id, str username);
