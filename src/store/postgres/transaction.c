/* SPDX-License-Identifier: Apache-2.0 */
/* Beginning, running, committing; and when that is to be done once more.

   The functions that run in transactions read, decide and write. SQLite runs them one after the other; here
   SERIALIZABLE keeps the promise: where the outcome could differ from that, PostgreSQL fails one of them,
   which is run again. Under a weaker level each of them would have to lock what it reads, also what is not
   there yet. */
#include "store/postgres/transaction.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "base/histogram.h"
#include "store/postgres/connection.h"
#include "store/postgres/pool.h"

/* Everything is LOCAL: the session may be another client's next time. A statement_timeout would also end a
   commit's wait for the standby and have it reported as done, so what bounds a statement is lock_timeout and
   our own patience. Reading a table from end to end would have every change of it count as a conflict. */
static const char begin_sql[] =
	"BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 5000;"
	"SET LOCAL idle_in_transaction_session_timeout = 30000; SET LOCAL enable_seqscan = off";

enum {
	PATIENCE_MS = 8 * SECOND, /* with conflicts, all tries together */
	RACES = 3, /* tries after which a constraint was violated in earnest */
	LOSSES = 2, /* connections lost before the commit */
	FIRST_PAUSE_US = 500,
	LAST_PAUSE_US = 50000,
	CROWDED = 3, /* tries after which those of this node go one at a time */
};

struct postgres_transactions {
	struct postgres_pool *pool;
	pthread_mutex_t turn; /* of those that met conflicts again and again */
	atomic_uint_fast64_t transactions, commits;
	struct histogram waits;
};

struct postgres_transactions *postgres_transactions_new(struct postgres_pool *pool)
{
	struct postgres_transactions *transactions = calloc(1, sizeof *transactions);
	if (!transactions)
		fatal("out of memory");
	transactions->pool = pool;
	pthread_mutex_init(&transactions->turn, NULL);
	return transactions;
}

void postgres_transactions_free(struct postgres_transactions **handle)
{
	pthread_mutex_destroy(&(*handle)->turn);
	free(*handle);
	*handle = NULL;
}

/* --- One try --- */

struct attempt {
	struct request *request;
	store_write_function *run;
	void *context;
	struct postgres_connection *connection;
	bool is_committing;
	enum postgres_failure failure;
};

static RESULT fail(struct attempt *attempt, const char *doing, str problem)
{
	attempt->failure = attempt->connection->failure;
	DETAIL(attempt->request, "%s: PostgreSQL: %.*s", doing, STR_ARG(problem));
	return postgres_failure_raise(attempt->request, attempt->failure);
}

static RESULT begin(struct attempt *attempt)
{
	str problem;
	if (postgres_connection_execute(
		    attempt->request->arena, attempt->connection, begin_sql, NULL, &problem))
		return OK;
	return fail(attempt, "begin", problem);
}

static RESULT run(struct attempt *attempt)
{
	struct request *request = attempt->request;
	attempt->connection->common.writing = true;
	request->connection = &attempt->connection->common;
	result done = attempt->run(request, attempt->context);
	request->connection = NULL;
	attempt->failure = attempt->connection->failure;
	if (result_is_ok(done) && attempt->failure != POSTGRES_WORKS)
		return fail(attempt, "run", STR("a statement failed and nobody minded"));
	return done;
}

/* Nobody may be told that it is done, nor that it is not. */
static RESULT fail_unknown(struct attempt *attempt, str problem)
{
	attempt->failure = POSTGRES_LOST;
	attempt->connection->failure = POSTGRES_LOST;
	DETAIL(attempt->request, "commit: the outcome is unknown: PostgreSQL: %.*s", STR_ARG(problem));
	return postgres_failure_raise(attempt->request, POSTGRES_LOST);
}

/* A commit that comes with a warning has not reached the standby that it should have waited for. A
   transaction that had failed before says ROLLBACK instead. */
