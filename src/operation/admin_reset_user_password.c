/* SPDX-License-Identifier: Apache-2.0 */
/* AdminResetUserPassword. */
#include "userpool/recovery.h"

result operation_admin_reset_user_password(struct request *request,
	const struct admin_reset_user_password_request *input,
	struct admin_reset_user_password_response *output)
{
	(void)output;
	return recovery_require(request, input);
}
