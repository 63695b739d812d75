/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to HTTP servers of others (RFC 9110). Follows no redirect: a request may carry what only its first receiver
   shall see. Keeps no cookies, asks for no compression, checks certificates and the names in them. */
#pragma once

#include "message/request.h"

/* Texts have no control characters, but for the body. */
struct http_client_request {
	str method; /* "POST" */
	str url; /* http:// or https:// */
	const struct message_header *headers; /* besides Content-Length and User-Agent; Host where it matters */
	size_t header_count;
	str body; /* absent: none */
	str proxy; /* http://host:port; absent: none */
	str ca_file; /* PEM; absent: the system's */
	bool takes_any_certificate; /* only where nothing secret is sent and nothing believed */
	unsigned seconds; /* for all of it */
	size_t answer_max; /* bytes of a body that are read */
};

struct http_client_answer {
	unsigned status; /* 200 to 599 */
	str body; /* at most answer_max bytes */
	bool is_whole; /* the body came to its end within answer_max */
};

enum http_client_outcome {
	HTTP_CLIENT_ANSWERED,
	HTTP_CLIENT_UNREACHABLE, /* nobody has seen the request: no name, no connection, no trust */
	HTTP_CLIENT_UNANSWERED, /* it was sent, at least in part, and may have been carried out */
};

/* Blocks as long as the request allows. Says why, for the operator, unless HTTP_CLIENT_ANSWERED; that names no header
   and no body, but may quote the URL. A thread keeps its connections open for its next requests. */
enum http_client_outcome http_client_send(struct arena *arena, const struct http_client_request *request,
	struct http_client_answer *answer, str *problem);
