/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations. Two processes may start on one database at once: each looks again inside the transaction. */
#include "store/sqlite/migration.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/catalogue.h"
#include "store/sqlite/connection.h"

static bool read_version(struct sqlite_connection *connection, unsigned *version)
{
	sqlite3_stmt *prepared = NULL;
	bool read = sqlite3_prepare_v2(connection->handle,
			    "SELECT coalesce(max(version), 0) FROM schema_migration", -1, &prepared,
			    NULL) == SQLITE_OK &&
		    sqlite3_step(prepared) == SQLITE_ROW;
	if (read)
		*version = (unsigned)sqlite3_column_int64(prepared, 0);
	sqlite3_finalize(prepared);
	return read;
}

static bool run(
	struct arena *arena, struct sqlite_connection *connection, const struct store_migration *migration)
{
	unsigned version;
	if (!read_version(connection, &version))
		return false;
	if (version >= migration->version)
		return true;
	str record =
		arena_printf(arena, "INSERT INTO schema_migration (version, applied_at) VALUES (%u, %lld)",
			migration->version, (long long)clock_now());
	return sqlite_connection_execute(connection, migration->sql) &&
	       sqlite_connection_execute(connection, record.data);
}

static bool apply(struct arena *arena, struct sqlite_connection *connection,
	const struct store_migration *migration, str *problem)
{
	if (sqlite_connection_execute(connection, "BEGIN IMMEDIATE") && run(arena, connection, migration) &&
		sqlite_connection_execute(connection, "COMMIT"))
		return true;
	*problem = arena_printf(arena, "migration %s failed: %s", migration->name,
		sqlite_connection_reason(arena, connection).data);
	sqlite_connection_execute(connection, "ROLLBACK");
	return false;
}

static bool prepare(
	struct arena *arena, struct sqlite_connection *connection, unsigned *version, str *problem)
{
	if (sqlite_connection_execute(connection,
		    "CREATE TABLE IF NOT EXISTS schema_migration ("
		    "version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT") &&
		read_version(connection, version))
		return true;
	*problem = arena_printf(arena, "cannot read the schema version: %s",
		sqlite_connection_reason(arena, connection).data);
	return false;
}

bool sqlite_migration_apply(struct arena *arena, struct sqlite_connection *connection,
	const struct store_catalogue *catalogue, str *problem)
{
	unsigned version;
	if (!prepare(arena, connection, &version, problem))
		return false;
	if (version > catalogue->migration_count) {
		*problem = arena_printf(arena,
			"the database has schema version %u, this program knows versions up to %zu: "
			"use the program that wrote it, or a newer one",
			version, catalogue->migration_count);
		return false;
	}
	for (size_t i = version; i < catalogue->migration_count; i++)
		if (!apply(arena, connection, &catalogue->migrations[i], problem))
			return false;
	/* Not earlier: a migration that rebuilds a table would delete the rows that refer to it. */
	if (!sqlite_connection_execute(connection, "PRAGMA foreign_keys=ON"))
		fatal("foreign keys cannot be turned on");
	return true;
}
