/* SPDX-License-Identifier: Apache-2.0 */
/* AdminInitiateAuth. */
#include "userpool/auth.h"

#include "spec/copy.h"

result operation_admin_initiate_auth(struct request *request, const struct admin_initiate_auth_request *input,
	struct admin_initiate_auth_response *output)
{
	struct initiate_auth_response answer = { .session = STR_NONE };
	TRY(auth_admin_initiate(request, input, &answer));
	spec_copy_members(
		&spec_type_admin_initiate_auth_response, output, &spec_type_initiate_auth_response, &answer);
	return OK;
}
