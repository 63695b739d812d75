/* SPDX-License-Identifier: Apache-2.0 */
/* GetGroup. */
#include "userpool/group.h"

result operation_get_group(
	struct request *request, const struct get_group_request *input, struct get_group_response *output)
{
	output->group = ARENA_NEW(request->arena, struct group_type);
	return group_get(request, input->user_pool_id, input->group_name, output->group);
}
