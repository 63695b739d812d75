/* SPDX-License-Identifier: Apache-2.0 */
/* ForgotPassword. */
#include "userpool/recovery.h"

result operation_forgot_password(struct request *request, const struct forgot_password_request *input,
	struct forgot_password_response *output)
{
	return recovery_begin(request, input, &output->code_delivery_details);
}
