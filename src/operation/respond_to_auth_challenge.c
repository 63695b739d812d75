/* SPDX-License-Identifier: Apache-2.0 */
/* RespondToAuthChallenge. */
#include "userpool/auth.h"

#include "spec/copy.h"

result operation_respond_to_auth_challenge(struct request *request,
	const struct respond_to_auth_challenge_request *input,
	struct respond_to_auth_challenge_response *output)
{
	struct initiate_auth_response answer = { .session = STR_NONE };
	TRY(auth_respond(request, input, &answer));
	spec_copy_members(&spec_type_respond_to_auth_challenge_response, output,
		&spec_type_initiate_auth_response, &answer);
	return OK;
}
