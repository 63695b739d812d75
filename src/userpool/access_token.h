/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens as the users' own calls bring them: who makes the call.  */
#pragma once

#include "base/request.h"
#include "userpool/sign_in.h"
#include "userpool/user.h"

/* The signed-in user of a request. */
struct caller {
	const struct user_pool *pool;
	const struct client *client;
	struct user user; /* without attributes */
	struct sign_in sign_in;
};

/* Checks a token, also that its sign-in has not ended, and makes its user the request's caller. Raises
   NotAuthorized ("Invalid Access Token", "Access Token has expired", "Access Token has been revoked", "Access
   Token does not have required scopes", "User is disabled."), UserNotFound, PasswordResetRequired,
   ResourceNotFound (the client is gone). */
RESULT access_token_authenticate(struct request *request, str token);
