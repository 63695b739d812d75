/* SPDX-License-Identifier: Apache-2.0 */
/* The description of the administration, made from the operation table: OpenAPI 3.1
   (https://spec.openapis.org/oas/v3.1.0). */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Answers GET with the document. It is built once, public, and the same for everybody. */
void openapi_handle(
	struct request *request, const struct message_request *message, struct message_response *response);
