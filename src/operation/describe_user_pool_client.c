/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeUserPoolClient. */
#include "userpool/client.h"

result operation_describe_user_pool_client(struct request *request,
	const struct describe_user_pool_client_request *input,
	struct describe_user_pool_client_response *output)
{
	output->user_pool_client = ARENA_NEW(request->arena, struct user_pool_client_type);
	return client_describe(request, input->user_pool_id, input->client_id, output->user_pool_client);
}
