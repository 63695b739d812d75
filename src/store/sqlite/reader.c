/* SPDX-License-Identifier: Apache-2.0 */
/* A stack of idle connections. */
#include "store/sqlite/reader.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "store/sqlite/connection.h"

struct sqlite_readers {
	struct store *store;
	char *path;
	size_t statement_count;
	pthread_mutex_t lock;
	struct sqlite_connection *idle;
};

struct sqlite_readers *sqlite_readers_new(struct store *store, const char *path, size_t statement_count)
{
	struct sqlite_readers *readers = calloc(1, sizeof *readers);
	if (!readers || !(readers->path = strdup(path)))
		fatal("out of memory");
	readers->store = store;
	readers->statement_count = statement_count;
	pthread_mutex_init(&readers->lock, NULL);
	return readers;
}

void sqlite_readers_free(struct sqlite_readers **handle)
{
	struct sqlite_readers *readers = *handle;
	*handle = NULL;
	while (readers->idle) {
		struct sqlite_connection *connection = readers->idle;
		readers->idle = connection->next;
		sqlite_connection_close(&connection);
	}
	pthread_mutex_destroy(&readers->lock);
	free(readers->path);
	free(readers);
}

static struct sqlite_connection *take_idle(struct sqlite_readers *readers)
{
	pthread_mutex_lock(&readers->lock);
	struct sqlite_connection *connection = readers->idle;
	if (connection)
		readers->idle = connection->next;
	pthread_mutex_unlock(&readers->lock);
	return connection;
}

result sqlite_readers_borrow(struct sqlite_readers *readers, struct request *request)
{
	struct sqlite_connection *connection = take_idle(readers);
	str problem;
	if (!connection)
		connection = sqlite_connection_open(request->arena, readers->path, readers->statement_count,
			SQLITE_CONNECTION_READS, &problem);
	if (!connection) {
		DETAIL(request, "%.*s", STR_ARG(problem));
		return FAIL(request, INTERNAL, "Internal server error");
	}
	connection->common.store = readers->store;
	request->connection = &connection->common;
	return OK;
}

void sqlite_readers_return(struct sqlite_readers *readers, struct sqlite_connection *connection)
{
	pthread_mutex_lock(&readers->lock);
	connection->next = readers->idle;
	readers->idle = connection;
	pthread_mutex_unlock(&readers->lock);
}
