/* SPDX-License-Identifier: Apache-2.0 */
/* AdminSetUserPassword. */
#include "userpool/user_admin.h"

result operation_admin_set_user_password(struct request *request,
	const struct admin_set_user_password_request *input, struct admin_set_user_password_response *output)
{
	(void)output;
	return user_admin_set_password(request, input);
}
