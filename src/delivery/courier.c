/* SPDX-License-Identifier: Apache-2.0 */
/* A courier looks for the next message, makes an attempt when one is due, and sleeps until there is a reason
   to look again. */
#include "delivery/courier.h"

#include <pthread.h>
#include <stdlib.h>

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
	pthread_t thread;

	/* The thread's own. */
	int64_t downs; /* answers of SENDER_DOWN in a row */
	int64_t paused_until;
	int64_t clean_at;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_woken, is_stopping; /* under the lock */
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

static RESULT delete_dead(struct request *request, void *context)
{
	struct courier *courier = context;
	const struct store_outbox_delete_dead_in in = {
		.medium = medium_name(courier->medium),
		.now = request->now,
		.limit = CLEAN_BATCH,
	};
	int64_t deleted;
	TRY(store_outbox_delete_dead(request, &in, &deleted));
	courier->clean_at = request->now + (deleted < CLEAN_BATCH ? CLEAN_EVERY : 0);
	return OK;
}

static RESULT work(struct request *request, struct courier *courier, struct attempt_outcome *outcome)
{
	if (courier->clean_at <= request->now)
		TRY(store_write(request, delete_dead, courier));
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
	const struct courier *courier = context;
	const struct store_outbox_recover_in in = {
		.medium = medium_name(courier->medium),
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
	if (!result_is_ok(store_write(request, recover_rows, courier)))
		take_failure(courier, request);
	request_free(&request);
}

static struct timespec monotonic_after(int64_t milliseconds)
{
	int64_t at = clock_monotonic_us() + milliseconds * 1000;
	return (struct timespec){ .tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000 };
}

/* Until woken or that time, whichever is first; false when the thread shall end. */
static bool sleep_until(struct courier *courier, int64_t time)
{
	int64_t left = time - clock_now(), longest = courier->tools.look_every;
	struct timespec end = monotonic_after(left < longest ? left : longest);
	bool is_over = left <= 0;
	pthread_mutex_lock(&courier->lock);
	while (!is_over && !courier->is_woken && !courier->is_stopping)
		is_over = pthread_cond_timedwait(&courier->changed, &courier->lock, &end) != 0;
	courier->is_woken = false;
	bool goes_on = !courier->is_stopping;
	pthread_mutex_unlock(&courier->lock);
	return goes_on;
}

static void *run(void *argument)
{
	struct courier *courier = argument;
	recover(courier);
	while (sleep_until(courier, look(courier)))
		;
	return NULL;
}

/* Sleep must not depend on the wall clock, which may be set. */
static void init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct courier *courier_start(const struct courier_tools *tools, enum outbox_medium medium)
{
	struct courier *courier = calloc(1, sizeof *courier);
	if (!courier)
		fatal("out of memory");
	courier->tools = *tools;
	courier->medium = medium;
	pthread_mutex_init(&courier->lock, NULL);
	init_condition(&courier->changed);
	if (pthread_create(&courier->thread, NULL, run, courier) != 0)
		fatal("cannot start a thread");
	return courier;
}

static void set_flag(struct courier *courier, bool *flag)
{
	pthread_mutex_lock(&courier->lock);
	*flag = true;
	pthread_cond_signal(&courier->changed);
	pthread_mutex_unlock(&courier->lock);
}

void courier_wake(struct courier *courier)
{
	set_flag(courier, &courier->is_woken);
}

void courier_ask_to_stop(struct courier *courier)
{
	set_flag(courier, &courier->is_stopping);
}

void courier_stop(struct courier **handle)
{
	struct courier *courier = *handle;
	*handle = NULL;
	courier_ask_to_stop(courier);
	pthread_join(courier->thread, NULL);
	pthread_cond_destroy(&courier->changed);
	pthread_mutex_destroy(&courier->lock);
	free(courier);
}
