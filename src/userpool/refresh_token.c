/* SPDX-License-Identifier: Apache-2.0 */
/* Refresh tokens. */
#include "userpool/refresh_token.h"

#include "userpool/client.h"
#include "userpool/sign_in.h"
#include "userpool/tokens.h"
#include "userpool/user.h"

result refresh_token_exchange(struct request *request,
	const struct get_tokens_from_refresh_token_request *input, struct authentication_result_type **tokens)
{
	const struct user_pool *pool;
	const struct client *client;
	struct sign_in sign_in;
	struct user user;
	str new_refresh_token;
	TRY(client_find_with_pool(request, input->client_id, &client, &pool));
	TRY(client_check_secret(request, client, input->client_secret));
	TRY(sign_in_refresh(request, client, input->refresh_token, &sign_in, &user, &new_refresh_token));
	return tokens_issue(request, pool, client, &user, &sign_in, new_refresh_token, tokens);
}

/* This operation has a name of its own for whatever is wrong with a client. */
static RESULT authenticate_client(
	struct request *request, const struct revoke_token_request *input, const struct client **client)
{
	bool is_known = result_is_ok(client_find(request, input->client_id, client));
	if (is_known && result_is_ok(client_check_secret(request, *client, input->client_secret)))
		return OK;
	if (request->error != ERROR_RESOURCE_NOT_FOUND && request->error != ERROR_NOT_AUTHORIZED)
		return (result){ false };
	return FAIL(request, UNAUTHORIZED, "%s", is_known ? "Invalid client secret." : "Invalid client id.");
}

result refresh_token_revoke(struct request *request, const struct revoke_token_request *input)
{
	const struct client *client;
	TRY(authenticate_client(request, input, &client));
	if (!client->has_revocation)
		return FAIL(
			request, UNSUPPORTED_OPERATION, "Token revocation is not enabled for this client.");
	return sign_in_revoke(request, client, input->token);
}
