/* SPDX-License-Identifier: Apache-2.0 */
/* A courier looks for the next message, makes an attempt when one is due, and sleeps until there is a reason
   to look again. */
#include "delivery/courier.h"

#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "delivery/attempt.h"
#include "delivery/backoff.h"
#include "delivery/medium.h"
#include "store/statements.h"
#include "store/store.h"

enum {
	PAUSE_AFTER_STORE = 10 * SECOND,
	CLEAN_EVERY = 1 * HOUR,
	CLEAN_BATCH = 100, /* rows; other transactions wait behind them */
};

struct courier {
	struct courier_tools tools;
	enum outbox_medium medium;
	struct background *background;
	bool is_recovered;
	int64_t downs; /* answers of SENDER_DOWN in a row */
	int64_t paused_until;
	int64_t clean_at;
};

static struct request *new_request(const struct courier *courier)
{
	struct request *request = request_new();
	request->settings = courier->tools.settings;
	request->sealer = courier->tools.sealer;
	request->store = courier->tools.store;
	return request;
}

static void pause_for(struct courier *courier, int64_t delay)
{
	courier->paused_until = clock_now() + delay;
	log_event(LOG_WARNING, "medium_paused", LOG_TEXT("medium", medium_name(courier->medium)),
		LOG_NUMBER("seconds", delay / SECOND));
}

static void take_failure(struct courier *courier, const struct request *request)
{
	log_event(LOG_ERROR, "outbox", LOG_TEXT("medium", medium_name(courier->medium)),
		LOG_TEXT("message", request->message), LOG_TEXT("detail", request->detail));
	pause_for(courier, PAUSE_AFTER_STORE);
}

static void take_answer(struct courier *courier, enum sender_outcome answer)
{
	if (answer == SENDER_DOWN)
		pause_for(courier, backoff_delay(++courier->downs));
	else
		courier->downs = 0;
}

struct cleaning {
	enum outbox_medium medium;
	int64_t deleted;
};

static RESULT delete_dead(struct request *request, void *context)
{
	struct cleaning *cleaning = context;
	const struct store_outbox_delete_dead_in in = {
		.medium = medium_name(cleaning->medium),
		.now = request->now,
		.limit = CLEAN_BATCH,
	};
	return store_outbox_delete_dead(request, &in, &cleaning->deleted);
}

static RESULT clean(struct request *request, struct courier *courier)
{
	struct cleaning cleaning = { .medium = courier->medium };
	TRY(store_write(request, delete_dead, &cleaning));
	courier->clean_at = request->now + (cleaning.deleted < CLEAN_BATCH ? CLEAN_EVERY : 0);
	return OK;
}

static RESULT work(struct request *request, struct courier *courier, struct attempt_outcome *outcome)
{
	if (courier->clean_at <= request->now)
		TRY(clean(request, courier));
	TRY(attempt_next(request, courier->tools.senders, courier->medium, outcome));
	if (courier->clean_at < outcome->next_at)
		outcome->next_at = courier->clean_at;
	return OK;
}

/* Does what is due and tells when to look again. */
static int64_t look(struct courier *courier)
{
	if (clock_now() < courier->paused_until)
		return courier->paused_until;
	struct request *request = new_request(courier);
	struct attempt_outcome outcome = { .next_at = request->now };
	if (!result_is_ok(work(request, courier, &outcome)))
		take_failure(courier, request);
	else if (outcome.asked)
		take_answer(courier, outcome.answer);
	request_free(&request);
	return outcome.next_at;
}

static RESULT recover_rows(struct request *request, void *context)
{
	const enum outbox_medium *medium = context;
	const struct store_outbox_recover_in in = {
		.medium = medium_name(*medium),
		.now = request->now,
		.until = request->now + ATTEMPT_CLAIM,
	};
	return store_outbox_recover(request, &in, NULL);
}

/* What a server had in hand that is no more would otherwise wait for the end of its claim. */
static void recover(struct courier *courier)
{
	if (!store_is_locked(courier->tools.store))
		return;
	struct request *request = new_request(courier);
	if (!result_is_ok(store_write(request, recover_rows, &courier->medium)))
		take_failure(courier, request);
	request_free(&request);
}

static int64_t step(void *context)
{
	struct courier *courier = context;
	if (!courier->is_recovered)
		recover(courier);
	courier->is_recovered = true;
	int64_t left = look(courier) - clock_now(), longest = courier->tools.look_every;
	if (left < 0)
		return 0;
	return left < longest ? left : longest;
}

struct courier *courier_start(const struct courier_tools *tools, enum outbox_medium medium)
{
	struct courier *courier = calloc(1, sizeof *courier);
	if (!courier)
		fatal("out of memory");
	courier->tools = *tools;
	courier->medium = medium;
	courier->background = background_start_urgent(step, courier);
	return courier;
}

void courier_wake(struct courier *courier)
{
	background_ask(courier->background);
}

void courier_ask_to_stop(struct courier *courier)
{
	background_ask_to_stop(courier->background);
}

void courier_stop(struct courier **courier)
{
	background_stop(&(*courier)->background);
	free(*courier);
	*courier = NULL;
}
