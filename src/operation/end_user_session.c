/* SPDX-License-Identifier: Apache-2.0 */
/* EndUserSession. */
#include "userpool/user_session.h"

result operation_end_user_session(struct request *request, const struct end_user_session_request *input,
	struct end_user_session_response *output)
{
	(void)output;
	return user_session_end(request, input);
}
