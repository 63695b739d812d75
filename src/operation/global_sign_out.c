/* SPDX-License-Identifier: Apache-2.0 */
/* GlobalSignOut. */
#include "userpool/user_self.h"

result operation_global_sign_out(struct request *request, const struct global_sign_out_request *input,
	struct global_sign_out_response *output)
{
	(void)input, (void)output;
	return user_self_sign_out(request);
}
