/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: a queue of waiters, each woken alone when a place is given to it. A place is handed over, never put
   back while somebody waits, so nobody overtakes. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "crypto/gate.h"

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

struct gate_waiter {
	struct gate_waiter *next;
	pthread_cond_t admitted;
	bool is_admitted;
};

/* Of the machine's processors this process may have been given a part. */
static unsigned usable_processors(void)
{
	cpu_set_t set;
	int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return count > 0 ? (unsigned)count : 1;
}

static unsigned limit_of(struct gate *gate)
{
	if (!gate->limit)
		gate->limit = usable_processors();
	return gate->limit;
}

/* Gives free places to those who wait. */
static void admit(struct gate *gate)
{
	while (gate->first && gate->inside < limit_of(gate)) {
		struct gate_waiter *waiter = gate->first;
		gate->first = waiter->next;
		gate->inside++;
		gate->waiting--;
		waiter->is_admitted = true;
		pthread_cond_signal(&waiter->admitted);
	}
}

static void wait_for_place(struct gate *gate)
{
	struct gate_waiter self = { .admitted = PTHREAD_COND_INITIALIZER };
	if (!gate->first)
		gate->end = &gate->first;
	*gate->end = &self;
	gate->waiting++;
	gate->end = &self.next;
	while (!self.is_admitted)
		pthread_cond_wait(&self.admitted, &gate->mutex);
	pthread_cond_destroy(&self.admitted);
}

void gate_set_limit(struct gate *gate, unsigned limit)
{
	pthread_mutex_lock(&gate->mutex);
	gate->limit = limit;
	admit(gate);
	pthread_mutex_unlock(&gate->mutex);
}

struct gate_load gate_load(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	struct gate_load load = { .limit = limit_of(gate), .inside = gate->inside, .waiting = gate->waiting };
	pthread_mutex_unlock(&gate->mutex);
	return load;
}

void gate_enter(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	if (gate->inside < limit_of(gate) && !gate->first)
		gate->inside++;
	else
		wait_for_place(gate);
	pthread_mutex_unlock(&gate->mutex);
}

void gate_leave(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->inside--;
	admit(gate);
	pthread_mutex_unlock(&gate->mutex);
}
