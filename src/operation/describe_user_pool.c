/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeUserPool. */
#include "userpool/pool.h"

result operation_describe_user_pool(struct request *request, const struct describe_user_pool_request *input,
	struct describe_user_pool_response *output)
{
	output->user_pool = ARENA_NEW(request->arena, struct user_pool_type);
	return pool_describe(request, input->user_pool_id, output->user_pool);
}
