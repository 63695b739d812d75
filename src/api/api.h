/* SPDX-License-Identifier: Apache-2.0 */
/* The API over every protocol that it speaks: awsJson 1.1 at "/", the administration as REST below "/admin/v1/", and
   the description of the latter at "/admin/openapi.json". */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Answers a message; any other path is answered 404. May block. What the response points to lives in the request's
   arena or for ever. */
void api_handle(
	struct request *request, const struct message_request *message, struct message_response *response);

/* The path without what is sensitive in it: names in braces stand in the place of members that the specs call so. */
str api_loggable_path(struct arena *arena, str path);
