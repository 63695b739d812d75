/* SPDX-License-Identifier: Apache-2.0 */
/* ListTagsForResource. */
#include "userpool/pool_tag.h"

result operation_list_tags_for_resource(struct request *request,
	const struct list_tags_for_resource_request *input, struct list_tags_for_resource_response *output)
{
	return pool_tag_list(request, input->resource_arn, &output->tags);
}
