/* SPDX-License-Identifier: Apache-2.0 */
/* What the build made of a folder of SQL: its migrations and how many statements there are. */
#pragma once

#include <stddef.h>

struct store_migration {
	unsigned version; /* 1, 2, 3 ... without gaps */
	const char *name; /* of its file */
	const char *sql; /* any number of statements, none of which begins or ends a transaction */
	const char *postgres_sql; /* in PostgreSQL's words; NULL: the same */
};

struct store_catalogue {
	const struct store_migration *migrations; /* by ascending version */
	size_t migration_count;
	size_t statement_count; /* every struct store_statement's index is below it */
};
