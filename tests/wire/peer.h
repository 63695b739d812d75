/* SPDX-License-Identifier: Apache-2.0 */
/* A client that says exactly the bytes it is told to, and reads answers one by one. */
#pragma once

#include "base/arena.h"

struct peer {
	int socket;
	struct arena *arena;
	char heard[256 * 1024];
	size_t len;
};

struct peer_reply {
	unsigned status; /* 0: the connection ended instead */
	str head; /* status line and headers */
	str body;
};

/* Connects to the loopback address; fails the test when that fails. */
struct peer *peer_dial(unsigned port);

void peer_hang_up(struct peer **peer);

/* False when the other side has closed. */
bool peer_say(struct peer *peer, str bytes);

/* Says "METHOD path HTTP/1.1" with Host, the further header lines (each with its CRLF) and Content-Length. */
void peer_ask(struct peer *peer, const char *method, const char *path, const char *headers, str body);

/* The next answer; waits ten seconds at most. `has_body` false for the answer to HEAD. */
struct peer_reply peer_hear(struct peer *peer, bool has_body);

/* True when the other side has closed and nothing is left to read. */
bool peer_hears_end(struct peer *peer);

/* The header's value, absent without. */
str peer_header(const struct peer_reply *reply, str name);
