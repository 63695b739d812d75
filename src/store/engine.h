/* SPDX-License-Identifier: Apache-2.0 */
/* What a database engine provides: one const struct of functions per engine, listed in store.c. */
#pragma once

#include "base/request.h"
#include "store/store.h"

struct settings;
struct store_catalogue;
struct store_rows;
struct store_statement;

/* The common head of an engine's own struct. */
struct store {
	const struct store_engine *engine;
	const struct settings *settings;
	int lock; /* descriptor of the lock file, or -1 */
};

/* The common head of an engine's own struct: what the statements of one request run on. */
struct store_connection {
	struct store *store;
	bool writing; /* inside store_write() */
};

struct store_engine {
	const char *scheme; /* in front of the colon in settings->database */
	bool is_shared; /* other servers may use the same database */

	/* Opens and migrates what `location` (behind the colon) names. NULL, with a reason made in `arena`,
	   when it cannot. The engine keeps nothing of the arena. */
	struct store *(*open)(struct arena *arena, const struct settings *settings, str location,
		const struct store_catalogue *catalogue, str *problem);

	void (*close)(struct store *store);

	/* Sets request->connection to a connection for reading; release() takes it back. */
	RESULT (*borrow)(struct store *store, struct request *request);
	void (*release)(struct store_connection *connection);

	/* Binds the parameters found in `in`, runs the statement to its end and adds its rows. */
	RESULT (*run)
	(struct store_connection *connection, struct request *request,
		const struct store_statement *statement, const void *in, struct store_rows *rows);

	/* Runs run(request, context) inside a transaction with request->connection set to it. */
	RESULT (*write)
	(struct store *store, struct request *request, store_write_function *run, void *context);

	struct store_statistics (*statistics)(const struct store *store);
};

static inline bool store_engine_is_writing(const struct request *request)
{
	return request->connection && request->connection->writing;
}

/* Gives the request's read connection back, where it has one. */
static inline void store_engine_release(struct request *request)
{
	if (!request->connection)
		return;
	struct store_connection *connection = request->connection;
	request->connection = NULL;
	connection->store->engine->release(connection);
}
