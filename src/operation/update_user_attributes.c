/* SPDX-License-Identifier: Apache-2.0 */
/* UpdateUserAttributes. */
#include "userpool/attribute_change.h"

result operation_update_user_attributes(struct request *request,
	const struct update_user_attributes_request *input, struct update_user_attributes_response *output)
{
	return attribute_change_own(request, &input->user_attributes, &output->code_delivery_details_list);
}
