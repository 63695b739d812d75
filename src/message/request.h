/* SPDX-License-Identifier: Apache-2.0 */
/* A received message and the answer to it, without a transport: what http/ fills and api/ and oauth/ read.
   Everything lives in the arena of the request that it belongs to. */
#pragma once

#include "base/arena.h"

struct message_header {
	str name; /* as sent; names compare without case */
	str value; /* trimmed */
};

struct message_request {
	str method; /* "POST"; GET where HEAD was sent, whose answer is that of GET without its body */
	bool is_head;
	str path; /* as sent on the request line, still percent-encoded, starts with '/', without query */
	str query; /* as sent, without '?'; absent when there was none */
	const struct message_header *headers; /* in the order received */
	size_t header_count;
	str body; /* empty when there was none */
	str client_address; /* numeric */
	bool is_tls;
};

/* The value of the first header of that name, absent when there is none. */
str message_header(const struct message_request *request, str name);

/* Whether Content-Type names that media type ("application/json"), with or without parameters. */
bool message_has_media_type(const struct message_request *request, str media_type);

struct message_response {
	unsigned status;
	struct message_header headers[16];
	size_t header_count;
	str body; /* empty for none */
};

/* Adds a header; the name is a literal, the value must live as long as the response. More than there is room for is a
   bug of ours. */
void message_add_header(struct message_response *response, str name, str value);
