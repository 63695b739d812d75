/* SPDX-License-Identifier: Apache-2.0 */
/* VerifyUserAttribute. */
#include "userpool/attribute_change.h"

result operation_verify_user_attribute(struct request *request,
	const struct verify_user_attribute_request *input, struct verify_user_attribute_response *output)
{
	(void)output;
	return attribute_change_verify(request, input->attribute_name, input->code);
}
