/* SPDX-License-Identifier: Apache-2.0 */
/* REFRESH_TOKEN_AUTH (also REFRESH_TOKEN): new tokens for a sign-in that goes on. The secret hash is over the
   user name, which is known only once the token was found. */
#include "userpool/auth.h"
#include "userpool/client.h"
#include "userpool/tokens.h"

static RESULT start(struct auth *auth)
{
	struct request *request = auth->request;
	struct sign_in sign_in;
	struct user user;
	str new_refresh_token;
	str refresh_token = auth_optional_parameter(auth, "REFRESH_TOKEN");
	str secret_hash = auth_optional_parameter(auth, "SECRET_HASH");
	TRY(sign_in_refresh(request, auth->client, refresh_token, &sign_in, &user, &new_refresh_token));
	TRY(client_check_secret_hash(request, auth->client, user.username, secret_hash));
	return tokens_issue(request, auth->pool, auth->client, &user, &sign_in, new_refresh_token,
		&auth->answer->authentication_result);
}

const struct auth_flow auth_flow_refresh = {
	.names = { AUTH_FLOW_TYPE_REFRESH_TOKEN_AUTH, AUTH_FLOW_TYPE_REFRESH_TOKEN },
	.allowed_by = EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_REFRESH_TOKEN_AUTH,
	.refusal = "Auth flow not enabled for this client",
	.is_for_admins = true,
	.is_for_users = true,
	.required = { "REFRESH_TOKEN" },
	.start = start,
};
