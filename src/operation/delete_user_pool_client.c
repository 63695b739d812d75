/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteUserPoolClient. */
#include "userpool/client.h"

result operation_delete_user_pool_client(struct request *request, const struct delete_user_pool_client_request *input,
	struct delete_user_pool_client_response *output)
{
	(void)output;
	return client_delete(request, input->user_pool_id, input->client_id);
}
