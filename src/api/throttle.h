/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas of calls: who asks for what of which pool. */
#pragma once

#include "base/request.h"
#include "spec/operation.h"

/* Counts the call towards the quota of its operation's category in its pool, and of its user. The pool is that of the
   caller's access token, or the one that the input names, by itself or by an app client; what does not exist is for the
   operation to tell. Raises TooManyRequests. */
RESULT throttle(struct request *request, const struct spec_operation *operation, const void *input);
