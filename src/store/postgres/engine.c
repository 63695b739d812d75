/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the pool of connections and the transactions on it together. */
#include "store/postgres/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/settings.h"
#include "store/catalogue.h"
#include "store/postgres/connection.h"
#include "store/postgres/migration.h"
#include "store/postgres/pool.h"
#include "store/postgres/transaction.h"
#include "store/rows.h"

/* A migration may rewrite a table; other nodes wait for the one that does. */
enum { MIGRATION_MS = 6 * HOUR };

struct postgres_store {
	struct store common;
	char *url;
	struct postgres_pool *pool;
	struct postgres_transactions *transactions;
};

static bool check_encoding(struct arena *arena, struct postgres_connection *connection, str *problem)
{
	str reason = STR("");
	str encoding = postgres_connection_ask(arena, connection, "SHOW server_encoding", &reason);
	if (str_equal(encoding, STR("UTF8")))
		return true;
	*problem = arena_printf(arena, "the encoding of the database must be UTF8, it is %.*s%.*s",
		STR_ARG(encoding), STR_ARG(reason));
	return false;
}

static bool prepare_database(struct arena *arena, struct postgres_store *store,
	const struct store_catalogue *catalogue, str *problem)
{
	str reason;
	struct postgres_connection *connection = postgres_pool_open(arena, store->pool, &reason);
	if (!connection) {
		*problem = arena_printf(arena, "cannot open the database: %.*s", STR_ARG(reason));
		return false;
	}
	connection->answer_ms = MIGRATION_MS;
	bool is_ready = check_encoding(arena, connection, problem) &&
			postgres_migration_apply(arena, connection, catalogue, problem);
	connection->answer_ms = POSTGRES_ANSWER_MS;
	postgres_pool_return(store->pool, connection);
	return is_ready;
}

static void engine_close(struct store *common)
{
	struct postgres_store *store = (struct postgres_store *)common;
	postgres_transactions_free(&store->transactions);
	postgres_pool_free(&store->pool);
	free(store->url);
	free(store);
}

static struct store *engine_open(struct arena *arena, const struct settings *settings, str location,
	const struct store_catalogue *catalogue, str *problem)
{
	struct postgres_store *store = calloc(1, sizeof *store);
	if (!store || !(store->url = strdup(arena_printf(arena, "postgresql:%.*s", STR_ARG(location)).data)))
		fatal("out of memory");
	store->pool = postgres_pool_new(
		&store->common, store->url, settings->database_connections, catalogue->statement_count);
	store->transactions = postgres_transactions_new(store->pool);
	if (prepare_database(arena, store, catalogue, problem))
		return &store->common;
	engine_close(&store->common);
	return NULL;
}

static RESULT engine_borrow(struct store *common, struct request *request)
{
	struct postgres_connection *connection;
	TRY(postgres_pool_take(((struct postgres_store *)common)->pool, request, &connection));
	request->connection = &connection->common;
	return OK;
}

static void engine_release(struct store_connection *connection)
{
	struct postgres_store *store = (struct postgres_store *)connection->store;
	postgres_pool_return(store->pool, (struct postgres_connection *)connection);
}

/* Whether a read outside of a transaction is done once more: on another connection, or under no name. */
static bool may_read_again(const struct postgres_connection *connection)
{
	return !connection->common.writing &&
	       (connection->failure == POSTGRES_LOST || connection->failure == POSTGRES_UNPREPARED);
}

static RESULT engine_run(struct store_connection *common, struct request *request,
	const struct store_statement *statement, const void *in, struct store_rows *rows)
{
	struct postgres_connection *connection = (struct postgres_connection *)common;
	result done = postgres_connection_run(connection, request, statement, in, rows);
	if (result_is_ok(done) || !may_read_again(connection))
		return done;
	store_engine_release(request);
	TRY(engine_borrow(request->store, request)); /* the lost one is gone, `common` with it */
	request_clear_failure(request);
	return postgres_connection_run(
		(struct postgres_connection *)request->connection, request, statement, in, rows);
}

static RESULT engine_write(
	struct store *common, struct request *request, store_write_function *run, void *context)
{
	return postgres_transactions_run(
		((struct postgres_store *)common)->transactions, request, run, context);
}

static struct store_statistics engine_statistics(const struct store *common)
{
	return postgres_transactions_statistics(((const struct postgres_store *)common)->transactions);
}

const struct store_engine postgres_engine = {
	.scheme = "postgresql",
	.is_shared = true,
	.open = engine_open,
	.close = engine_close,
	.borrow = engine_borrow,
	.release = engine_release,
	.run = engine_run,
	.write = engine_write,
	.statistics = engine_statistics,
};
