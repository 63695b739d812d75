/* SPDX-License-Identifier: Apache-2.0 */
/* Notes of refreshes, and the background work that writes them down in small transactions. */
#include "userpool/last_refresh.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "base/log.h"
#include "store/statements.h"
#include "store/store.h"

/* Past the largest number of notes, what comes is not noted. */
enum { NOTES_MAX = 16384, BATCH = 200, PAUSE = 1 * SECOND };

struct note {
	char sign_in_id[UUID_TEXT_LEN];
	int64_t at;
};

struct last_refresh {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	struct background *background;
	bool is_awake; /* writes, or will look again without being asked */
	size_t count;
	struct note notes[NOTES_MAX];
};

/* The one that runs, for last_refresh_note(). The lock is for its notes, too. */
static struct last_refresh *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct batch {
	struct note notes[BATCH];
	size_t count;
};

/* The last ones; how many are left. */
static size_t take_batch(struct last_refresh *last_refresh, struct batch *batch)
{
	pthread_mutex_lock(&lock);
	batch->count = last_refresh->count < BATCH ? last_refresh->count : BATCH;
	last_refresh->count -= batch->count;
	memcpy(batch->notes, &last_refresh->notes[last_refresh->count], batch->count * sizeof *batch->notes);
	size_t left = last_refresh->count;
	last_refresh->is_awake = batch->count > 0;
	pthread_mutex_unlock(&lock);
	return left;
}

static RESULT write_batch(struct request *request, void *context)
{
	const struct batch *batch = context;
	for (size_t i = 0; i < batch->count; i++)
		TRY(store_sign_in_set_refreshed(request,
			&(struct store_sign_in_set_refreshed_in){
				.id = { batch->notes[i].sign_in_id, UUID_TEXT_LEN },
				.now = batch->notes[i].at,
			},
			NULL));
	return OK;
}

static void write_down(struct last_refresh *last_refresh, struct batch *batch)
{
	struct request *request = request_new();
	request->settings = last_refresh->settings;
	request->sealer = last_refresh->sealer;
	request->store = last_refresh->store;
	if (!result_is_ok(store_write(request, write_batch, batch)))
		log_event(LOG_ERROR, "last_refresh", LOG_TEXT("message", request->message),
			LOG_TEXT("detail", request->detail));
	request_free(&request);
}

static int64_t step(void *context)
{
	struct last_refresh *last_refresh = context;
	struct batch batch;
	size_t left = take_batch(last_refresh, &batch);
	if (!batch.count)
		return BACKGROUND_WHEN_ASKED;
	write_down(last_refresh, &batch);
	return left ? 0 : PAUSE;
}

struct last_refresh *last_refresh_start(
	const struct settings *settings, const struct sealer *sealer, struct store *store)
{
	struct last_refresh *last_refresh = calloc(1, sizeof *last_refresh);
	if (!last_refresh)
		fatal("out of memory");
	last_refresh->settings = settings;
	last_refresh->sealer = sealer;
	last_refresh->store = store;
	pthread_mutex_lock(&lock);
	running = last_refresh;
	running->is_awake = true;
	running->background = background_start(step, last_refresh);
	pthread_mutex_unlock(&lock);
	return last_refresh;
}

void last_refresh_note(const struct request *request, str sign_in_id)
{
	pthread_mutex_lock(&lock);
	if (running && running->count < NOTES_MAX && sign_in_id.len == UUID_TEXT_LEN) {
		struct note *note = &running->notes[running->count++];
		memcpy(note->sign_in_id, sign_in_id.data, UUID_TEXT_LEN);
		note->at = request->now;
		if (!running->is_awake)
			background_ask(running->background);
		running->is_awake = true;
	}
	pthread_mutex_unlock(&lock);
}

void last_refresh_stop(struct last_refresh **handle)
{
	struct last_refresh *last_refresh = *handle;
	if (!last_refresh)
		return;
	*handle = NULL;
	pthread_mutex_lock(&lock);
	running = NULL;
	pthread_mutex_unlock(&lock);
	background_stop(&last_refresh->background);
	while (step(last_refresh) != BACKGROUND_WHEN_ASKED)
		;
	free(last_refresh);
}
