/* SPDX-License-Identifier: Apache-2.0 */
/* TagResource. */
#include "userpool/pool_tag.h"

result operation_tag_resource(struct request *request, const struct tag_resource_request *input,
	struct tag_resource_response *output)
{
	(void)output;
	return pool_tag_add(request, input->resource_arn, &input->tags);
}
