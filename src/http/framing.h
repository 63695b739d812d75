/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a request says in one way only where it ends and whom it is for. Two readers that disagree about
   that, a proxy and this server, let a caller smuggle a request past the first (RFC 9112, 6.3 and 11.2). */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Fails with SERIALIZATION; the connection must be closed then. `version` as on the request line, "HTTP/1.1".
 */
RESULT framing_check(struct request *request, const struct message_request *message, str version);

/* What methods and names of headers are made of. */
bool framing_is_token_char(char c);

/* The Content-Length of a checked request; 0 without one. */
int64_t framing_length(const struct message_request *message);
