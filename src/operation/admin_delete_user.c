/* SPDX-License-Identifier: Apache-2.0 */
/* AdminDeleteUser. */
#include "userpool/user_admin.h"

result operation_admin_delete_user(struct request *request, const struct admin_delete_user_request *input,
	struct admin_delete_user_response *output)
{
	(void)output;
	return user_admin_delete(request, input->user_pool_id, input->username);
}
