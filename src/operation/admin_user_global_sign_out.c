/* SPDX-License-Identifier: Apache-2.0 */
/* AdminUserGlobalSignOut. */
#include "userpool/user_admin.h"

result operation_admin_user_global_sign_out(struct request *request,
	const struct admin_user_global_sign_out_request *input,
	struct admin_user_global_sign_out_response *output)
{
	(void)output;
	return user_admin_sign_out(request, input->user_pool_id, input->username);
}
