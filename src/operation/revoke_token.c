/* SPDX-License-Identifier: Apache-2.0 */
/* RevokeToken. */
#include "userpool/refresh_token.h"

result operation_revoke_token(struct request *request, const struct revoke_token_request *input,
	struct revoke_token_response *output)
{
	(void)output;
	return refresh_token_revoke(request, input);
}
