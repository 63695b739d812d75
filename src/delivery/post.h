/* SPDX-License-Identifier: Apache-2.0 */
/* A message on its way to an HTTP service, and what the answer means for it. */
#pragma once

#include "delivery/sender.h"
#include "message/http_client.h"

/* What is read of an answer; whoever answers more is not read to the end. */
enum { POST_ANSWER_MAX = 16 * 1024 };

struct post {
	str url;
	const struct message_header *headers;
	size_t header_count;
	str body;
};

/* POSTs it, 20 seconds at most. 2xx: sent. 408, 429: deferred. Other 4xx: refused. No connection: down. Anything else,
   and no answer to what may have been carried out: deferred. The problem quotes neither body nor answer. `*answer` is
   set when there was one: its status is 0 otherwise. */
enum sender_outcome post_send(const struct settings *settings, struct arena *arena, const struct post *post,
	struct http_client_answer *answer, str *problem);
