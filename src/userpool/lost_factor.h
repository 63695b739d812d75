/* SPDX-License-Identifier: Apache-2.0 */
/* The way back for users whose second factor is lost: an administrator takes it from them. Where the pool
   demands a factor they are asked to set one up anew at their next sign-in, where it does not they sign in by
   their password. Until then the password alone stands for the user, so who asks for this must be known to be
   the user. API: RemoveUserSecondFactor. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

/* Without Factor all are taken; passkeys are none. What waits for a code of any of them ends, and so does a
   block after wrong codes. With EndSessions everything that was signed in is signed out as well. Addresses
   stay: where the pool demands a factor and sends codes, they are what codes go to. Nothing is wrong with a
   factor that the user does not have. Raises ResourceNotFound, UserNotFound. */
RESULT lost_factor_remove(struct request *request, const struct remove_user_second_factor_request *input);
