/* SPDX-License-Identifier: Apache-2.0 */
/* One request and its answer on a connection, as the library's callbacks see it: begin, a step for the headers, one
   for each piece of the body, one to answer, end. */
#pragma once

#include <microhttpd.h>

#include "http/server.h"

struct connection;

/* What all exchanges of a server share. */
struct exchange_host {
	const struct settings *settings;
	struct http_handlers handlers;
	struct workload *workload;
	struct connection_list *connections;
	struct traffic *traffic;
};

/* MHD_OPTION_URI_LOG_CALLBACK: the request line has come. The connection's socket context is its struct connection.
   Returns the exchange, which the library hands on to the others. */
void *exchange_begin(void *host, const char *target, struct MHD_Connection *handle);

/* MHD_AccessHandlerCallback. */
enum MHD_Result exchange_step(void *host, struct MHD_Connection *handle, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_size, void **exchange);

/* The connection closes: ends what is still under way, for the library does not report a request that broke off in
   its headers. */
void exchange_abandon(struct connection *connection);

/* MHD_OPTION_NOTIFY_COMPLETED: answered or lost. Logs, and frees the request. */
void exchange_end(
	void *host, struct MHD_Connection *handle, void **exchange, enum MHD_RequestTerminationCode reason);
