/* SPDX-License-Identifier: Apache-2.0 */
/* AdminCreateUser. */
#include "userpool/user_admin.h"

result operation_admin_create_user(struct request *request, const struct admin_create_user_request *input,
	struct admin_create_user_response *output)
{
	output->user = ARENA_NEW(request->arena, struct user_type);
	return user_admin_create(request, input, output->user);
}
