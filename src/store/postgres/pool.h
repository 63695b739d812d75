/* SPDX-License-Identifier: Apache-2.0 */
/* The connections of a store: opened when first needed, never more than a limit, lent to one thread at a
   time, the last returned first. While the database cannot be reached one thread at a time tries, after
   growing delays, and all others fail at once. */
#pragma once

#include "base/request.h"

struct postgres_connection;
struct postgres_pool;
struct store;

/* `url` must outlive the pool. */
struct postgres_pool *postgres_pool_new(
	struct store *store, const char *url, unsigned limit, size_t statement_count);

/* All must have been returned. Nulls the pointer. */
void postgres_pool_free(struct postgres_pool **pool);

/* Opens a connection whatever the delays; NULL, with a reason made in `arena`. For the start of the process.
 */
struct postgres_connection *postgres_pool_open(struct arena *arena, struct postgres_pool *pool, str *problem);

/* Waits for a connection for a while when all are in use. Raises SERVICE_UNAVAILABLE. */
RESULT postgres_pool_take(
	struct postgres_pool *pool, struct request *request, struct postgres_connection **connection);

/* A connection that was lost is closed, and with it all that are idle. */
void postgres_pool_return(struct postgres_pool *pool, struct postgres_connection *connection);
