/* SPDX-License-Identifier: Apache-2.0 */
/* AdminGetUser. */
#include "userpool/user_admin.h"

result operation_admin_get_user(struct request *request, const struct admin_get_user_request *input,
	struct admin_get_user_response *output)
{
	return user_admin_get(request, input->user_pool_id, input->username, output);
}
