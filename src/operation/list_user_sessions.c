/* SPDX-License-Identifier: Apache-2.0 */
/* ListUserSessions. */
#include "userpool/user_session.h"

result operation_list_user_sessions(struct request *request, const struct list_user_sessions_request *input,
	struct list_user_sessions_response *output)
{
	return user_session_list(request, input, output);
}
