/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteUser. */
#include "userpool/user_self.h"

result operation_delete_user(
	struct request *request, const struct delete_user_request *input, struct delete_user_response *output)
{
	(void)input, (void)output;
	return user_self_delete(request);
}
