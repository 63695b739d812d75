/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to PostgreSQL. Used by one thread at a time. Nothing of it lasts from one transaction to the
   next but statements that are prepared, and those only where sessions are not shared (pgbouncer in
   transaction mode).

   No answer is waited for without end: past a deadline the connection is given up. */
#pragma once

#include <libpq-fe.h>
#include <stdatomic.h>

#include "store/engine.h"
#include "store/postgres/failure.h"

struct postgres_connection {
	struct store_connection common;
	PGconn *handle;
	struct postgres_connection *next; /* among idle ones */
	atomic_bool *
		names_statements; /* of the store: turned off for good where sessions turn out to be shared */
	enum postgres_failure failure; /* the first of the transaction; POSTGRES_LOST stays */
	int64_t answer_ms; /* how long an answer may take */
	bool warned; /* the last command came with a warning */
	size_t prepared_count;
	bool prepared[]; /* by the statement's index */
};

/* A commit waits for a synchronous standby as well. */
enum { POSTGRES_ANSWER_MS = 20 * 1000 };

/* `url` is a connection string of libpq (section 34.1.1 of its manual). NULL, with a reason made in `arena`,
   when nobody answers there who takes writes. */
struct postgres_connection *postgres_connection_open(struct arena *arena, const char *url,
	size_t statement_count, atomic_bool *names_statements, str *problem);

void postgres_connection_close(struct postgres_connection **connection);

/* Whether it was not lost while nobody used it. Costs a system call and no round trip. */
bool postgres_connection_is_alive(struct postgres_connection *connection);

/* Runs `sql`, one or several statements, and forgets their rows; false, with the failure in the connection,
   when one fails. `tag` unless NULL is set to what the last one says it did. */
bool postgres_connection_execute(
	struct arena *arena, struct postgres_connection *connection, const char *sql, str *tag, str *problem);

/* One column of one row as text; absent when there is none or it failed. */
str postgres_connection_ask(
	struct arena *arena, struct postgres_connection *connection, const char *sql, str *problem);

/* Binds, runs to the end, adds the rows to `rows`. */
RESULT postgres_connection_run(struct postgres_connection *connection, struct request *request,
	const struct store_statement *statement, const void *in, struct store_rows *rows);
