/* SPDX-License-Identifier: Apache-2.0 */
/* ListUserPoolQuotas. */
#include "userpool/quota_setting.h"

result operation_list_user_pool_quotas(struct request *request, const struct list_user_pool_quotas_request *input,
	struct list_user_pool_quotas_response *output)
{
	return quota_setting_list(request, input->user_pool_id, &output->quotas);
}
