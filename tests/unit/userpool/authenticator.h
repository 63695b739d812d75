/* SPDX-License-Identifier: Apache-2.0 */
/* A user's authenticator app: makes codes of a secret as it is shown to users. */
#pragma once

#include "base/request.h"

/* The code at the request's time, or so many steps later. */
str authenticator_code(struct request *request, str secret_text, int64_t steps);

/* A code that fits no step near the request's time. */
str authenticator_wrong_code(struct request *request, str secret_text);

/* Gives a user a software token, verified by the code of the step before the request's time, which is used up
   by that; gives its secret as it was shown. */
str authenticator_enroll(struct request *request, str pool_id, const char *username, str device_name);
