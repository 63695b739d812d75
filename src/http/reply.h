/* SPDX-License-Identifier: Apache-2.0 */
/* From an answer to the bytes of a response. */
#pragma once

#include <microhttpd.h>

#include "base/request.h"
#include "message/request.h"

/* Makes the answer that tells a failed request's error in the AWS JSON form, for failures that no handler saw. */
void reply_from_failure(struct request *request, struct message_response *response);

/* Queues the answer with the headers that every answer carries. The body is not copied: the request must live until
   the library reports it completed. `closes` ends the connection afterwards. */
enum MHD_Result reply_queue(struct MHD_Connection *connection, struct request *request,
	const struct message_request *message, const struct message_response *response, bool closes);
