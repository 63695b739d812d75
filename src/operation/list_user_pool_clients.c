/* SPDX-License-Identifier: Apache-2.0 */
/* ListUserPoolClients. */
#include "userpool/client.h"

result operation_list_user_pool_clients(struct request *request, const struct list_user_pool_clients_request *input,
	struct list_user_pool_clients_response *output)
{
	return client_list(request, input->user_pool_id, optional_int_or(input->max_results, 0), input->next_token,
		&output->user_pool_clients, &output->next_token);
}
