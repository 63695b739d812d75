/* SPDX-License-Identifier: Apache-2.0 */
/* AdminConfirmSignUp. */
#include "userpool/sign_up.h"

result operation_admin_confirm_sign_up(struct request *request,
	const struct admin_confirm_sign_up_request *input, struct admin_confirm_sign_up_response *output)
{
	(void)output;
	return sign_up_admin_confirm(request, input->user_pool_id, input->username);
}
