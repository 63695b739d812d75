/* SPDX-License-Identifier: Apache-2.0 */
/* AdminDisableUser. */
#include "userpool/user_admin.h"

result operation_admin_disable_user(struct request *request, const struct admin_disable_user_request *input,
	struct admin_disable_user_response *output)
{
	(void)output;
	return user_admin_disable(request, input->user_pool_id, input->username);
}
