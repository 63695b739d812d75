/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteUserAttributes. */
#include "userpool/attribute_change.h"

result operation_delete_user_attributes(struct request *request,
	const struct delete_user_attributes_request *input, struct delete_user_attributes_response *output)
{
	(void)output;
	return attribute_change_remove_own(request, &input->user_attribute_names);
}
