/* SPDX-License-Identifier: Apache-2.0 */
/* A store with the sample schema in a folder of its own, which goes with it. */
#pragma once

#include "base/settings.h"
#include "store/sample.h"
#include "store/store.h"
#include "unit/cases.h"

struct fixture {
	struct arena *arena;
	struct settings settings;
	struct store *store;
};

/* Makes the folder and opens the store. */
struct fixture *fixture_new(void);

/* Closes the store, removes the folder, nulls the pointer. */
void fixture_free(struct fixture **fixture);

void fixture_reopen(struct fixture *fixture);

/* A request on the store, to be freed by request_free(). */
struct request *fixture_request(const struct fixture *fixture);

/* Inserts a note with this title in a transaction of its own. */
RESULT fixture_add_note(struct request *request, str title);

int64_t fixture_count_notes(const struct fixture *fixture);

/* For cmocka: *state is the fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);
