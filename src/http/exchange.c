/* SPDX-License-Identifier: Apache-2.0 */
/* Exchanges. An exchange lives in its request's arena. While a worker has it, the library sleeps on the connection
   and touches nothing; once MHD_resume_connection() is called, the worker touches nothing any more. */
#include "http/exchange.h"

#include <assert.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "http/connection.h"
#include "http/cors.h"
#include "http/framing.h"
#include "http/metrics.h"
#include "http/reply.h"
#include "http/traffic.h"
#include "http/workload.h"

/* What is read and thrown away of a body that is too large, so that its sender hears 413 rather than a reset. */
enum { DISCARD_MAX = 16 * 1024 * 1024, LOGGED_PATH_MAX = 256 };

enum stage { STAGE_HEADERS, STAGE_BODY, STAGE_ANSWERED };

struct exchange {
	struct exchange_host *host;
	struct MHD_Connection *handle;
	struct connection *connection;
	struct request *request;
	struct message_request message;
	struct message_response response;
	enum stage stage;
	str method; /* as sent, also HEAD */
	struct buf body;
	size_t discarded;
	bool closes;
	int64_t began_at; /* clock_monotonic_us() */
};

/* RFC 9112, 3.2.2: a server must accept the absolute form, "http://host/path", too. */
static str without_origin(str target)
{
	static const str schemes[] = { STR_INIT("http://"), STR_INIT("https://") };
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		if (!str_has_prefix(target, schemes[i]))
			continue;
		str rest = str_from(target, schemes[i].len);
		ptrdiff_t slash = str_find_char(rest, '/');
		return slash < 0 ? STR("/") : str_from(rest, (size_t)slash);
	}
	return target;
}

void *exchange_begin(void *host, const char *target, struct MHD_Connection *handle)
{
	struct request *request = request_new();
	struct exchange *x = ARENA_NEW(request->arena, struct exchange);
	x->host = host;
	x->handle = handle;
	x->connection = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	x->connection->exchange = x;
	x->request = request;
	x->began_at = clock_monotonic_us();
	str rest = without_origin(arena_copy(request->arena, str_of(target)));
	x->message.path = str_split(&rest, '?');
	x->message.query = rest;
	x->message.client_address = request->client_address = x->connection->address;
	if (x->host->handlers.prepare)
		x->host->handlers.prepare(request, x->host->handlers.context);
	connection_set_deadline(x->connection, x->began_at, x->host->settings->idle_timeout);
	workload_enter(x->host->workload);
	return x;
}

/* Where a header goes on in the next line (RFC 9112, 5.2), the library adds that line to the header's name: it takes
   "Content-Lengt: 5" and " h" for a length, and "Content-Length:" and " 5" for none, and others the other way round. A
   name that it added to is elsewhere; else name and value are where they arrived, between them a NUL for the colon, and
   blanks. */
static bool is_of_one_line(str name, const char *value)
{
	const char *end = name.data + name.len;
	if ((uintptr_t)value <= (uintptr_t)end)
		return false;
	for (end++; end < value; end++)
		if (*end != ' ' && *end != '\t')
			return false;
	return true;
}

/* A header of several lines gets no name, which framing_check() refuses. */
static enum MHD_Result add_header(void *list, enum MHD_ValueKind kind, const char *name, size_t name_len,
	const char *value, size_t value_len)
{
	struct message_request *message = list;
	struct message_header *headers = (struct message_header *)(uintptr_t)message->headers;
	str whole_name = { name, name_len };
	(void)kind;
	headers[message->header_count++] = (struct message_header){
		!value || is_of_one_line(whole_name, value) ? whole_name : STR(""),
		value ? str_trim((str){ value, value_len }) : STR(""),
	};
	return MHD_YES;
}

static void read_headers(struct exchange *x)
{
	int count = MHD_get_connection_values_n(x->handle, MHD_HEADER_KIND, NULL, NULL);
	x->message.headers = ARENA_ARRAY(x->request->arena, struct message_header, (size_t)count);
	MHD_get_connection_values_n(x->handle, MHD_HEADER_KIND, add_header, &x->message);
}

static enum MHD_Result send_answer(struct exchange *x)
{
	connection_set_deadline(x->connection, clock_monotonic_us(), x->host->settings->idle_timeout);
	assert(x->response.status);
	bool closes = x->closes || workload_is_draining(x->host->workload);
	return reply_queue(x->handle, x->request, &x->message, &x->response, closes);
}

static enum MHD_Result refuse(struct exchange *x)
{
	reply_from_failure(x->request, &x->response);
	return send_answer(x);
}

static RESULT fail_too_large(struct exchange *x)
{
	return FAIL(x->request, REQUEST_TOO_LARGE, "The body is larger than %zu bytes", x->host->settings->body_limit);
}

/* Whether a body that is too large will be thrown away rather than read: whoever waits to be told to go on hears no
   at once, and nobody reads for ever. */
static bool is_worth_reading(const struct exchange *x, int64_t length)
{
	return length <= DISCARD_MAX && !str_is_set(message_header(&x->message, STR("Expect")));
}

static enum MHD_Result take_headers(struct exchange *x, str method, str version)
{
	struct request *request = x->request;
	x->stage = STAGE_BODY;
	x->method = arena_copy(request->arena, method);
	x->message.is_head = str_equal(method, STR("HEAD"));
	x->message.method = x->message.is_head ? STR("GET") : x->method;
	x->message.is_tls = str_is_set(x->host->settings->tls_cert);
	x->body = buf_new(request->arena, x->host->settings->body_limit);
	read_headers(x);
	request->user_agent = message_header(&x->message, STR("User-Agent"));
	if (!result_is_ok(framing_check(request, &x->message, version))) {
		x->closes = true;
		return refuse(x);
	}
	int64_t length = framing_length(&x->message);
	if ((uint64_t)length <= x->host->settings->body_limit || result_is_ok(fail_too_large(x)))
		return MHD_YES;
	if (is_worth_reading(x, length))
		return MHD_YES;
	x->closes = true;
	return refuse(x);
}

