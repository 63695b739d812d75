/* SPDX-License-Identifier: Apache-2.0 */
/* AddCustomAttributes. */
#include "userpool/pool.h"

result operation_add_custom_attributes(struct request *request,
	const struct add_custom_attributes_request *input, struct add_custom_attributes_response *output)
{
	(void)output;
	return pool_add_attributes(request, input);
}
