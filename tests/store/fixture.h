/* SPDX-License-Identifier: Apache-2.0 */
/* A store with the sample schema in a folder of its own, which goes with it. Where the environment names a database
   of PostgreSQL (POOLWARDEN_TEST_POSTGRESQL, tests/client/postgres.py) it is in a schema of its own in there. */
#pragma once

#include "base/settings.h"
#include "store/sample.h"
#include "store/store.h"
#include "unit/cases.h"

struct fixture {
	struct arena *arena;
	struct settings settings;
	const struct store_catalogue *catalogue; /* the sample's; may be changed while the store is closed */
	struct store *store; /* NULL while it is closed */
	const char *schema; /* in PostgreSQL; NULL: SQLite */
};

/* Makes the folder and opens the store; or only makes the folder. */
struct fixture *fixture_new(void);
struct fixture *fixture_new_closed(void);

/* False, with the store's reason, when it cannot be opened. */
bool fixture_open(struct fixture *fixture, str *problem);

/* Closes the store, removes the folder, nulls the pointer. */
void fixture_free(struct fixture **fixture);

void fixture_reopen(struct fixture *fixture);

/* A request on the store, to be freed by request_free(). */
struct request *fixture_request(const struct fixture *fixture);

/* Inserts a note with this title in a transaction of its own. */
RESULT fixture_add_note(struct request *request, str title);

int64_t fixture_count_notes(const struct fixture *fixture);

/* Ends the test here, as skipped, on PostgreSQL: it is about files. */
void fixture_needs_sqlite(const struct fixture *fixture);

/* What stands in the first column of the first row, as text; on PostgreSQL alone. */
str fixture_ask_postgres(const struct fixture *fixture, const char *sql);

/* For cmocka: *state is the fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);
