/* SPDX-License-Identifier: Apache-2.0 */
/* AdminListGroupsForUser. */
#include "userpool/membership.h"

result operation_admin_list_groups_for_user(struct request *request,
	const struct admin_list_groups_for_user_request *input,
	struct admin_list_groups_for_user_response *output)
{
	return membership_list(request, input, output);
}