static RESULT commit(struct attempt *attempt)
{
	struct postgres_connection *connection = attempt->connection;
	str problem, tag;
	attempt->is_committing = true;
	if (postgres_connection_execute(attempt->request->arena, connection, "COMMIT", &tag, &problem)) {
		if (connection->warned)
			return fail_unknown(attempt, STR("it was warned about"));
		if (str_equal(tag, STR("COMMIT")))
			return OK;
		connection->failure = POSTGRES_FAULT;
		return fail(attempt, "commit", tag);
	}
	if (connection->failure == POSTGRES_LOST || connection->failure == POSTGRES_BUSY)
		return fail_unknown(attempt, problem);
	return fail(attempt, "commit", problem);
}

/* Where that fails, the connection is not used again, which has the same effect. */
static void roll_back(struct attempt *attempt)
{
	struct postgres_connection *connection = attempt->connection;
	str problem;
	if (connection->failure != POSTGRES_LOST &&
		!postgres_connection_execute(attempt->request->arena, connection, "ROLLBACK", NULL, &problem))
		connection->failure = POSTGRES_LOST;
}

static RESULT begin_run_commit(struct attempt *attempt)
{
	TRY(begin(attempt));
	TRY(run(attempt));
	return commit(attempt);
}

static RESULT make(struct postgres_pool *pool, struct attempt *attempt)
{
	TRY(postgres_pool_take(pool, attempt->request, &attempt->connection));
	result done = begin_run_commit(attempt);
	if (!result_is_ok(done) && PQtransactionStatus(attempt->connection->handle) != PQTRANS_IDLE)
		roll_back(attempt);
	postgres_pool_return(pool, attempt->connection);
	return done;
}

/* --- Again --- */

struct patience {
	int64_t deadline_us;
	int conflicts, races, losses;
	bool has_turn;
};

/* Whether what failed may succeed when it is done again, and was not done. */
static bool is_worth_another(const struct attempt *attempt, struct patience *patience)
{
	switch (attempt->failure) {
	case POSTGRES_CONFLICT:
		patience->conflicts++;
		return clock_monotonic_us() < patience->deadline_us;
	case POSTGRES_RACE:
		return ++patience->races < RACES;
	case POSTGRES_UNPREPARED:
		return ++patience->races < RACES;
	case POSTGRES_LOST:
		return !attempt->is_committing && ++patience->losses < LOSSES;
	default:
		return false;
	}
}

static void pause_before(struct postgres_transactions *transactions, struct patience *patience)
{
	uint32_t random;
	int64_t longest = FIRST_PAUSE_US;
	for (int i = 1; i < patience->conflicts && longest < LAST_PAUSE_US; i++)
		longest *= 2;
	entropy_fill(&random, sizeof random);
	struct timespec pause = { .tv_nsec = (long)(random % (longest + 1)) * 1000 };
	nanosleep(&pause, NULL);
	if (patience->conflicts >= CROWDED && !patience->has_turn) {
		pthread_mutex_lock(&transactions->turn);
		patience->has_turn = true;
	}
}

static RESULT run_until_settled(struct postgres_transactions *transactions, struct request *request,
	store_write_function *run_function, void *context, struct patience *patience)
{
	for (;;) {
		struct attempt attempt = { .request = request, .run = run_function, .context = context };
		result done = make(transactions->pool, &attempt);
		if (result_is_ok(done) || !is_worth_another(&attempt, patience))
			return done;
		request_clear_failure(request);
		pause_before(transactions, patience);
	}
}

result postgres_transactions_run(struct postgres_transactions *transactions, struct request *request,
	store_write_function *run_function, void *context)
{
	int64_t began_at = clock_monotonic_us();
	struct patience patience = { .deadline_us = began_at + (int64_t)PATIENCE_MS * 1000 };
	result done = run_until_settled(transactions, request, run_function, context, &patience);
	if (patience.has_turn)
		pthread_mutex_unlock(&transactions->turn);
	transactions->transactions++;
	transactions->commits += result_is_ok(done);
	histogram_add(&transactions->waits, clock_monotonic_us() - began_at);
	return done;
}

struct store_statistics postgres_transactions_statistics(const struct postgres_transactions *transactions)
{
	return (struct store_statistics){
		.transactions = transactions->transactions,
		.commits = transactions->commits,
		.waits = &transactions->waits,
	};
}
