/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a database's schema up to date. What was applied stands in the table schema_migration. */
#pragma once

#include "base/arena.h"

struct postgres_connection;
struct store_catalogue;

/* Applies what is missing, each migration in a transaction of its own. Of several nodes that start together
   one applies it and the others wait. False, with a reason made in `arena`, when one fails or the database is
   newer than the catalogue. */
bool postgres_migration_apply(struct arena *arena, struct postgres_connection *connection,
	const struct store_catalogue *catalogue, str *problem);
