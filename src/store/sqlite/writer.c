/* SPDX-License-Identifier: Apache-2.0 */
/* A queue of transactions, each on the stack of the thread that waits for it, and the loop that serves it. */
#include "store/sqlite/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/histogram.h"
#include "store/sqlite/connection.h"

/* Transactions run the domain's code; it keeps large things in arenas. */
enum { STACK_BYTES = 512 * 1024 };

struct transaction {
	struct transaction *next;
	struct request *request;
	store_write_function *run;
	void *context;
	result result;
	bool done;
	pthread_cond_t finished;
};

struct sqlite_writer {
	struct sqlite_connection *connection;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct transaction *first, **last;
	bool stopping;
	atomic_uint_fast64_t transactions, commits;
	struct histogram waits;
};

/* False when SQLite gave the whole transaction up, as it may on a full disk or a failing one. */
static bool run_in_savepoint(struct sqlite_writer *writer, struct transaction *transaction)
{
	struct sqlite_connection *connection = writer->connection;
	if (!sqlite_connection_execute(connection, "SAVEPOINT request"))
		return false;
	transaction->request->connection = &connection->common;
	transaction->result = transaction->run(transaction->request, transaction->context);
	transaction->request->connection = NULL;
	writer->transactions++;
	if (sqlite3_get_autocommit(connection->handle))
		return false;
	return sqlite_connection_execute(connection, result_is_ok(transaction->result)
							     ? "RELEASE request"
							     : "ROLLBACK TO request; RELEASE request");
}

static bool run_all(struct sqlite_writer *writer, struct transaction *batch)
{
	if (!sqlite_connection_execute(writer->connection, "BEGIN IMMEDIATE"))
		return false;
	for (struct transaction *t = batch; t; t = t->next)
		if (!run_in_savepoint(writer, t))
			return false;
	return true;
}

/* Those that failed by themselves keep their own reason. */
static void fail_all(struct sqlite_writer *writer, struct transaction *batch)
{
	for (struct transaction *t = batch; t; t = t->next)
		if (result_is_ok(t->result))
			t->result = sqlite_connection_fail(writer->connection, t->request, "shared commit");
	if (!sqlite3_get_autocommit(writer->connection->handle))
		sqlite_connection_execute(writer->connection, "ROLLBACK");
}

/* A commit that failed at its end, as when the log cannot be synced, may stand in the log as a whole:
   recovery after a crash would carry out what was refused. A commit of nothing takes its place. That fails
   early where the log has just begun anew; then nobody needs the log. Where not even that can be done, the
   next commit takes the place. */
static void take_back(struct sqlite_writer *writer)
{
	sqlite3 *handle = writer->connection->handle;
	if (!sqlite_connection_execute(writer->connection, "PRAGMA user_version=0"))
		sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

static void commit(struct sqlite_writer *writer, struct transaction *batch)
{
	bool ran = run_all(writer, batch);
	if (ran && sqlite_connection_execute(writer->connection, "COMMIT")) {
		writer->commits++;
		return;
	}
	fail_all(writer, batch);
	if (ran)
		take_back(writer);
}

/* A transaction is gone as soon as its thread knows that it is done. */
static void wake_all(struct sqlite_writer *writer, struct transaction *batch)
{
	pthread_mutex_lock(&writer->lock);
	for (struct transaction *t = batch, *next; t; t = next) {
		next = t->next;
		t->done = true;
		pthread_cond_signal(&t->finished);
	}
	pthread_mutex_unlock(&writer->lock);
}

/* Everything that waits, or NULL at the end. */
static struct transaction *take_all(struct sqlite_writer *writer)
{
	pthread_mutex_lock(&writer->lock);
	while (!writer->first && !writer->stopping)
		pthread_cond_wait(&writer->arrived, &writer->lock);
	struct transaction *batch = writer->first;
	writer->first = NULL;
	writer->last = &writer->first;
	pthread_mutex_unlock(&writer->lock);
	return batch;
}

static void *serve(void *argument)
{
	struct sqlite_writer *writer = argument;
	struct transaction *batch;
	while ((batch = take_all(writer))) {
		commit(writer, batch);
		wake_all(writer, batch);
	}
	return NULL;
}

static void start(struct sqlite_writer *writer)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (pthread_create(&writer->thread, &attributes, serve, writer))
		fatal("cannot start a thread");
	pthread_attr_destroy(&attributes);
}

struct sqlite_writer *sqlite_writer_new(struct store *store, struct sqlite_connection *connection)
{
	struct sqlite_writer *writer = calloc(1, sizeof *writer);
	if (!writer)
		fatal("out of memory");
	connection->common = (struct store_connection){ .store = store, .writing = true };
	writer->connection = connection;
	writer->last = &writer->first;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_cond_init(&writer->arrived, NULL);
	start(writer);
	return writer;
}

void sqlite_writer_free(struct sqlite_writer **handle)
{
	struct sqlite_writer *writer = *handle;
	*handle = NULL;
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_signal(&writer->arrived);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	/* Another process may keep the log in use: then it stays, and nothing is lost. */
	sqlite3_wal_checkpoint_v2(writer->connection->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite_connection_close(&writer->connection);
	pthread_cond_destroy(&writer->arrived);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}

result sqlite_writer_run(
	struct sqlite_writer *writer, struct request *request, store_write_function *run, void *context)
{
	struct transaction transaction = { .request = request, .run = run, .context = context, .result = OK };
	int64_t began_at = clock_monotonic_us();
	pthread_cond_init(&transaction.finished, NULL);
	pthread_mutex_lock(&writer->lock);
	*writer->last = &transaction;
	writer->last = &transaction.next;
	pthread_cond_signal(&writer->arrived);
	while (!transaction.done)
		pthread_cond_wait(&transaction.finished, &writer->lock);
	pthread_mutex_unlock(&writer->lock);
	pthread_cond_destroy(&transaction.finished);
	histogram_add(&writer->waits, clock_monotonic_us() - began_at);
	return transaction.result;
}

struct store_statistics sqlite_writer_statistics(const struct sqlite_writer *writer)
{
	return (struct store_statistics){
		.transactions = writer->transactions,
		.commits = writer->commits,
		.waits = &writer->waits,
	};
}
