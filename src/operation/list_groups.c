/* SPDX-License-Identifier: Apache-2.0 */
/* ListGroups. */
#include "userpool/group.h"

result operation_list_groups(
	struct request *request, const struct list_groups_request *input, struct list_groups_response *output)
{
	return group_list(request, input, output);
}
