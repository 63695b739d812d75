/* SPDX-License-Identifier: Apache-2.0 */
/* ResendConfirmationCode. */
#include "userpool/sign_up.h"

result operation_resend_confirmation_code(struct request *request,
	const struct resend_confirmation_code_request *input,
	struct resend_confirmation_code_response *output)
{
	return sign_up_resend(request, input, &output->code_delivery_details);
}
