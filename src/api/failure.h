/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a request that failed:
       {"__type":"UserNotFoundException","message":"User does not exist."}
   and the same name in the header x-amzn-errortype, because some clients look at one and some at the other. */
#pragma once

#include "base/request.h"
#include "message/request.h"

enum failure_protocol {
	FAILURE_AWS_JSON, /* application/x-amz-json-1.1, the statuses of AWS */
	FAILURE_REST, /* application/json, the statuses of REST */
};

/* Answers with the failure that stands in the request. Of an internal error the caller learns nothing; the log does. */
void failure_answer(
	struct request *request, enum failure_protocol protocol, struct message_response *response);
