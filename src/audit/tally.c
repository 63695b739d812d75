/* SPDX-License-Identifier: Apache-2.0 */
/* Counts by kind of event, and the background work that writes them down. Kinds are few: what fails is told
   without the user, whom an attacker may choose, and without where it comes from. */
#include "audit/tally.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "store/store.h"

enum { KINDS_MAX = 128, TEXT_MAX = 128, PAUSE = 1 * MINUTE };

struct text {
	char data[TEXT_MAX];
	size_t len;
	bool is_set;
};

struct kind {
	struct text operation, pool_id, user_id, error;
	enum audit_actor_type actor;
	enum audit_outcome_type outcome;
	int64_t count;
};

struct kinds {
	struct kind items[KINDS_MAX];
	size_t count;
	int64_t left_out; /* events that had no room */
};

struct tally {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	struct background *background;
	bool is_awake; /* writes, or will look again without being asked */
	struct kinds kinds;
};

/* The one that runs, for tally_add(). The lock is for its kinds, too. */
static struct tally *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* --- Counting --- */

static struct text keep(str text)
{
	struct text kept = { .is_set = str_is_set(text), .len = text.len < TEXT_MAX ? text.len : TEXT_MAX };
	if (kept.len)
		memcpy(kept.data, text.data, kept.len);
	return kept;
}

static str kept_text(const struct text *text)
{
	return text->is_set ? (str){ text->data, text->len } : STR_NONE;
}

static bool is_same(const struct text *one, const struct text *other)
{
	return one->is_set == other->is_set && str_equal(kept_text(one), kept_text(other));
}

static bool is_of_kind(const struct kind *one, const struct kind *other)
{
	return is_same(&one->operation, &other->operation) && is_same(&one->pool_id, &other->pool_id) &&
	       is_same(&one->user_id, &other->user_id) && is_same(&one->error, &other->error) &&
	       one->actor == other->actor && one->outcome == other->outcome;
}

static struct kind kind_of(const struct audit_event *event)
{
	bool has_failed = event->outcome == AUDIT_OUTCOME_TYPE_FAIL;
	return (struct kind){
		.operation = keep(event->operation),
		.pool_id = keep(event->pool_id),
		.user_id = keep(has_failed ? STR_NONE : event->user_id),
		.error = keep(event->error),
		.actor = event->actor,
		.outcome = event->outcome,
		.count = event->count,
	};
}

static void count_one(struct kinds *kinds, const struct kind *kind)
{
	for (size_t i = 0; i < kinds->count; i++)
		if (is_of_kind(&kinds->items[i], kind)) {
			kinds->items[i].count += kind->count;
			return;
		}
	if (kinds->count == KINDS_MAX)
		kinds->left_out += kind->count;
	else
		kinds->items[kinds->count++] = *kind;
}

void tally_add(const struct audit_event *event)
{
	struct kind kind = kind_of(event);
	pthread_mutex_lock(&lock);
	if (running) {
		count_one(&running->kinds, &kind);
		if (!running->is_awake)
			background_ask(running->background);
		running->is_awake = true;
	}
	pthread_mutex_unlock(&lock);
}

/* --- Writing --- */

static void take_all(struct tally *tally, struct kinds *kinds)
{
	pthread_mutex_lock(&lock);
	*kinds = tally->kinds;
	tally->kinds.count = 0;
	tally->kinds.left_out = 0;
	tally->is_awake = kinds->count > 0;
	pthread_mutex_unlock(&lock);
}

static RESULT write_one(struct request *request, const struct kind *kind)
{
	const struct audit_event event = {
		.operation = kept_text(&kind->operation),
		.actor = kind->actor,
		.pool_id = kept_text(&kind->pool_id),
		.user_id = kept_text(&kind->user_id),
		.outcome = kind->outcome,
		.error = kept_text(&kind->error),
		.count = kind->count,
	};
	str id;
	return audit_event_insert(request, &event, &id);
}

static RESULT write_all(struct request *request, void *context)
{
	const struct kinds *kinds = context;
	for (size_t i = 0; i < kinds->count; i++)
		TRY(write_one(request, &kinds->items[i]));
	return OK;
}

static void write_down(struct tally *tally, struct kinds *kinds)
{
	struct request *request = request_new();
	request->settings = tally->settings;
	request->sealer = tally->sealer;
	request->store = tally->store;
	if (!result_is_ok(store_write(request, write_all, kinds)))
		log_event(LOG_ERROR, "audit_tally", LOG_TEXT("message", request->message),
			LOG_TEXT("detail", request->detail));
	if (kinds->left_out)
		log_event(LOG_WARNING, "audit_tally_full", LOG_NUMBER("events", kinds->left_out));
	request_free(&request);
}

static int64_t step(void *context)
{
	struct tally *tally = context;
	struct kinds *kinds = malloc(sizeof *kinds);
	if (!kinds)
		fatal("out of memory");
	take_all(tally, kinds);
	bool is_idle = !kinds->count;
	if (!is_idle)
		write_down(tally, kinds);
	free(kinds);
	return is_idle ? BACKGROUND_WHEN_ASKED : PAUSE;
}

/* --- Beginning and ending --- */

struct tally *tally_start(const struct settings *settings, const struct sealer *sealer, struct store *store)
{
	struct tally *tally = calloc(1, sizeof *tally);
	if (!tally)
		fatal("out of memory");
	tally->settings = settings;
	tally->sealer = sealer;
	tally->store = store;
	pthread_mutex_lock(&lock);
	running = tally;
	running->is_awake = true;
	running->background = background_start(step, tally);
	pthread_mutex_unlock(&lock);
	return tally;
}

void tally_stop(struct tally **handle)
{
	struct tally *tally = *handle;
	if (!tally)
		return;
	*handle = NULL;
	pthread_mutex_lock(&lock);
	running = NULL;
	pthread_mutex_unlock(&lock);
	background_stop(&tally->background);
	while (step(tally) != BACKGROUND_WHEN_ASKED)
		;
	free(tally);
}
