/* SPDX-License-Identifier: Apache-2.0 */
/* AdminAddUserToGroup. */
#include "userpool/membership.h"

result operation_admin_add_user_to_group(struct request *request,
	const struct admin_add_user_to_group_request *input, struct admin_add_user_to_group_response *output)
{
	(void)output;
	return membership_add(request, input->user_pool_id, input->username, input->group_name);
}
