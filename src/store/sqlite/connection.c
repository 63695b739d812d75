/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of a connection, and running statements on it. */
#include "store/sqlite/connection.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "store/rows.h"
#include "store/sqlite/value.h"
#include "store/statement.h"

enum {
	BUSY_MS = 5000, /* how long another process may keep the write lock */
};

/* synchronous=FULL: in WAL mode a commit is durable only with it. The log is cut to journal_size_limit after
   a burst. cache_size is in KiB when negative. */
static const char *const pragmas[] = {
	[SQLITE_CONNECTION_READS] = "PRAGMA query_only=ON; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;"
				    "PRAGMA trusted_schema=OFF",
	[SQLITE_CONNECTION_WRITES] =
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-2048;"
		"PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=16777216;"
		"PRAGMA trusted_schema=OFF",
};

struct sqlite_connection *sqlite_connection_open(struct arena *arena, const char *path,
	size_t statement_count, enum sqlite_connection_use use, str *problem)
{
	struct sqlite_connection *connection =
		calloc(1, sizeof *connection + statement_count * sizeof connection->prepared[0]);
	if (!connection)
		fatal("out of memory");
	connection->prepared_count = statement_count;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	if (sqlite3_open_v2(path, &connection->handle, flags, NULL) == SQLITE_OK &&
		sqlite3_busy_timeout(connection->handle, BUSY_MS) == SQLITE_OK &&
		sqlite_connection_execute(connection, pragmas[use]))
		return connection;
	*problem = arena_printf(
		arena, "cannot open %s: %s", path, sqlite_connection_reason(arena, connection).data);
	sqlite_connection_close(&connection);
	return NULL;
}

void sqlite_connection_close(struct sqlite_connection **handle)
{
	struct sqlite_connection *connection = *handle;
	if (!connection)
		return;
	*handle = NULL;
	for (size_t i = 0; i < connection->prepared_count; i++)
		sqlite3_finalize(connection->prepared[i]);
	if (sqlite3_close(connection->handle) != SQLITE_OK)
		fatal("a database connection was closed while in use");
	free(connection);
}

bool sqlite_connection_execute(struct sqlite_connection *connection, const char *sql)
{
	return sqlite3_exec(connection->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

str sqlite_connection_reason(struct arena *arena, const struct sqlite_connection *connection)
{
	int kind = sqlite3_extended_errcode(connection->handle) & 0xff;
	int number = sqlite3_system_errno(connection->handle);
	const char *text = sqlite3_errmsg(connection->handle);
	if ((kind != SQLITE_IOERR && kind != SQLITE_CANTOPEN) || !number)
		return arena_copy(arena, str_of(text));
	return arena_printf(arena, "%s (%s)", text, strerror(number));
}

result sqlite_connection_fail(
	struct sqlite_connection *connection, struct request *request, const char *doing)
{
	int code = sqlite3_extended_errcode(connection->handle);
	DETAIL(request, "%s: SQLite error %d: %s", doing, code,
		sqlite_connection_reason(request->arena, connection).data);
	if ((code & 0xff) == SQLITE_BUSY)
		return FAIL(request, SERVICE_UNAVAILABLE, "The service is busy, try again");
	return FAIL(request, INTERNAL, "Internal server error");
}

static sqlite3_stmt *prepare(struct sqlite_connection *connection, const struct store_statement *statement)
{
	sqlite3_stmt **prepared = &connection->prepared[statement->index];
	if (!*prepared)
		sqlite3_prepare_v3(
			connection->handle, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, prepared, NULL);
	return *prepared;
}

static RESULT step_all(struct sqlite_connection *connection, struct request *request,
	const struct store_statement *statement, sqlite3_stmt *prepared, struct store_rows *rows)
{
	int code;
	while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
		void *row = store_rows_add(rows);
		if (!row) {
			DETAIL(request, "%s: too many rows", statement->name);
			return FAIL(request, INTERNAL, "Internal server error");
		}
		TRY(sqlite_value_read(request, statement, prepared, row));
	}
	if (code != SQLITE_DONE)
		return sqlite_connection_fail(connection, request, statement->name);
	rows->changed = sqlite3_changes64(connection->handle);
	return OK;
}

static RESULT bind_and_step(struct sqlite_connection *connection, struct request *request,
	const struct store_statement *statement, sqlite3_stmt *prepared, const void *in,
	struct store_rows *rows)
{
	TRY(sqlite_value_bind(request, statement, prepared, in));
	return step_all(connection, request, statement, prepared, rows);
}

/* SQLite gives a whole transaction up when it cannot read or write what it needs. Whatever came after, for a
   caller that did not mind the failure, would be committed by itself. */
static bool is_given_up(const struct sqlite_connection *connection)
{
	return connection->common.writing && sqlite3_get_autocommit(connection->handle);
}

result sqlite_connection_run(struct sqlite_connection *connection, struct request *request,
	const struct store_statement *statement, const void *in, struct store_rows *rows)
{
	if (is_given_up(connection)) {
		DETAIL(request, "%s: after SQLite gave the transaction up", statement->name);
		return FAIL(request, INTERNAL, "Internal server error");
	}
	sqlite3_stmt *prepared = prepare(connection, statement);
	if (!prepared)
		return sqlite_connection_fail(connection, request, statement->name);
	result done = bind_and_step(connection, request, statement, prepared, in, rows);
	sqlite3_reset(prepared); /* ends the read snapshot */
	sqlite3_clear_bindings(prepared); /* they point into the request's memory */
	return done;
}
