/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteGroup. */
#include "userpool/group.h"

result operation_delete_group(struct request *request, const struct delete_group_request *input,
	struct delete_group_response *output)
{
	(void)output;
	return group_delete(request, input->user_pool_id, input->group_name);
}
