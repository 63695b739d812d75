/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteUserPool. */
#include "userpool/pool.h"

result operation_delete_user_pool(struct request *request, const struct delete_user_pool_request *input,
	struct delete_user_pool_response *output)
{
	(void)output;
	return pool_delete(request, input->user_pool_id);
}
