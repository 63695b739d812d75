/* SPDX-License-Identifier: Apache-2.0 */
/* DescribeServer. */
#include "userpool/server_description.h"

result operation_describe_server(struct request *request, const struct describe_server_request *input,
	struct describe_server_response *output)
{
	(void)input;
	return server_description_make(request, output);
}
