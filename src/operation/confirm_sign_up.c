/* SPDX-License-Identifier: Apache-2.0 */
/* ConfirmSignUp. */
#include "userpool/sign_up.h"

result operation_confirm_sign_up(struct request *request, const struct confirm_sign_up_request *input,
	struct confirm_sign_up_response *output)
{
	(void)output;
	return sign_up_confirm(request, input);
}
