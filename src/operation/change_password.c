/* SPDX-License-Identifier: Apache-2.0 */
/* ChangePassword. */
#include "userpool/password_change.h"

#include "spec/cognito_idp.h"

result operation_change_password(struct request *request, const struct change_password_request *input,
	struct change_password_response *output)
{
	(void)output;
	return password_change(request, input->previous_password, input->proposed_password);
}
