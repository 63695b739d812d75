/* SPDX-License-Identifier: Apache-2.0 */
/* UpdateProvisionedLimit. */
#include "userpool/quota_setting.h"

result operation_update_provisioned_limit(struct request *request, const struct update_provisioned_limit_request *input,
	struct update_provisioned_limit_response *output)
{
	return quota_setting_update(
		request, input->limit_definition, input->requested_limit_value.value, &output->limit);
}
