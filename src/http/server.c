/* SPDX-License-Identifier: Apache-2.0 */
/* The life of the server: its listener, the library's daemon, connections, workload. */
#include "http/server.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/log.h"
#include "base/settings.h"
#include "http/connection.h"
#include "http/exchange.h"
#include "http/listener.h"
#include "http/traffic.h"
#include "http/workload.h"

enum {
	CONNECTION_MEMORY = 16 * 1024, /* bounds the headers: past it the answer is 431 */
	PEM_MAX = 256 * 1024,
	DRAIN_SECONDS = 10,
};

/* GnuTLS's notation: TLS 1.2 and 1.3 alone. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct http_server {
	struct exchange_host host;
	struct MHD_Daemon *daemon; /* NULL until it serves */
	int socket; /* listening; the daemon's once there is one */
	unsigned port;
	atomic_bool started;
	char complaint[256]; /* the library's last words while it starts */
};

static void __attribute__((format(printf, 2, 0))) hear_library(void *context, const char *format, va_list arguments)
{
	struct http_server *server = context;
	char text[256];
	vsnprintf(text, sizeof text, format, arguments);
	str line = str_trim(str_of(strtok(text, "\n")));
	if (server->started)
		log_event(LOG_DEBUG, "http_library", LOG_TEXT("says", line));
	else
		snprintf(server->complaint, sizeof server->complaint, "%.*s", STR_ARG(line));
}

static void note_connection(void *context, struct MHD_Connection *handle, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct http_server *server = context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		int socket = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		*socket_context =
			connection_open(server->host.connections, socket, 2 * server->host.settings->idle_timeout);
		return;
	}
	struct connection *connection = *socket_context;
	*socket_context = NULL;
	exchange_abandon(connection);
	connection_close(server->host.connections, &connection);
}

/* The library would decode '%' in the path; whether "%2F" is a separator is for the reader of the path to say. */
static size_t leave_escapes(void *context, struct MHD_Connection *handle, char *text)
{
	(void)context, (void)handle;
	return strlen(text);
}

static bool read_pem(struct arena *arena, str path, str *content, str *problem)
{
	*content = file_read(arena, arena_copy(arena, path).data, PEM_MAX);
	if (!str_is_set(*content))
		*problem = arena_printf(arena, "cannot read %.*s: %m", STR_ARG(path));
	return str_is_set(*content);
}

struct option_list {
	struct MHD_OptionItem items[16];
	size_t count;
};

static void add_option(struct option_list *list, enum MHD_OPTION option, intptr_t value, const void *pointer)
{
	/* One place is kept for MHD_OPTION_END, which is 0. */
	if (list->count + 1 >= ARRAY_LEN(list->items))
		fatal("too many options for the HTTP library");
	list->items[list->count++] = (struct MHD_OptionItem){ option, value, (void *)(uintptr_t)pointer };
}

static bool add_tls_options(
	struct arena *arena, const struct settings *settings, struct option_list *list, str *problem)
{
	str cert, key;
	if (!str_is_set(settings->tls_cert))
		return true;
	if (!read_pem(arena, settings->tls_cert, &cert, problem) ||
		!read_pem(arena, settings->tls_key, &key, problem))
		return false;
	add_option(list, MHD_OPTION_HTTPS_MEM_CERT, 0, cert.data);
	add_option(list, MHD_OPTION_HTTPS_MEM_KEY, 0, key.data);
	add_option(list, MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES);
	return true;
}

static void add_limits(const struct settings *settings, struct option_list *list)
{
	add_option(list, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL);
	add_option(list, MHD_OPTION_CONNECTION_LIMIT, (intptr_t)settings->connection_limit, NULL);
	add_option(
		list, MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)settings->address_connection_limit, NULL);
	add_option(list, MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)settings->idle_timeout, NULL);
	add_option(list, MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
	/* The library warns of a pool of one. */
	if (settings->http_threads > 1)
		add_option(list, MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)settings->http_threads, NULL);
}

