/* SPDX-License-Identifier: Apache-2.0 */
/* One SQLite connection with its prepared statements. Used by one thread at a time. */
#pragma once

#include <sqlite3.h>

#include "store/engine.h"

struct sqlite_connection {
	struct store_connection common;
	sqlite3 *handle;
	struct sqlite_connection *next; /* among idle readers */
	size_t prepared_count;
	sqlite3_stmt *prepared[]; /* by the statement's index; NULL until first run */
};

enum sqlite_connection_use { SQLITE_CONNECTION_READS, SQLITE_CONNECTION_WRITES };

/* Opens an existing file. NULL, with a reason made in `arena`, when that fails. */
struct sqlite_connection *sqlite_connection_open(struct arena *arena, const char *path,
	size_t statement_count, enum sqlite_connection_use use, str *problem);

void sqlite_connection_close(struct sqlite_connection **connection);

/* Runs the statements of `sql` one after the other, ignoring rows; false at the first that fails. */
bool sqlite_connection_execute(struct sqlite_connection *connection, const char *sql);

/* Why the connection's last call failed, for the log and the operator; where a file was the reason, in the
   system's words too. */
str sqlite_connection_reason(struct arena *arena, const struct sqlite_connection *connection);

/* Binds, runs to the end, adds the rows to `rows`. */
RESULT sqlite_connection_run(struct sqlite_connection *connection, struct request *request,
	const struct store_statement *statement, const void *in, struct store_rows *rows);

/* Fails the request with the reason of the connection's last call: SERVICE_UNAVAILABLE when another process
   kept the database busy, else INTERNAL. `doing` is for the log. */
RESULT sqlite_connection_fail(
	struct sqlite_connection *connection, struct request *request, const char *doing);
