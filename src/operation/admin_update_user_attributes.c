/* SPDX-License-Identifier: Apache-2.0 */
/* AdminUpdateUserAttributes. */
#include "userpool/attribute_change.h"

result operation_admin_update_user_attributes(struct request *request,
	const struct admin_update_user_attributes_request *input,
	struct admin_update_user_attributes_response *output)
{
	(void)output;
	return attribute_change_by_admin(
		request, input->user_pool_id, input->username, &input->user_attributes);
}