static bool start_daemon(struct http_server *server, const struct option_list *list)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	if (str_is_set(server->host.settings->tls_cert))
		flags |= MHD_USE_TLS;
	server->daemon = MHD_start_daemon(flags, 0, NULL, NULL, exchange_step, &server->host,
		MHD_OPTION_EXTERNAL_LOGGER, hear_library, server, MHD_OPTION_LISTEN_SOCKET, server->socket,
		MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, &server->host, MHD_OPTION_NOTIFY_COMPLETED,
		exchange_end, &server->host, MHD_OPTION_NOTIFY_CONNECTION, note_connection, server,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, NULL, MHD_OPTION_ARRAY, list->items,
		MHD_OPTION_END);
	return server->daemon != NULL;
}

static struct http_server *server_new(const struct settings *settings, int socket)
{
	struct http_server *server = calloc(1, sizeof *server);
	if (!server)
		fatal("out of memory");
	server->socket = socket;
	server->port = listener_port(socket);
	server->host.settings = settings;
	server->host.workload = workload_new(settings->worker_threads, settings->queue_limit);
	server->host.connections = connection_list_new();
	server->host.traffic = traffic_new();
	return server;
}

static void server_free(struct http_server **server)
{
	connection_list_free(&(*server)->host.connections);
	workload_free(&(*server)->host.workload);
	traffic_free(&(*server)->host.traffic);
	free(*server);
	*server = NULL;
}

static void free_arena(struct arena **arena)
{
	arena_free(arena);
}

/* The library names no file; a pair that it cannot use is by far the likeliest reason with TLS. */
static str explain_failure(struct arena *arena, const struct http_server *server)
{
	const struct settings *settings = server->host.settings;
	if (!str_is_set(settings->tls_cert))
		return arena_printf(arena, "cannot start the HTTP server: %s", server->complaint);
	return arena_printf(arena, "cannot speak TLS with certificate %.*s and key %.*s: %s",
		STR_ARG(settings->tls_cert), STR_ARG(settings->tls_key), server->complaint);
}

struct http_server *http_server_listen(struct arena *arena, const struct settings *settings, str *problem)
{
	int socket = listener_open(arena, settings->listen, problem);
	signal(SIGPIPE, SIG_IGN);
	return socket < 0 ? NULL : server_new(settings, socket);
}

bool http_server_serve(
	struct arena *arena, struct http_server *server, const struct http_handlers *handlers, str *problem)
{
	/* The private key is wiped with this arena: GnuTLS has made its own of it by then. */
	CLEANUP(free_arena) struct arena *files = arena_new();
	struct option_list list = { .count = 0 };
	server->host.handlers = *handlers;
	add_limits(server->host.settings, &list);
	if (!add_tls_options(files, server->host.settings, &list, problem)) {
		*problem = arena_copy(arena, *problem);
		return false;
	}
	if (!start_daemon(server, &list)) {
		*problem = explain_failure(arena, server);
		return false;
	}
	server->started = true;
	return true;
}

struct http_server *http_server_start(struct arena *arena, const struct settings *settings,
	const struct http_handlers *handlers, str *problem)
{
	struct http_server *server = http_server_listen(arena, settings, problem);
	if (server && !http_server_serve(arena, server, handlers, problem))
		http_server_drain_and_stop(&server);
	return server;
}

unsigned http_server_port(const struct http_server *server)
{
	return server->port;
}

/* Closes the listening socket; what is connected already stays. */
static void stop_listening(struct http_server *server)
{
	int socket = server->daemon ? MHD_quiesce_daemon(server->daemon) : server->socket;
	if (socket >= 0)
		close(socket);
}

void http_server_drain_and_stop(struct http_server **server)
{
	if (!*server)
		return;
	stop_listening(*server);
	workload_drain((*server)->host.workload, DRAIN_SECONDS);
	if ((*server)->daemon)
		MHD_stop_daemon((*server)->daemon);
	server_free(server);
}
