/* SPDX-License-Identifier: Apache-2.0 */
/* The tokens of a sign-in through the API: an ID token, an access token, and what comes with them.
   JWT: RFC 7519. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct client;
struct sign_in;
struct user;
struct user_pool;

/* The scope of access tokens that come from the API: the user's own calls to it. */
#define TOKENS_API_SCOPE "aws.cognito.signin.user.admin"

/* AuthenticationResult. The user's attributes and groups are loaded here; an absent refresh token is left
   out. Two RSA signatures: never inside a transaction. */
RESULT tokens_issue(struct request *request, const struct user_pool *pool, const struct client *client,
	struct user *user, const struct sign_in *sign_in, str refresh_token,
	struct authentication_result_type **tokens);
