/* SPDX-License-Identifier: Apache-2.0 */
/* The census. */
#include "delivery/census.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "delivery/medium.h"
#include "store/statements.h"

enum { EVERY = 10 * SECOND };

struct census {
	const struct settings *settings;
	struct store *store;
	struct background *background;
};

static atomic_uint_fast64_t last[OUTBOX_MEDIUM_COUNT][CENSUS_STATE_COUNT];

str census_state_name(enum census_state state)
{
	static const str names[] = { [CENSUS_WAITING] = STR_INIT("waiting"), [CENSUS_DEAD] = STR_INIT("dead") };
	return names[state];
}

static RESULT count(
	struct request *request, enum outbox_medium medium, enum census_state state, uint64_t *messages)
{
	const struct store_outbox_count_in in = {
		.medium = medium_name(medium),
		.state = census_state_name(state),
		.limit = CENSUS_MOST,
	};
	struct store_outbox_count_row row;
	bool found;
	TRY(store_outbox_count(request, &in, &row, &found));
	*messages = (uint64_t)row.count;
	return OK;
}

result census_take(struct request *request, struct census_counts *counts)
{
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		for (enum census_state state = 0; state < CENSUS_STATE_COUNT; state++)
			TRY(count(request, medium, state, &counts->of[medium][state]));
	return OK;
}

static void remember(const struct census_counts *counts)
{
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		for (enum census_state state = 0; state < CENSUS_STATE_COUNT; state++)
			last[medium][state] = counts->of[medium][state];
}

struct census_counts census_last(void)
{
	struct census_counts counts;
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		for (enum census_state state = 0; state < CENSUS_STATE_COUNT; state++)
			counts.of[medium][state] = last[medium][state];
	return counts;
}

static int64_t step(void *context)
{
	const struct census *census = context;
	struct request *request = request_new();
	struct census_counts counts;
	request->settings = census->settings;
	request->store = census->store;
	if (result_is_ok(census_take(request, &counts)))
		remember(&counts);
	else
		log_event(LOG_ERROR, "census", LOG_TEXT("message", request->message),
			LOG_TEXT("detail", request->detail));
	request_free(&request);
	return EVERY;
}

struct census *census_start(const struct settings *settings, struct store *store)
{
	struct census *census = calloc(1, sizeof *census);
	if (!census)
		fatal("out of memory");
	census->settings = settings;
	census->store = store;
	census->background = background_start(step, census);
	return census;
}

void census_stop(struct census **handle)
{
	struct census *census = *handle;
	if (!census)
		return;
	background_stop(&census->background);
	free(census);
	*handle = NULL;
}
