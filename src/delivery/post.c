/* SPDX-License-Identifier: Apache-2.0 */
/* Posts. */
#include "delivery/post.h"

#include "base/settings.h"

enum { SECONDS = 20 };

static enum sender_outcome outcome_of_status(unsigned status)
{
	if (status >= 200 && status < 300)
		return SENDER_SENT;
	bool is_passing = status == 408 || status == 429; /* RFC 9110, 15.5.9; RFC 6585, 4 */
	return status >= 400 && status < 500 && !is_passing ? SENDER_REFUSED : SENDER_DEFERRED;
}

enum sender_outcome post_send(const struct settings *settings, struct arena *arena, const struct post *post,
	struct http_client_answer *answer, str *problem)
{
	const struct http_client_request request = {
		.method = STR("POST"),
		.url = post->url,
		.headers = post->headers,
		.header_count = post->header_count,
		.body = post->body,
		.proxy = settings->outgoing_proxy,
		.ca_file = settings->ca_file,
		.seconds = SECONDS,
		.answer_max = POST_ANSWER_MAX,
	};
	enum http_client_outcome outcome = http_client_send(arena, &request, answer, problem);
	if (outcome != HTTP_CLIENT_ANSWERED) {
		*answer = (struct http_client_answer){ .status = 0 };
		return outcome == HTTP_CLIENT_UNREACHABLE ? SENDER_DOWN : SENDER_DEFERRED;
	}
	*problem = arena_printf(arena, "the service answers with status %u", answer->status);
	return outcome_of_status(answer->status);
}
