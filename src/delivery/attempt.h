/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt to send one message of the outbox: its row is claimed, so that no two processes make the same
   attempt, opened, handed to a sender, and settled by what came of it. */
#pragma once

#include "base/clock.h"
#include "delivery/sender.h"

/* How long a claim holds, also that of a process that ended: longer than any sender takes. */
enum { ATTEMPT_CLAIM = 1 * MINUTE };

/* How long a dead message stays. */
#define ATTEMPT_DEAD_KEPT (30 * DAY)

struct attempt_outcome {
	const struct sender *asked; /* the sender that was handed a message; NULL: none was */
	enum sender_outcome answer; /* what it said */
	int64_t next_at; /* when to look for the next message; INT64_MAX when none waits */
};

/* Makes the attempt that is due first in a medium, if one is due, with the first sender of the list that
   takes it; blocks as long as that does. Logs what became of the message, never what it says. Fails as the
   store does. */
RESULT attempt_next(struct request *request, const struct sender *const *senders, enum outbox_medium medium,
	struct attempt_outcome *outcome);

/* How many attempts of this process had that outcome. */
uint64_t attempt_total(enum outbox_medium medium, enum sender_outcome outcome);