/* MHD_NO closes the connection. */
static enum MHD_Result take_body(struct exchange *x, str piece)
{
	if (!x->request->error)
		buf_add(&x->body, piece);
	if (x->body.overflowed && !x->request->error && result_is_ok(fail_too_large(x)))
		return MHD_NO;
	if (x->request->error)
		x->discarded += piece.len;
	return x->discarded <= DISCARD_MAX ? MHD_YES : MHD_NO;
}

static void fail_unavailable(struct exchange *x, const char *reason)
{
	result failed = FAIL(x->request, SERVICE_UNAVAILABLE, "The service is busy. Try again later.");
	(void)failed;
	DETAIL(x->request, "%s", reason);
	reply_from_failure(x->request, &x->response);
}

static void work(void *job)
{
	struct exchange *x = job;
	if (workload_is_over(x->host->workload))
		fail_unavailable(x, "the server is stopping");
	else
		x->host->handlers.blocking(x->request, &x->message, &x->response);
	MHD_resume_connection(x->handle);
}

/* Asleep before the worker can wake it. */
static enum MHD_Result hand_over(struct exchange *x)
{
	x->stage = STAGE_ANSWERED;
	connection_set_deadline(x->connection, 0, 0);
	MHD_suspend_connection(x->handle);
	if (!workload_submit(x->host->workload, work, x)) {
		fail_unavailable(x, "too many requests wait for a worker");
		MHD_resume_connection(x->handle);
	}
	return MHD_YES;
}

static enum MHD_Result answer(struct exchange *x)
{
	struct exchange_host *host = x->host;
	x->message.body = buf_str(&x->body);
	if (x->request->error)
		return refuse(x);
	if (cors_is_preflight(x->request->arena, &x->message)) {
		cors_answer_preflight(x->request->arena, &x->message, &x->response);
		return send_answer(x);
	}
	if (metrics_answer(host, x->request, &x->message, &x->response))
		return send_answer(x);
	if (host->handlers.ready && host->handlers.ready(x->request, &x->message, &x->response))
		return send_answer(x);
	return hand_over(x);
}

enum MHD_Result exchange_step(void *host, struct MHD_Connection *handle, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_size, void **exchange)
{
	struct exchange *x = *exchange;
	(void)host, (void)handle, (void)url;
	if (x->stage == STAGE_HEADERS)
		return take_headers(x, str_of(method), str_of(version));
	if (x->stage == STAGE_ANSWERED)
		return send_answer(x);
	if (!*upload_size)
		return answer(x);
	str piece = { upload, *upload_size };
	*upload_size = 0;
	return take_body(x, piece);
}

/* The status that left, also where the library answered by itself; 0 for none. */
static unsigned sent_status(const struct exchange *x)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->handle, MHD_CONNECTION_INFO_HTTP_STATUS);
	return info ? info->http_status : 0;
}

static str loggable_path(const struct exchange *x)
{
	const struct http_handlers *handlers = &x->host->handlers;
	str path = handlers->loggable_path ? handlers->loggable_path(x->request->arena, x->message.path)
					   : x->message.path;
	return str_slice(path, 0, LOGGED_PATH_MAX);
}

/* Never a header's value, a query or a body: they carry secrets. */
static void log_exchange(
	const struct exchange *x, enum MHD_RequestTerminationCode reason, unsigned status, int64_t duration_us)
{
	const struct request *request = x->request;
	log_event(LOG_INFO, "request", LOG_TEXT("id", request->id), LOG_TEXT("method", x->method),
		LOG_TEXT("path", loggable_path(x)), LOG_NUMBER("status", status), LOG_NUMBER("duration_us", duration_us),
		LOG_NUMBER("bytes", x->message.is_head ? 0 : (int64_t)x->response.body.len),
		LOG_TEXT("client", request->client_address), LOG_TEXT("operation", request->operation),
		LOG_TEXT("error", request->error ? str_of(error_kind(request->error)->name) : STR_NONE),
		LOG_TEXT("detail", request->detail),
		LOG_TEXT("ended", reason == MHD_REQUEST_TERMINATED_COMPLETED_OK ? STR_NONE : STR("early")));
}

static void end(struct exchange *x, enum MHD_RequestTerminationCode reason)
{
	struct workload *workload = x->host->workload;
	struct request *request = x->request;
	unsigned status = sent_status(x);
	int64_t now = clock_monotonic_us(), duration_us = now - x->began_at;
	/* Twice: the library's own timeout bounds silence until the next request, this one a request line that trickles. */
	connection_set_deadline(x->connection, now, 2 * x->host->settings->idle_timeout);
	x->connection->exchange = NULL;
	traffic_count(x->host->traffic, request, status, duration_us);
	log_exchange(x, reason, status, duration_us);
	request_free(&request);
	workload_leave(workload);
}

void exchange_end(
	void *host, struct MHD_Connection *handle, void **exchange, enum MHD_RequestTerminationCode reason)
{
	struct exchange *x = *exchange;
	(void)host, (void)handle;
	*exchange = NULL;
	if (x)
		end(x, reason);
}

void exchange_abandon(struct connection *connection)
{
	if (connection->exchange)
		end(connection->exchange, MHD_REQUEST_TERMINATED_CLIENT_ABORT);
}
