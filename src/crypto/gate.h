/* SPDX-License-Identifier: Apache-2.0 */
/* A gate that lets a limited number of threads through at once, in the order of their arrival. */
#pragma once

#include <pthread.h>

struct gate_waiter;

struct gate {
	pthread_mutex_t mutex;
	unsigned limit; /* 0: as many as the process may use processors */
	unsigned inside, waiting;
	struct gate_waiter *first, **end; /* `end` holds only while `first` is set */
};

#define GATE_INIT { .mutex = PTHREAD_MUTEX_INITIALIZER }

/* Changes how many may be inside; those inside stay. */
void gate_set_limit(struct gate *gate, unsigned limit);

struct gate_load {
	unsigned limit, inside, waiting;
};

/* A snapshot. */
struct gate_load gate_load(struct gate *gate);

/* Waits for its turn. Each gate_enter needs a gate_leave. */
void gate_enter(struct gate *gate);
void gate_leave(struct gate *gate);
