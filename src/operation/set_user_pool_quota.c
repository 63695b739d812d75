/* SPDX-License-Identifier: Apache-2.0 */
/* SetUserPoolQuota. */
#include "userpool/quota_setting.h"

result operation_set_user_pool_quota(struct request *request, const struct set_user_pool_quota_request *input,
	struct set_user_pool_quota_response *output)
{
	(void)output;
	return quota_setting_set_own(request, input->user_pool_id, input->category, input->rate.value);
}
