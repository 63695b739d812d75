/* SPDX-License-Identifier: Apache-2.0 */
/* UpdateGroup. */
#include "userpool/group.h"

result operation_update_group(struct request *request, const struct update_group_request *input,
	struct update_group_response *output)
{
	output->group = ARENA_NEW(request->arena, struct group_type);
	return group_update(request, input, output->group);
}
