/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP server on a thread that takes one connection and says the same bytes to each request on it. */
#pragma once

#include <pthread.h>

#include "base/buf.h"

struct responder {
	const char *answer; /* NULL: the connection is cut instead */
	size_t requests; /* that it answers; 0 stands for one */
	bool is_slow; /* keeps the connection open until the client has gone */

	/* Set by responder_start(). */
	unsigned port;
	int listener;
	pthread_t thread;
	struct arena *arena;
	struct buf heard;
};

/* Listens on a free port of 127.0.0.1. */
void responder_start(struct responder *responder);

/* All that it heard, once it has answered; valid until responder_stop(). */
str responder_heard(struct responder *responder);

/* Waits for its end, unless responder_heard() did. */
void responder_stop(struct responder *responder);
