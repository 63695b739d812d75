/* SPDX-License-Identifier: Apache-2.0 */
/* UpdateUserPool. */
#include "userpool/pool.h"

result operation_update_user_pool(struct request *request, const struct update_user_pool_request *input,
	struct update_user_pool_response *output)
{
	(void)output;
	return pool_update(request, input);
}
