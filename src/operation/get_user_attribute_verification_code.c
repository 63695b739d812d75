/* SPDX-License-Identifier: Apache-2.0 */
/* GetUserAttributeVerificationCode. */
#include "userpool/attribute_change.h"

result operation_get_user_attribute_verification_code(struct request *request,
	const struct get_user_attribute_verification_code_request *input,
	struct get_user_attribute_verification_code_response *output)
{
	return attribute_change_send_code(request, input->attribute_name, &output->code_delivery_details);
}
