/* SPDX-License-Identifier: Apache-2.0 */
/* The stock: background work that adds one spare key after the other until there are enough. */
#include "userpool/pool_key_stock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/pool_key.h"

enum { RETRY_PAUSE = 10 * SECOND };

struct pool_key_stock {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	struct background *background;
};

/* The one that runs, for pool_key_stock_wake(). */
static struct pool_key_stock *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static atomic_uint level;

unsigned pool_key_stock_level(void)
{
	return level;
}

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
	level = (unsigned)row.count;
	*is_full = row.count >= POOL_KEY_STOCK_SIZE;
	if (*is_full)
		return OK;
	struct pool_key_made made = pool_key_make(request);
	return store_write(request, insert, &made);
}

/* Adds one key. After a failure it is tried again later. */
static int64_t fill(void *context)
{
	struct pool_key_stock *stock = context;
	struct request *request = request_new();
	bool is_full = false;
	request->settings = stock->settings;
	request->sealer = stock->sealer;
	request->store = stock->store;
	bool works = result_is_ok(add_one(request, &is_full));
	if (!works)
		log_event(LOG_ERROR, "key_stock", LOG_TEXT("message", request->message),
			LOG_TEXT("detail", request->detail));
	request_free(&request);
	if (!works)
		return RETRY_PAUSE;
	return is_full ? BACKGROUND_WHEN_ASKED : 0;
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
	pthread_mutex_lock(&lock);
	stock->background = background_start(fill, stock);
	running = stock;
	pthread_mutex_unlock(&lock);
	return stock;
}

void pool_key_stock_wake(void)
{
	pthread_mutex_lock(&lock);
	if (running)
		background_ask(running->background);
	pthread_mutex_unlock(&lock);
}

void pool_key_stock_stop(struct pool_key_stock **handle)
{
	struct pool_key_stock *stock = *handle;
	if (!stock)
		return;
	pthread_mutex_lock(&lock);
	running = NULL;
	pthread_mutex_unlock(&lock);
	background_stop(&stock->background);
	free(stock);
	*handle = NULL;
}
