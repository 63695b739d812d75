/* SPDX-License-Identifier: Apache-2.0 */
/* GetProvisionedLimit. */
#include "userpool/quota_setting.h"

result operation_get_provisioned_limit(struct request *request, const struct get_provisioned_limit_request *input,
	struct get_provisioned_limit_response *output)
{
	return quota_setting_describe(request, input->limit_definition, &output->limit);
}
