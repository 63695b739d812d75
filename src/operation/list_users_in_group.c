/* SPDX-License-Identifier: Apache-2.0 */
/* ListUsersInGroup. */
#include "userpool/user_list.h"

result operation_list_users_in_group(struct request *request, const struct list_users_in_group_request *input,
	struct list_users_in_group_response *output)
{
	return user_list_in_group(request, input, output);
}
