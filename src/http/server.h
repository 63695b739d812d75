/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP server: listens, reads whole requests within limits, has them answered, logs each in one line.
   HTTP threads never block; what may block runs on worker threads while its connection sleeps. */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Answers one message. Runs on a worker thread and may block. Sets status, headers and body; what they point to
   lives in the request's arena or for ever. HEAD arrives as GET; the body of its answer is not sent. */
typedef void http_handler(
	struct request *request, const struct message_request *message, struct message_response *response);

/* The same on an HTTP thread, for what is ready-made: must not block. False, and nothing set, when it is not for it. */
typedef bool http_ready_handler(
	struct request *request, const struct message_request *message, struct message_response *response);

struct http_handlers {
	http_ready_handler *ready; /* asked first; may be NULL */
	http_handler *blocking;
	/* Lends each new request the process's parts; may be NULL. */
	void (*prepare)(struct request *request, void *context);
	void *context;
	/* What the log shows of a path as it was sent; NULL: all of it. */
	str (*loggable_path)(struct arena *arena, str path);
};

struct http_server;

/* Listens on settings->listen; who connects has to wait until the server serves. NULL, with a text for the operator in
   `*problem`, when that fails. `settings` must outlive the server; what depends on the port may be completed in them
   until it serves. */
struct http_server *http_server_listen(struct arena *arena, const struct settings *settings, str *problem);

/* Answers from here on; with settings->tls_cert and tls_key speaks TLS 1.2 and newer only. False, with a text for the
   operator, when that fails: the server can only be stopped then. */
bool http_server_serve(
	struct arena *arena, struct http_server *server, const struct http_handlers *handlers, str *problem);

/* Both at once; NULL, with a text for the operator, when one fails. */
struct http_server *http_server_start(struct arena *arena, const struct settings *settings,
	const struct http_handlers *handlers, str *problem);

/* The port that it listens on. */
unsigned http_server_port(const struct http_server *server);

/* Accepts no more connections, waits up to ten seconds for the requests under way, answers 503 to those that still
   wait for a worker then, waits for the running ones, closes all connections. Nulls the pointer. */
void http_server_drain_and_stop(struct http_server **server);
