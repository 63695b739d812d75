/* SPDX-License-Identifier: Apache-2.0 */
/* A signed-in user's own change of the password.
   API: ChangePassword. */
#pragma once

#include "base/request.h"

/* The previous password may be left out by a user who has none. Raises NotAuthorized "Incorrect username or
   password.", LimitExceeded, InvalidPassword, PasswordHistoryPolicyViolation, InvalidParameter. */
RESULT password_change(struct request *request, str previous, str proposed);
