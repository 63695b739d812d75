/* SPDX-License-Identifier: Apache-2.0 */
/* AdminEnableUser. */
#include "userpool/user_admin.h"

result operation_admin_enable_user(struct request *request, const struct admin_enable_user_request *input,
	struct admin_enable_user_response *output)
{
	(void)output;
	return user_admin_enable(request, input->user_pool_id, input->username);
}
