/* SPDX-License-Identifier: Apache-2.0 */
/* CreateUserPoolClient. */
#include "userpool/client.h"

result operation_create_user_pool_client(struct request *request, const struct create_user_pool_client_request *input,
	struct create_user_pool_client_response *output)
{
	output->user_pool_client = ARENA_NEW(request->arena, struct user_pool_client_type);
	return client_create(request, input, output->user_pool_client);
}
