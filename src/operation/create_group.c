/* SPDX-License-Identifier: Apache-2.0 */
/* CreateGroup. */
#include "userpool/group.h"

result operation_create_group(struct request *request, const struct create_group_request *input,
	struct create_group_response *output)
{
	output->group = ARENA_NEW(request->arena, struct group_type);
	return group_create(request, input, output->group);
}
