/* SPDX-License-Identifier: Apache-2.0 */
/* UntagResource. */
#include "userpool/pool_tag.h"

result operation_untag_resource(struct request *request, const struct untag_resource_request *input,
	struct untag_resource_response *output)
{
	(void)output;
	return pool_tag_remove(request, input->resource_arn, &input->tag_keys);
}
