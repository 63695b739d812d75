/* SPDX-License-Identifier: Apache-2.0 */
/* Refresh tokens as their clients use them outside of an auth flow.
   API: GetTokensFromRefreshToken, RevokeToken. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Raises ResourceNotFound, NotAuthorized, RefreshTokenReuse. */
RESULT refresh_token_exchange(struct request *request,
	const struct get_tokens_from_refresh_token_request *input,
	struct authentication_result_type **tokens);

/* Raises Unauthorized (unknown client, wrong secret, another client's token), UnsupportedOperation (the
   client has no revocation), UnsupportedTokenType. */
RESULT refresh_token_revoke(struct request *request, const struct revoke_token_request *input);
