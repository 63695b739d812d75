/* SPDX-License-Identifier: Apache-2.0 */
/* Raw HTTP over a blocking socket. */
#define _GNU_SOURCE /* memmem */
#include "wire/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/cases.h"

enum { PATIENCE_SECONDS = 10 };

struct peer *peer_dial(unsigned port)
{
	struct peer *peer = calloc(1, sizeof *peer);
	struct sockaddr_in where = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	assert_non_null(peer);
	peer->arena = arena_new();
	peer->socket = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(peer->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(peer->socket, (struct sockaddr *)&where, sizeof where), 0);
	return peer;
}

void peer_hang_up(struct peer **peer)
{
	if (!*peer)
		return;
	close((*peer)->socket);
	arena_free(&(*peer)->arena);
	free(*peer);
	*peer = NULL;
}

bool peer_say(struct peer *peer, str bytes)
{
	while (bytes.len) {
		ssize_t sent = send(peer->socket, bytes.data, bytes.len, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes = str_from(bytes, (size_t)sent);
	}
	return true;
}

void peer_ask(struct peer *peer, const char *method, const char *path, const char *headers, str body)
{
	str head = arena_printf(peer->arena, "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n",
		method, path, headers, body.len);
	assert_true(peer_say(peer, head));
	assert_true(peer_say(peer, body));
}

/* Reads once more; false at the end, or when nothing came in time. */
static bool hear_more(struct peer *peer)
{
	assert_true(peer->len < sizeof peer->heard);
	ssize_t got = recv(peer->socket, peer->heard + peer->len, sizeof peer->heard - peer->len, 0);
	if (got > 0)
		peer->len += (size_t)got;
	return got > 0;
}

bool peer_hears_end(struct peer *peer)
{
	char byte;
	return peer->len == 0 && recv(peer->socket, &byte, 1, 0) <= 0;
}

/* The first `len` bytes that were heard, which are taken away. */
static str take(struct peer *peer, size_t len)
{
	while (peer->len < len)
		if (!hear_more(peer))
			fail_msg("the answer ends early");
	str taken = arena_copy(peer->arena, (str){ peer->heard, len });
	peer->len -= len;
	memmove(peer->heard, peer->heard + len, peer->len);
	return taken;
}

static str take_head(struct peer *peer)
{
	for (;;) {
		char *end = memmem(peer->heard, peer->len, "\r\n\r\n", 4);
		if (end)
			return take(peer, (size_t)(end - peer->heard) + 4);
		if (!hear_more(peer))
			return STR_NONE;
	}
}

str peer_header(const struct peer_reply *reply, str name)
{
	str rest = reply->head;
	while (str_is_set(rest)) {
		str value = str_split(&rest, '\n');
		str found = str_split(&value, ':');
		if (str_is_set(value) && str_equal_ignoring_ascii_case(found, name))
			return str_trim(str_slice(value, 0, value.len - 1));
	}
	return STR_NONE;
}

struct peer_reply peer_hear(struct peer *peer, bool has_body)
{
	struct peer_reply reply = { .head = take_head(peer) };
	int64_t status, len = 0;
	if (!str_is_set(reply.head))
		return reply;
	if (!str_to_int64(str_slice(reply.head, sizeof "HTTP/1.1", 3), &status))
		fail_msg("no status line");
	reply.status = (unsigned)status;
	str_to_int64(peer_header(&reply, STR("Content-Length")), &len);
	reply.body = has_body ? take(peer, (size_t)len) : STR("");
	return reply;
}
