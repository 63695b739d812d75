/* SPDX-License-Identifier: Apache-2.0 */
/* UpdateUserPoolClient. */
#include "userpool/client.h"

result operation_update_user_pool_client(struct request *request, const struct update_user_pool_client_request *input,
	struct update_user_pool_client_response *output)
{
	output->user_pool_client = ARENA_NEW(request->arena, struct user_pool_client_type);
	return client_update(request, input, output->user_pool_client);
}
