/* SPDX-License-Identifier: Apache-2.0 */
/* ListUserPools. */
#include "userpool/pool.h"

result operation_list_user_pools(struct request *request, const struct list_user_pools_request *input,
	struct list_user_pools_response *output)
{
	return pool_list(request, input->max_results.value, input->next_token, &output->user_pools,
		&output->next_token);
}
