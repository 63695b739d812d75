/* SPDX-License-Identifier: Apache-2.0 */
/* Responses. Nothing is cached or guessed at by a browser unless the handler says so. */
#include "http/reply.h"

#include "base/fatal.h"
#include "base/jsontext.h"
#include "base/log.h"
#include "http/cors.h"

enum { FAILURE_BODY_MAX = 8192, SHORT_VALUE = 256 };

void reply_from_failure(struct request *request, struct message_response *response)
{
	const struct error_kind *kind = error_kind(request->error);
	struct buf body = buf_new(request->arena, FAILURE_BODY_MAX);
	buf_add_char(&body, '{');
	jsontext_add_string_member(&body, STR("__type"), str_of(kind->name));
	jsontext_add_string_member(&body, STR("message"), request->message);
	buf_add_char(&body, '}');
	*response = (struct message_response){ .status = kind->aws_status, .body = buf_str(&body) };
	message_add_header(response, STR("Content-Type"), STR("application/x-amz-json-1.1"));
	message_add_header(response, STR("x-amzn-errortype"), str_of(kind->name));
	if (request->error == ERROR_SERVICE_UNAVAILABLE)
		message_add_header(response, STR("Retry-After"), STR("1"));
}

/* A C string of the value, made in `memory` where that is enough. */
static const char *terminate(struct arena *arena, str value, char memory[SHORT_VALUE])
{
	if (!value.data || value.len >= SHORT_VALUE)
		return arena_copy(arena, value).data;
	memcpy(memory, value.data, value.len);
	memory[value.len] = '\0';
	return memory;
}

/* The library copies both. It takes C strings and refuses line ends; what it would cut short is refused here. */
static void add_header(struct MHD_Response *reply, struct arena *arena, str name, str value)
{
	char memory[SHORT_VALUE];
	if (str_find_char(value, '\0') >= 0 ||
		MHD_add_response_header(reply, name.data, terminate(arena, value, memory)) != MHD_YES)
		log_event(LOG_ERROR, "header_not_sent", LOG_TEXT("name", name));
}

static bool has_header(const struct message_response *response, str name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (str_equal_ignoring_ascii_case(response->headers[i].name, name))
			return true;
	return false;
}

static void add_common_headers(
	struct MHD_Response *reply, struct request *request, const struct message_request *message)
{
	struct message_header cors[CORS_HEADERS_MAX];
	size_t count = cors_headers(request->arena, message, cors);
	add_header(reply, request->arena, STR("x-amzn-RequestId"), request->id);
	MHD_add_response_header(reply, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < count; i++)
		add_header(reply, request->arena, cors[i].name, cors[i].value);
}

enum MHD_Result reply_queue(struct MHD_Connection *connection, struct request *request,
	const struct message_request *message, const struct message_response *response, bool closes)
{
	struct MHD_Response *reply = MHD_create_response_from_buffer(
		response->body.len, (void *)(uintptr_t)response->body.data, MHD_RESPMEM_PERSISTENT);
	if (!reply)
		fatal("out of memory");
	for (size_t i = 0; i < response->header_count; i++)
		add_header(reply, request->arena, response->headers[i].name, response->headers[i].value);
	add_common_headers(reply, request, message);
	if (!has_header(response, STR("Cache-Control")))
		MHD_add_response_header(reply, "Cache-Control", "no-store");
	if (closes)
		MHD_add_response_header(reply, "Connection", "close");
	enum MHD_Result queued = MHD_queue_response(connection, response->status, reply);
	MHD_destroy_response(reply);
	return queued;
}
