/* SPDX-License-Identifier: Apache-2.0 */
/* What an outbox stands on, without a server: a store with the product's schema in a folder of its own, a
   sealer, and one sender for every medium that answers as it is told and keeps count. */
#pragma once

#include "base/request.h"
#include "base/settings.h"
#include "delivery/sender.h"
#include "unit/cases.h"

/* What every message of the office says. */
#define OFFICE_SUBJECT "A subject to hide"
#define OFFICE_BODY    "<p>The code is 918273</p>"

struct office {
	struct arena *arena;
	struct settings settings;
	struct sealer *sealer;
	struct store *store;
};

/* For cmocka: *state is the office, where every message is sent. The tear-down lets the clock run again. */
int office_set_up(void **state);
int office_tear_down(void **state);

/* A second store on the same database, as another process has one; to be closed by store_close(). */
struct store *office_open_store(const struct office *office);

/* A request in the office, to be freed by request_free(). */
struct request *office_request(const struct office *office);

/* Adds a message in a transaction of its own. */
void office_add(const struct office *office, enum outbox_medium medium, const char *recipient);

/* Messages that wait, and the first of them: its attempts and when it is due. */
bool office_first(const struct office *office, enum outbox_medium medium, int64_t *attempts, int64_t *due_at);

/* How many e-mails are dead, and why the newest is, made in the office's arena. */
size_t office_dead(const struct office *office, str *problem);

/* The list to start an outbox with. */
extern const struct sender *const office_senders[];

/* What the sender answers from now on. */
void office_answer(enum outbox_medium medium, enum sender_outcome answer);

/* Where the way of a message can be interrupted. */
enum office_moment {
	OFFICE_FOUND, /* its row was read and not yet claimed: the sender is looked for then */
	OFFICE_IN_HAND, /* the sender has it */
};

/* Calls that, once, when the next message is there. */
void office_interrupt(const struct office *office, enum office_moment moment,
	void (*interruption)(const struct office *office));

/* The sender keeps messages of the medium in hand, or lets them go. */
void office_hold(enum outbox_medium medium, bool held);

/* How many messages of a medium the sender was handed, and how many to one recipient it has sent. */
size_t office_handed(enum outbox_medium medium);
size_t office_sent_to(const char *recipient);

/* Whether all it was handed were whole. */
bool office_was_given_whole_messages(void);

/* Goes on as soon as the condition holds; fails the test when it takes too long. */
#define await(condition)                                                                                     \
	do {                                                                                                 \
		int waits_ = 0;                                                                              \
		while (!(condition))                                                                         \
			office_wait_a_moment(&waits_, #condition);                                           \
	} while (0)

void office_wait_a_moment(int *waits, const char *condition);
