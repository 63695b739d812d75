/* SPDX-License-Identifier: Apache-2.0 */
/* The stock: a thread that counts the spare keys, adds one after the other until there are enough, and sleeps. */
#define _GNU_SOURCE /* gettid */
#include "userpool/pool_key_stock.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/pool_key.h"

enum { RETRY_SECONDS = 10, LOWEST_PRIORITY = 19 };

struct pool_key_stock {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	pthread_t thread;
	pthread_cond_t changed;
	bool is_asked, is_stopping;
};

/* The one that runs; the lock also guards its two flags. */
static struct pool_key_stock *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static RESULT insert(struct request *request, void *context)
{
	const struct pool_key_made *made = context;
	return store_signing_key_insert_spare(request,
		&(struct store_signing_key_insert_spare_in){
			.id = made->id, .sealed_key = made->sealed_key, .now = request->now },
		NULL);
}

static RESULT add_one(struct request *request, bool *is_full)
{
	struct store_signing_key_spare_count_row row;
	bool found;
	TRY(store_signing_key_spare_count(request, &row, &found));
	*is_full = row.count >= POOL_KEY_STOCK_SIZE;
	if (*is_full)
		return OK;
	struct pool_key_made made = pool_key_make(request);
	return store_write(request, insert, &made);
}

static bool is_stopping(struct pool_key_stock *stock)
{
	pthread_mutex_lock(&lock);
	bool stopping = stock->is_stopping;
	pthread_mutex_unlock(&lock);
	return stopping;
}

/* False when it could not: to be tried again later. */
static bool fill(struct pool_key_stock *stock)
{
	bool is_full = false, works = true;
	while (works && !is_full && !is_stopping(stock)) {
		struct request *request = request_new();
		request->settings = stock->settings;
		request->sealer = stock->sealer;
		request->store = stock->store;
		works = result_is_ok(add_one(request, &is_full));
		if (!works)
			log_event(LOG_ERROR, "key_stock", LOG_TEXT("message", request->message),
				LOG_TEXT("detail", request->detail));
		request_free(&request);
	}
	return works;
}

/* False when the thread shall end. */
static bool sleep_until_asked(struct pool_key_stock *stock, bool works)
{
	struct timespec retry_at;
	clock_gettime(CLOCK_REALTIME, &retry_at);
	retry_at.tv_sec += RETRY_SECONDS;
	pthread_mutex_lock(&lock);
	while (!stock->is_asked && !stock->is_stopping)
		if (works)
			pthread_cond_wait(&stock->changed, &lock);
		else if (pthread_cond_timedwait(&stock->changed, &lock, &retry_at) != 0)
			break;
	stock->is_asked = false;
	bool goes_on = !stock->is_stopping;
	pthread_mutex_unlock(&lock);
	return goes_on;
}

static void *run(void *argument)
{
	struct pool_key_stock *stock = argument;
	/* On Linux priority belongs to the thread; requests come first, and failing at this harms nothing. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), LOWEST_PRIORITY);
	while (sleep_until_asked(stock, fill(stock)))
		;
	return NULL;
}

struct pool_key_stock *pool_key_stock_start(const struct settings *settings, const struct sealer *sealer,
	struct store *store)
{
	struct pool_key_stock *stock = calloc(1, sizeof *stock);
	if (!stock)
		fatal("out of memory");
	stock->settings = settings;
	stock->sealer = sealer;
	stock->store = store;
	pthread_cond_init(&stock->changed, NULL);
	pthread_mutex_lock(&lock);
	if (pthread_create(&stock->thread, NULL, run, stock) != 0)
		fatal("no thread can be started");
	running = stock;
	pthread_mutex_unlock(&lock);
	return stock;
}

void pool_key_stock_wake(void)
{
	pthread_mutex_lock(&lock);
	if (running) {
		running->is_asked = true;
		pthread_cond_signal(&running->changed);
	}
	pthread_mutex_unlock(&lock);
}

void pool_key_stock_stop(struct pool_key_stock **handle)
{
	struct pool_key_stock *stock = *handle;
	if (!stock)
		return;
	pthread_mutex_lock(&lock);
	running = NULL;
	stock->is_stopping = true;
	pthread_cond_signal(&stock->changed);
	pthread_mutex_unlock(&lock);
	pthread_join(stock->thread, NULL);
	pthread_cond_destroy(&stock->changed);
	free(stock);
	*handle = NULL;
}
