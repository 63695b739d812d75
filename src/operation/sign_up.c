/* SPDX-License-Identifier: Apache-2.0 */
/* SignUp. */
#include "userpool/sign_up.h"

result operation_sign_up(
	struct request *request, const struct sign_up_request *input, struct sign_up_response *output)
{
	return sign_up(request, input, output);
}
