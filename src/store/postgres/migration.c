/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations. The row of version 0 is there to be locked: whoever has it looks again which are missing. */
#include "store/postgres/migration.h"

#include "base/clock.h"
#include "store/catalogue.h"
#include "store/postgres/connection.h"

enum { TRIES = 3 };

/* Of two that make the table at the same moment one may fail for it. */
static bool make_table(struct arena *arena, struct postgres_connection *connection, str *problem)
{
	for (int i = 0; i < TRIES; i++) {
		if (postgres_connection_execute(arena, connection,
			    "CREATE TABLE IF NOT EXISTS schema_migration"
			    " (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL);"
			    "INSERT INTO schema_migration VALUES (0, 0) ON CONFLICT DO NOTHING",
			    NULL, problem))
			return true;
		connection->failure = POSTGRES_WORKS;
	}
	return false;
}

static bool read_version(
	struct arena *arena, struct postgres_connection *connection, unsigned *version, str *problem)
{
	int64_t number = 0;
	str text = postgres_connection_ask(
		arena, connection, "SELECT max(version) FROM schema_migration", problem);
	if (!str_is_set(text) || !str_to_int64(text, &number))
		return false;
	*version = (unsigned)number;
	return true;
}

static bool run(struct arena *arena, struct postgres_connection *connection,
	const struct store_migration *migration, str *problem)
{
	unsigned version;
	if (!read_version(arena, connection, &version, problem))
		return false;
	if (version >= migration->version)
		return true;
	str record =
		arena_printf(arena, "INSERT INTO schema_migration (version, applied_at) VALUES (%u, %lld)",
			migration->version, (long long)clock_now());
	const char *sql = migration->postgres_sql ? migration->postgres_sql : migration->sql;
	return postgres_connection_execute(arena, connection, sql, NULL, problem) &&
	       postgres_connection_execute(arena, connection, record.data, NULL, problem);
}

static bool apply(struct arena *arena, struct postgres_connection *connection,
	const struct store_migration *migration, str *problem)
{
	str reason;
	if (postgres_connection_execute(arena, connection,
		    "BEGIN ISOLATION LEVEL READ COMMITTED;"
		    "SELECT version FROM schema_migration WHERE version = 0 FOR UPDATE",
		    NULL, &reason) &&
		run(arena, connection, migration, &reason) &&
		postgres_connection_execute(arena, connection, "COMMIT", NULL, &reason))
		return true;
	*problem = arena_printf(arena, "migration %s failed: %.*s", migration->name, STR_ARG(reason));
	postgres_connection_execute(arena, connection, "ROLLBACK", NULL, &reason);
	return false;
}

bool postgres_migration_apply(struct arena *arena, struct postgres_connection *connection,
	const struct store_catalogue *catalogue, str *problem)
{
	unsigned version;
	str reason = STR("");
	if (!make_table(arena, connection, &reason) || !read_version(arena, connection, &version, &reason)) {
		*problem = arena_printf(arena, "cannot read the schema version: %.*s", STR_ARG(reason));
		return false;
	}
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
	return true;
}
