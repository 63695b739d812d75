/* SPDX-License-Identifier: Apache-2.0 */
/* A stack of idle connections. */
#include "store/sqlite/reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "store/sqlite/connection.h"

enum { WAITING_FOR_DISK = 4 };

struct sqlite_readers {
	struct store *store;
	char *path;
	size_t statement_count;
	pthread_mutex_t lock;
	pthread_cond_t returned;
	long limit, lent;
	struct sqlite_connection *idle;
};

struct sqlite_readers *sqlite_readers_new(struct store *store, const char *path, size_t statement_count)
{
	struct sqlite_readers *readers = calloc(1, sizeof *readers);
	if (!readers || !(readers->path = strdup(path)))
		fatal("out of memory");
	readers->store = store;
	readers->statement_count = statement_count;
	readers->limit = 2 * sysconf(_SC_NPROCESSORS_ONLN) + WAITING_FOR_DISK;
	pthread_mutex_init(&readers->lock, NULL);
	pthread_cond_init(&readers->returned, NULL);
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
	pthread_cond_destroy(&readers->returned);
	pthread_mutex_destroy(&readers->lock);
	free(readers->path);
	free(readers);
}

/* NULL when one may be opened. */
static struct sqlite_connection *take_idle(struct sqlite_readers *readers)
{
	pthread_mutex_lock(&readers->lock);
	while (readers->lent >= readers->limit)
		pthread_cond_wait(&readers->returned, &readers->lock);
	readers->lent++;
	struct sqlite_connection *connection = readers->idle;
	if (connection)
		readers->idle = connection->next;
	pthread_mutex_unlock(&readers->lock);
	return connection;
}

/* `connection` is NULL when it could not be opened. */
static void put_back(struct sqlite_readers *readers, struct sqlite_connection *connection)
{
	pthread_mutex_lock(&readers->lock);
	if (connection) {
		connection->next = readers->idle;
		readers->idle = connection;
	}
	readers->lent--;
	pthread_cond_signal(&readers->returned);
	pthread_mutex_unlock(&readers->lock);
}

result sqlite_readers_borrow(struct sqlite_readers *readers, struct request *request)
{
	struct sqlite_connection *connection = take_idle(readers);
	str problem;
	if (!connection)
		connection = sqlite_connection_open(request->arena, readers->path, readers->statement_count,
			SQLITE_CONNECTION_READS, &problem);
	if (!connection) {
		put_back(readers, NULL);
		DETAIL(request, "%.*s", STR_ARG(problem));
		return FAIL(request, INTERNAL, "Internal server error");
	}
	connection->common.store = readers->store;
	request->connection = &connection->common;
	return OK;
}

void sqlite_readers_return(struct sqlite_readers *readers, struct sqlite_connection *connection)
{
	put_back(readers, connection);
}
