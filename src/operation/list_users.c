/* SPDX-License-Identifier: Apache-2.0 */
/* ListUsers. */
#include "userpool/user_list.h"

result operation_list_users(
	struct request *request, const struct list_users_request *input, struct list_users_response *output)
{
	return user_list(request, input, output);
}
