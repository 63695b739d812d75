/* SPDX-License-Identifier: Apache-2.0 */
/* The sign-ins of a user as an administrator sees them, and the end of one.
   API: ListUserSessions, EndUserSession. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

/* Those that go on, the newest first. A page may be short, or empty, and yet not be the last. Raises ResourceNotFound,
   UserNotFound, InvalidParameter (token). */
RESULT user_session_list(struct request *request, const struct list_user_sessions_request *input,
	struct list_user_sessions_response *output);

/* Revokes its tokens, as far as this service's own checks go. One that has ended may be ended again. Raises
   ResourceNotFound (also for a session of somebody else), UserNotFound. */
RESULT user_session_end(struct request *request, const struct end_user_session_request *input);
