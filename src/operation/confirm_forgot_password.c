/* SPDX-License-Identifier: Apache-2.0 */
/* ConfirmForgotPassword. */
#include "userpool/recovery.h"

result operation_confirm_forgot_password(struct request *request,
	const struct confirm_forgot_password_request *input, struct confirm_forgot_password_response *output)
{
	(void)output;
	return recovery_finish(request, input);
}
