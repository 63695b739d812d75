/* SPDX-License-Identifier: Apache-2.0 */
/* The administration as REST: the same operations, members and errors as awsJson, below ADMIN_PATH_ROOT. Success is
   200 with the operation's output, whatever the method; failures have the statuses of REST. */
#pragma once

#include "base/request.h"
#include "message/request.h"

void admin_rest_handle(
	struct request *request, const struct message_request *message, struct message_response *response);

/* As api_loggable_path(), for a path below ADMIN_PATH_ROOT. */
str admin_rest_loggable_path(struct arena *arena, str path);
