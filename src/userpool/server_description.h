/* SPDX-License-Identifier: Apache-2.0 */
/* How this server is, for its operator, at the cost of one statement: all else is kept in memory anyway. Messages are
   counted as delivery/census.h says.
   API: DescribeServer. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

/* Numbers past what the API's integers hold stand at its end. */
RESULT server_description_make(struct request *request, struct describe_server_response *description);
