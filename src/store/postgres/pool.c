/* SPDX-License-Identifier: Apache-2.0 */
/* A stack of idle connections and a count of all. */
#include "store/postgres/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "base/log.h"
#include "store/postgres/connection.h"

enum {
	WAIT_MS = 5 * SECOND, /* for a connection of the pool */
	FIRST_DELAY_MS = 50, /* between tries to reach the database */
	LAST_DELAY_MS = 500, /* what a failover costs on top; one thread of a node tries */
};

struct postgres_pool {
	struct store *store;
	const char *url;
	unsigned limit;
	size_t statement_count;
	atomic_bool names_statements;
	pthread_mutex_t lock;
	pthread_cond_t returned;
	struct postgres_connection *idle;
	unsigned open_count;
	bool has_worked; /* the database was reached once */
	/* While the database cannot be reached: */
	bool is_out;
	bool is_trying;
	int64_t delay_ms, next_try_us;
};

struct postgres_pool *postgres_pool_new(
	struct store *store, const char *url, unsigned limit, size_t statement_count)
{
	struct postgres_pool *pool = calloc(1, sizeof *pool);
	if (!pool)
		fatal("out of memory");
	pool->store = store;
	pool->url = url;
	pool->limit = limit;
	pool->statement_count = statement_count;
	pool->names_statements = true;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->returned, &attributes);
	pthread_condattr_destroy(&attributes);
	return pool;
}

void postgres_pool_free(struct postgres_pool **handle)
{
	struct postgres_pool *pool = *handle;
	*handle = NULL;
	while (pool->idle) {
		struct postgres_connection *connection = pool->idle;
		pool->idle = connection->next;
		postgres_connection_close(&connection);
	}
	pthread_cond_destroy(&pool->returned);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

/* --- Reaching the database --- */

/* Up to as much again, so that nodes do not come back in step. */
static int64_t jittered(int64_t delay_ms)
{
	uint32_t random;
	entropy_fill(&random, sizeof random);
	return delay_ms + random % (delay_ms + 1);
}

static void note_outage(struct postgres_pool *pool, str problem)
{
	if (pool->has_worked && !pool->is_out)
		log_event(LOG_ERROR, "database_out", LOG_TEXT("problem", problem));
	int64_t longer = pool->is_out ? 2 * pool->delay_ms : FIRST_DELAY_MS;
	pool->delay_ms = longer < LAST_DELAY_MS ? longer : LAST_DELAY_MS;
	pool->next_try_us = clock_monotonic_us() + jittered(pool->delay_ms) * 1000;
	pool->is_out = true;
}

static void note_success(struct postgres_pool *pool)
{
	if (pool->is_out)
		log_event(LOG_INFO, "database_back");
	pool->has_worked = true;
	pool->is_out = false;
}

/* For one that is counted already. */
static struct postgres_connection *open_counted(struct arena *arena, struct postgres_pool *pool, str *problem)
{
	struct postgres_connection *connection = postgres_connection_open(
		arena, pool->url, pool->statement_count, &pool->names_statements, problem);
	pthread_mutex_lock(&pool->lock);
	pool->is_trying = false;
	if (connection) {
		connection->common.store = pool->store;
		note_success(pool);
	} else {
		pool->open_count--;
		note_outage(pool, *problem);
	}
	pthread_cond_broadcast(&pool->returned);
	pthread_mutex_unlock(&pool->lock);
	return connection;
}

struct postgres_connection *postgres_pool_open(struct arena *arena, struct postgres_pool *pool, str *problem)
{
	pthread_mutex_lock(&pool->lock);
	pool->open_count++;
	pthread_mutex_unlock(&pool->lock);
	return open_counted(arena, pool, problem);
}

/* --- Lending, with the lock held --- */

enum turn { TURN_IDLE, TURN_OPEN, TURN_OUT, TURN_WAIT };

static enum turn next_turn(struct postgres_pool *pool, struct postgres_connection **connection)
{
	if (pool->idle) {
		*connection = pool->idle;
		pool->idle = pool->idle->next;
		return TURN_IDLE;
	}
	if (pool->is_out && (pool->is_trying || clock_monotonic_us() < pool->next_try_us))
		return TURN_OUT;
	if (pool->open_count == pool->limit)
		return TURN_WAIT;
	pool->open_count++;
	pool->is_trying = pool->is_out;
	return TURN_OPEN;
}

static bool wait_until(struct postgres_pool *pool, int64_t deadline_us)
{
	struct timespec until = { .tv_sec = deadline_us / 1000000, .tv_nsec = deadline_us % 1000000 * 1000 };
	return pthread_cond_timedwait(&pool->returned, &pool->lock, &until) != ETIMEDOUT;
}

static enum turn await_turn(struct postgres_pool *pool, struct postgres_connection **connection)
{
	int64_t deadline_us = clock_monotonic_us() + (int64_t)WAIT_MS * 1000;
	enum turn turn;
	pthread_mutex_lock(&pool->lock);
	while ((turn = next_turn(pool, connection)) == TURN_WAIT && wait_until(pool, deadline_us))
		;
	pthread_mutex_unlock(&pool->lock);
	return turn;
}

/* What ended this one has mostly ended all that are idle, and whoever tries again shall not meet them one by
 * one. */
static void drop(struct postgres_pool *pool, struct postgres_connection *connection)
{
	pthread_mutex_lock(&pool->lock);
	connection->next = pool->idle;
	pool->idle = NULL;
	for (struct postgres_connection *c = connection; c; c = c->next)
		pool->open_count--;
	pthread_cond_broadcast(&pool->returned);
	pthread_mutex_unlock(&pool->lock);
	while (connection) {
		struct postgres_connection *next = connection->next;
		postgres_connection_close(&connection);
		connection = next;
	}
}

static RESULT open_one(
	struct postgres_pool *pool, struct request *request, struct postgres_connection **connection)
{
	str problem;
	*connection = open_counted(request->arena, pool, &problem);
	if (*connection)
		return OK;
	DETAIL(request, "PostgreSQL: %.*s", STR_ARG(problem));
	return postgres_failure_raise(request, POSTGRES_LOST);
}

static RESULT refuse(struct request *request, enum turn turn)
{
	DETAIL(request, "%s",
		turn == TURN_OUT ? "PostgreSQL: cannot be reached" : "all database connections are in use");
	return postgres_failure_raise(request, turn == TURN_OUT ? POSTGRES_LOST : POSTGRES_BUSY);
}

result postgres_pool_take(
	struct postgres_pool *pool, struct request *request, struct postgres_connection **connection)
{
	for (;;) {
		enum turn turn = await_turn(pool, connection);
		if (turn == TURN_OPEN)
			return open_one(pool, request, connection);
		if (turn != TURN_IDLE)
			return refuse(request, turn);
		if (postgres_connection_is_alive(*connection))
			return OK;
		drop(pool, *connection);
	}
}

void postgres_pool_return(struct postgres_pool *pool, struct postgres_connection *connection)
{
	if (!postgres_connection_is_alive(connection)) {
		drop(pool, connection);
		return;
	}
	connection->failure = POSTGRES_WORKS;
	connection->common.writing = false;
	pthread_mutex_lock(&pool->lock);
	connection->next = pool->idle;
	pool->idle = connection;
	pthread_cond_signal(&pool->returned);
	pthread_mutex_unlock(&pool->lock);
}
