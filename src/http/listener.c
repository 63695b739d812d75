/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets. Ours rather than the library's own, so that a failure has a name and an address. */
#define _GNU_SOURCE /* SOCK_NONBLOCK */
#include "http/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fatal.h"

enum { BACKLOG = 1024 };

/* Cuts "host:port" at the last ':'; the brackets around an IPv6 address go. */
static bool split_address(struct arena *arena, str address, str *host, str *port)
{
	size_t at = address.len;
	while (at > 0 && address.data[at - 1] != ':')
		at--;
	if (at < 2 || at == address.len)
		return false;
	str name = str_slice(address, 0, at - 1);
	if (str_has_prefix(name, STR("[")) && str_has_suffix(name, STR("]")))
		name = str_slice(name, 1, name.len - 2);
	*host = arena_copy(arena, name);
	*port = arena_copy(arena, str_from(address, at));
	return true;
}

static void close_found(struct addrinfo **found)
{
	if (*found)
		freeaddrinfo(*found);
}

static int listen_on(const struct addrinfo *where)
{
	int on = 1;
	int opened = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (opened < 0)
		return -1;
	setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (!bind(opened, where->ai_addr, where->ai_addrlen) && !listen(opened, BACKLOG))
		return opened;
	int reason = errno;
	close(opened);
	errno = reason;
	return -1;
}

int listener_open(struct arena *arena, str address, str *problem)
{
	CLEANUP(close_found) struct addrinfo *found = NULL;
	struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	str host, port;
	if (!split_address(arena, address, &host, &port)) {
		*problem = arena_printf(arena, "\"%.*s\" is not ADDRESS:PORT", STR_ARG(address));
		return -1;
	}
	int failed = getaddrinfo(host.data, port.data, &wanted, &found);
	if (failed) {
		*problem = arena_printf(arena, "no address \"%.*s\": %s", STR_ARG(address), gai_strerror(failed));
		return -1;
	}
	int opened = listen_on(found);
	if (opened < 0)
		*problem = arena_printf(arena, "cannot listen on %.*s: %m", STR_ARG(address));
	return opened;
}

unsigned listener_port(int socket)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} bound;
	socklen_t len = sizeof bound;
	if (getsockname(socket, &bound.any, &len))
		fatal("getsockname failed");
	return ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
}
