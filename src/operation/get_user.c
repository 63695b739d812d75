/* SPDX-License-Identifier: Apache-2.0 */
/* GetUser. */
#include "userpool/user_self.h"

result operation_get_user(
	struct request *request, const struct get_user_request *input, struct get_user_response *output)
{
	(void)input;
	return user_self_get(request, output);
}
