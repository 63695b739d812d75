/* SPDX-License-Identifier: Apache-2.0 */
/* InitiateAuth. */
#include "userpool/auth.h"

result operation_initiate_auth(struct request *request, const struct initiate_auth_request *input,
	struct initiate_auth_response *output)
{
	return auth_initiate(request, input, output);
}
