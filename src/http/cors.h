/* SPDX-License-Identifier: Apache-2.0 */
/* Which answers a web page of another origin may read (Fetch standard, 3.2).

   Three kinds of path. "/" is the API of the SDKs: no cookie means anything there, a caller proves itself in the
   message, so any origin may even send credentials; the origin is echoed because browsers refuse '*' then.
   Other paths answer '*', which browsers never combine with cookies: what a page reads there, anybody can read.
   Administration, probes and the gateway are not opened at all. */
#pragma once

#include "message/request.h"

enum { CORS_HEADERS_MAX = 4 };

/* OPTIONS with an origin, for a path that is open: to be answered by cors_answer_preflight(). */
bool cors_is_preflight(struct arena *arena, const struct message_request *request);

/* 200 with what the page may send. The headers of cors_headers() come on top. */
void cors_answer_preflight(struct arena *arena, const struct message_request *request,
	struct message_response *response);

/* The headers that any answer to this request carries, errors too. Returns how many. */
size_t cors_headers(struct arena *arena, const struct message_request *request,
	struct message_header headers[CORS_HEADERS_MAX]);
