/* SPDX-License-Identifier: Apache-2.0 */
/* How many messages the outbox has. A server counts them from time to time in the background, so that whoever asks
   often asks memory alone. */
#pragma once

#include "delivery/outbox.h"

enum census_state { CENSUS_WAITING, CENSUS_DEAD, CENSUS_STATE_COUNT };

/* What stands for as many or more: counting costs no more than so many rows. */
enum { CENSUS_MOST = 100000 };

struct census_counts {
	uint64_t of[OUTBOX_MEDIUM_COUNT][CENSUS_STATE_COUNT];
};

/* "waiting", "dead", as in the rows. */
str census_state_name(enum census_state state);

/* Counts in the store, now. */
RESULT census_take(struct request *request, struct census_counts *counts);

struct census;

/* Counts at once and then every ten seconds. What it is given must outlive it. */
struct census *census_start(const struct settings *settings, struct store *store);

/* Waits for the count that is being taken, if any. Nulls the pointer. */
void census_stop(struct census **census);

/* The last count of this process; all zero before the first. */
struct census_counts census_last(void);
