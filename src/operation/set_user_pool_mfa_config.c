/* SPDX-License-Identifier: Apache-2.0 */
/* SetUserPoolMfaConfig. */
#include "userpool/pool.h"

#include "spec/copy.h"

result operation_set_user_pool_mfa_config(struct request *request,
	const struct set_user_pool_mfa_config_request *input,
	struct set_user_pool_mfa_config_response *output)
{
	struct get_user_pool_mfa_config_response set = { .mfa_configuration = 0 };
	TRY(pool_set_mfa(request, input, &set));
	spec_copy_members(&spec_type_set_user_pool_mfa_config_response, output,
		&spec_type_get_user_pool_mfa_config_response, &set);
	return OK;
}
