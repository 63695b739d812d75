/* SPDX-License-Identifier: Apache-2.0 */
/* CreateUserPool. */
#include "userpool/pool.h"

result operation_create_user_pool(struct request *request, const struct create_user_pool_request *input,
	struct create_user_pool_response *output)
{
	output->user_pool = ARENA_NEW(request->arena, struct user_pool_type);
	return pool_create(request, input, output->user_pool);
}
