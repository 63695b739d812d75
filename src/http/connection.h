/* SPDX-License-Identifier: Apache-2.0 */
/* The open connections, each with a time by which its present step must be over. The library's own timeout only
   bounds silence; a client that sends a byte now and then would hold a connection for ever. */
#pragma once

#include <stdatomic.h>

#include "base/str.h"

struct connection_list;

struct connection {
	struct connection *next, *previous; /* belong to connection.c */
	int socket;
	_Atomic int64_t deadline; /* clock_monotonic_us() */
	struct exchange *exchange; /* under way on it, or NULL; belongs to exchange.c */
	str address; /* of the client, numeric; points into address_text */
	char address_text[46];
};

/* Starts the thread that closes what is overdue. */
struct connection_list *connection_list_new(void);

/* Open now, and opened so far. */
uint64_t connection_list_length(const struct connection_list *list);
uint64_t connection_list_total(const struct connection_list *list);

/* All connections must be closed by then. Nulls the pointer. */
void connection_list_free(struct connection_list **list);

/* Takes note of an accepted socket; it has `seconds` for what comes first. */
struct connection *connection_open(struct connection_list *list, int socket, unsigned seconds);

/* Must be called before the socket is closed, since its number may be used again then. Nulls the pointer. */
void connection_close(struct connection_list *list, struct connection **connection);

/* From `now`, clock_monotonic_us(), the connection has `seconds` for its next step; 0 for no limit. */
void connection_set_deadline(struct connection *connection, int64_t now, unsigned seconds);
