/* SPDX-License-Identifier: Apache-2.0 */
/* RemoveUserSecondFactor. */
#include "userpool/lost_factor.h"

result operation_remove_user_second_factor(struct request *request,
	const struct remove_user_second_factor_request *input,
	struct remove_user_second_factor_response *output)
{
	(void)output;
	return lost_factor_remove(request, input);
}
