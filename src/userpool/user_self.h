/* SPDX-License-Identifier: Apache-2.0 */
/* What signed-in users do with themselves; the request has a caller.
   API: GetUser, GlobalSignOut, DeleteUser. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* With the attributes that the client may read. */
RESULT user_self_get(struct request *request, struct get_user_response *output);

RESULT user_self_sign_out(struct request *request);

/* With all that hangs on it. Raises UserNotFound. */
RESULT user_self_delete(struct request *request);
