/* SPDX-License-Identifier: Apache-2.0 */
/* AdminRemoveUserFromGroup. */
#include "userpool/membership.h"

result operation_admin_remove_user_from_group(struct request *request,
	const struct admin_remove_user_from_group_request *input,
	struct admin_remove_user_from_group_response *output)
{
	(void)output;
	return membership_remove(request, input->user_pool_id, input->username, input->group_name);
}
