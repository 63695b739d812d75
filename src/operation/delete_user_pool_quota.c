/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteUserPoolQuota. */
#include "userpool/quota_setting.h"

result operation_delete_user_pool_quota(struct request *request, const struct delete_user_pool_quota_request *input,
	struct delete_user_pool_quota_response *output)
{
	(void)output;
	return quota_setting_delete_own(request, input->user_pool_id, input->category);
}
