/* SPDX-License-Identifier: Apache-2.0 */
/* GetTokensFromRefreshToken. */
#include "userpool/refresh_token.h"

result operation_get_tokens_from_refresh_token(struct request *request,
	const struct get_tokens_from_refresh_token_request *input,
	struct get_tokens_from_refresh_token_response *output)
{
	return refresh_token_exchange(request, input, &output->authentication_result);
}
