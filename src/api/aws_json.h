/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol of the SDKs, awsJson 1.1: POST / with the operation in X-Amz-Target and its members in the body.
   https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
#pragma once

#include "base/request.h"
#include "message/request.h"

void aws_json_handle(
	struct request *request, const struct message_request *message, struct message_response *response);
