/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox: rows that are added in a transaction, and a courier for each medium, so that a slow mail server
   does not hold up text messages. */
#include "delivery/outbox.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "delivery/courier.h"
#include "delivery/envelope.h"
#include "delivery/medium.h"
#include "store/statements.h"
#include "store/store.h"

struct outbox {
	struct outbox *next; /* among those that run */
	struct courier *couriers[OUTBOX_MEDIUM_COUNT];
};

static struct outbox *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void wake(void *context)
{
	(void)context;
	outbox_wake_all();
}

static RESULT add(struct request *request, const struct outbox_message *message, str id)
{
	if (str_is_empty(message->recipient) || str_is_empty(message->body))
		return FAIL(request, CODE_DELIVERY_FAILURE, "Unable to deliver a message without %s.",
			str_is_empty(message->body) ? "a text" : "an address");
	str sealed = envelope_close(request->sealer, request->arena, id, message);
	if (!str_is_set(sealed)) {
		DETAIL(request, "the message is too long");
		return FAIL(request, INTERNAL, "Internal server error");
	}
	return store_outbox_insert(request,
		&(struct store_outbox_insert_in){ .id = id,
			.pool_id = message->pool_id,
			.medium = medium_name(message->medium),
			.sealed_message = sealed,
			.now = request->now },
		NULL);
}

result outbox_add(struct request *request, const struct outbox_message *message)
{
	TRY(add(request, message, uuid_new(request->arena)));
	store_after_commit(request, wake, NULL);
	return OK;
}

result outbox_pretend(struct request *request, const struct outbox_message *message)
{
	str id = uuid_new(request->arena);
	TRY(add(request, message, id));
	return store_outbox_delete(request, &(struct store_outbox_delete_in){ .id = id }, NULL);
}

struct outbox *outbox_start(const struct settings *settings, struct store *store, const struct sealer *sealer)
{
	return outbox_start_senders(settings, store, sealer, sender_list);
}

struct outbox *outbox_start_senders(const struct settings *settings, struct store *store,
	const struct sealer *sealer, const struct sender *const *senders)
{
	const struct courier_tools tools = {
		.settings = settings,
		.sealer = sealer,
		.store = store,
		.senders = senders,
		.look_every = MINUTE,
	};
	struct outbox *outbox = calloc(1, sizeof *outbox);
	if (!outbox)
		fatal("out of memory");
	pthread_mutex_lock(&lock); /* so early that no wake-up passes by a courier that has looked already */
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		outbox->couriers[medium] = courier_start(&tools, medium);
	outbox->next = running;
	running = outbox;
	pthread_mutex_unlock(&lock);
	return outbox;
}

void outbox_wake_all(void)
{
	pthread_mutex_lock(&lock);
	for (struct outbox *outbox = running; outbox; outbox = outbox->next)
		for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
			courier_wake(outbox->couriers[medium]);
	pthread_mutex_unlock(&lock);
}

/* From then on nobody wakes it. */
static void forget(const struct outbox *outbox)
{
	pthread_mutex_lock(&lock);
	struct outbox **place = &running;
	while (*place != outbox)
		place = &(*place)->next;
	*place = outbox->next;
	pthread_mutex_unlock(&lock);
}

void outbox_stop(struct outbox **handle)
{
	struct outbox *outbox = *handle;
	if (!outbox)
		return;
	*handle = NULL;
	forget(outbox);
	/* All are asked before the first is waited for. */
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		courier_ask_to_stop(outbox->couriers[medium]);
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		courier_stop(&outbox->couriers[medium]);
	free(outbox);
}
