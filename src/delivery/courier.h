/* SPDX-License-Identifier: Apache-2.0 */
/* The thread that sends the messages of one medium, one after the other, and removes those long dead. While
   its sender takes none it pauses, with growing delays. */
#pragma once

#include "delivery/sender.h"

struct courier;

/* What a courier works with; all of it must outlive the courier. */
struct courier_tools {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	const struct sender *const *senders; /* ended by NULL; takes every medium */
	int64_t look_every; /* milliseconds: how soon rows of other processes are found */
};

struct courier *courier_start(const struct courier_tools *tools, enum outbox_medium medium);

/* Has it look at once. */
void courier_wake(struct courier *courier);

/* Asks it to end after the message being sent; returns at once. */
void courier_ask_to_stop(struct courier *courier);

/* Asks, waits for the end, frees, nulls the pointer. */
void courier_stop(struct courier **courier);
