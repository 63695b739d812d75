/* SPDX-License-Identifier: Apache-2.0 */
/* GetUserPoolMfaConfig. */
#include "userpool/pool.h"

result operation_get_user_pool_mfa_config(struct request *request,
	const struct get_user_pool_mfa_config_request *input,
	struct get_user_pool_mfa_config_response *output)
{
	return pool_get_mfa(request, input->user_pool_id, output);
}
