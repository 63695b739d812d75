/* SPDX-License-Identifier: Apache-2.0 */
/* Connecting, waiting for answers, and running statements. */
#include "store/postgres/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "store/postgres/value.h"
#include "store/rows.h"
#include "store/statement.h"

/* --- Connecting --- */

/* What stands before dbname is a default which the URL may replace. A peer that is gone without a word is
   noticed by keepalives while we wait, by tcp_user_timeout while we send. */
static const char *const keywords[] = { "connect_timeout", "target_session_attrs", "keepalives_idle",
	"keepalives_interval", "keepalives_count", "tcp_user_timeout", "fallback_application_name", "dbname",
	"client_encoding", NULL };
static const char *const defaults[ARRAY_LEN(keywords)] = { "5", "read-write", "10", "5", "3", "15000",
	"poolwarden", NULL, "UTF8", NULL };
enum { DBNAME = 7 };

static void take_notice(void *context, const PGresult *notice)
{
	struct postgres_connection *connection = context;
	const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
	if (severity && str_equal(str_of(severity), STR("WARNING")))
		connection->warned = true;
}

/* libpq's messages have several lines, indented with tabs: here with one space between words. */
static str one_line(struct arena *arena, const char *text)
{
	char *line = arena_alloc(arena, strlen(text) + 1);
	size_t len = 0;
	for (; *text; text++) {
		bool is_space = *text == ' ' || *text == '\n' || *text == '\t';
		if (!is_space || (len && line[len - 1] != ' '))
			line[len++] = is_space ? ' ' : *text;
	}
	if (len && line[len - 1] == ' ')
		len--;
	return (str){ line, len };
}

static PGconn *connect_to(const char *url)
{
	const char *values[ARRAY_LEN(keywords)];
	memcpy(values, defaults, sizeof values);
	values[DBNAME] = url;
	PGconn *handle = PQconnectdbParams(keywords, values, 1);
	if (!handle)
		fatal("out of memory");
	return handle;
}

struct postgres_connection *postgres_connection_open(struct arena *arena, const char *url,
	size_t statement_count, atomic_bool *names_statements, str *problem)
{
	struct postgres_connection *connection =
		calloc(1, sizeof *connection + statement_count * sizeof connection->prepared[0]);
	if (!connection)
		fatal("out of memory");
	connection->answer_ms = POSTGRES_ANSWER_MS;
	connection->names_statements = names_statements;
	connection->prepared_count = statement_count;
	connection->handle = connect_to(url);
	PQsetNoticeReceiver(connection->handle, take_notice, connection);
	if (PQstatus(connection->handle) == CONNECTION_OK && PQsetnonblocking(connection->handle, 1) == 0)
		return connection;
	*problem = one_line(arena, PQerrorMessage(connection->handle));
	postgres_connection_close(&connection);
	return NULL;
}

void postgres_connection_close(struct postgres_connection **handle)
{
	struct postgres_connection *connection = *handle;
	if (!connection)
		return;
	*handle = NULL;
	PQfinish(connection->handle);
	free(connection);
}

static bool is_readable(const struct postgres_connection *connection)
{
	struct pollfd socket = { .fd = PQsocket(connection->handle), .events = POLLIN };
	return poll(&socket, 1, 0) != 0;
}

/* Something to read where nothing was asked is a farewell, or a change of a parameter. */
bool postgres_connection_is_alive(struct postgres_connection *connection)
{
	if (connection->failure == POSTGRES_LOST || PQstatus(connection->handle) != CONNECTION_OK)
		return false;
	return !is_readable(connection) ||
	       (PQconsumeInput(connection->handle) && PQstatus(connection->handle) == CONNECTION_OK);
}

/* --- Answers --- */

/* False when time is up or the connection has failed. */
static bool wait_for(const struct postgres_connection *connection, short events, int64_t deadline_us)
{
	struct pollfd socket = { .fd = PQsocket(connection->handle), .events = events };
	for (;;) {
		int64_t left = (deadline_us - clock_monotonic_us()) / 1000;
		int ready = socket.fd < 0 || left <= 0 ? 0 : poll(&socket, 1, (int)left);
		if (ready >= 0 || errno != EINTR)
			return ready > 0;
	}
}

/* Sends what is still to be sent; reads meanwhile, as the other side may wait for that. */
static bool flush(struct postgres_connection *connection, int64_t deadline_us)
{
	int left;
	while ((left = PQflush(connection->handle)) > 0)
		if (!wait_for(connection, POLLIN | POLLOUT, deadline_us) ||
			!PQconsumeInput(connection->handle))
			return false;
	return left == 0;
}

static bool next_result(struct postgres_connection *connection, int64_t deadline_us, PGresult **out)
{
	while (PQisBusy(connection->handle))
		if (!wait_for(connection, POLLIN, deadline_us) || !PQconsumeInput(connection->handle))
			return false;
	*out = PQgetResult(connection->handle);
	return true;
}

static bool is_good(const PGresult *answer)
{
	ExecStatusType status = PQresultStatus(answer);
	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* The answer that counts of those to one command: the first that is an error, else the last. NULL when the
   connection was lost on the way. */
static PGresult *await_answer(struct postgres_connection *connection)
{
	int64_t deadline_us = clock_monotonic_us() + connection->answer_ms * 1000;
	PGresult *answer = NULL, *next;
	bool works = flush(connection, deadline_us);
	while ((works = works && next_result(connection, deadline_us, &next)) && next) {
		bool is_error_kept = answer && !is_good(answer);
		PQclear(is_error_kept ? next : answer);
		answer = is_error_kept ? answer : next;
	}
	if (works && answer)
		return answer;
	PQclear(answer);
	return NULL;
}

static void note_failure(struct postgres_connection *connection, enum postgres_failure failure)
{
	if (connection->failure == POSTGRES_WORKS || failure == POSTGRES_LOST)
		connection->failure = failure;
	if (failure == POSTGRES_UNPREPARED && atomic_exchange(connection->names_statements, false))
		log_event(LOG_INFO, "database_sessions_are_shared");
}

/* Why it failed, without the server's details, which may quote values. */
static str reason_of(
	struct arena *arena, const struct postgres_connection *connection, const PGresult *answer)
{
	const char *state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : NULL;
	if (!state)
		return arena_printf(arena, "no answer: %.*s",
			STR_ARG(one_line(arena, PQerrorMessage(connection->handle))));
	const char *text = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
	return arena_printf(arena, "%s (SQLSTATE %s)", text ? text : "", state);
}

/* The answer, if it is a good one; else NULL with the failure noted. */
static PGresult *take_answer(
	struct arena *arena, struct postgres_connection *connection, bool is_sent, str *problem)
{
	PGresult *answer = is_sent ? await_answer(connection) : NULL;
	if (answer && is_good(answer))
		return answer;
	note_failure(connection,
		postgres_failure_of(answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : NULL));
	*problem = reason_of(arena, connection, answer);
	PQclear(answer);
	return NULL;
}

static PGresult *command(
	struct arena *arena, struct postgres_connection *connection, const char *sql, str *problem)
{
	connection->warned = false;
	return take_answer(arena, connection, PQsendQuery(connection->handle, sql), problem);
}

bool postgres_connection_execute(
	struct arena *arena, struct postgres_connection *connection, const char *sql, str *tag, str *problem)
{
	PGresult *answer = command(arena, connection, sql, problem);
	if (!answer)
		return false;
	if (tag)
		*tag = arena_copy(arena, str_of(PQcmdStatus(answer)));
	PQclear(answer);
	return true;
}

str postgres_connection_ask(
	struct arena *arena, struct postgres_connection *connection, const char *sql, str *problem)
{
	PGresult *answer = command(arena, connection, sql, problem);
	str text = STR_NONE;
	if (answer && PQntuples(answer) == 1 && PQnfields(answer) == 1)
		text = arena_copy(arena, str_of(PQgetvalue(answer, 0, 0)));
	PQclear(answer);
	return text;
}

/* --- Statements --- */

/* Follows from the text (FNV-1a), so that whoever else prepares that name in a session means the same. */
static str prepared_name(struct arena *arena, const char *sql)
{
	uint64_t hash = 0xcbf29ce484222325;
	for (; *sql; sql++)
		hash = (hash ^ (unsigned char)*sql) * 0x100000001b3;
	return arena_printf(arena, "poolwarden_%016llx", (unsigned long long)hash);
}

static bool prepare(struct arena *arena, struct postgres_connection *connection,
	const struct store_statement *statement, const struct postgres_values *values, const char *name,
	str *problem)
{
	if (connection->prepared[statement->index])
		return true;
	PGresult *answer = take_answer(arena, connection,
		PQsendPrepare(connection->handle, name, statement->sql, values->count, values->types),
		problem);
	PQclear(answer);
	return connection->prepared[statement->index] = answer != NULL;
}

static PGresult *execute_named(struct arena *arena, struct postgres_connection *connection,
	const struct store_statement *statement, const struct postgres_values *values, str *problem)
{
	const char *name = prepared_name(arena, statement->sql).data;
	if (!prepare(arena, connection, statement, values, name, problem))
		return NULL;
	bool is_sent = PQsendQueryPrepared(
		connection->handle, name, values->count, values->data, values->lengths, values->formats, 1);
	return take_answer(arena, connection, is_sent, problem);
}

static PGresult *execute(struct arena *arena, struct postgres_connection *connection,
	const struct store_statement *statement, const struct postgres_values *values, str *problem)
{
	if (*connection->names_statements)
		return execute_named(arena, connection, statement, values, problem);
	bool is_sent = PQsendQueryParams(connection->handle, statement->sql, values->count, values->types,
		values->data, values->lengths, values->formats, 1);
	return take_answer(arena, connection, is_sent, problem);
}

static RESULT read_rows(struct request *request, const struct store_statement *statement,
	const PGresult *answer, struct store_rows *rows)
{
	for (int i = 0; i < PQntuples(answer); i++) {
		void *row = store_rows_add(rows);
		if (!row) {
			DETAIL(request, "%s: too many rows", statement->name);
			return FAIL(request, INTERNAL, "Internal server error");
		}
		TRY(postgres_value_read(request, statement, answer, i, row));
	}
	rows->changed = strtoll(PQcmdTuples((PGresult *)answer), NULL, 10);
	return OK;
}

result postgres_connection_run(struct postgres_connection *connection, struct request *request,
	const struct store_statement *statement, const void *in, struct store_rows *rows)
{
	struct postgres_values values;
	str problem;
	TRY(postgres_value_bind(request, statement, in, &values));
	PGresult *answer = execute(request->arena, connection, statement, &values, &problem);
	if (!answer) {
		DETAIL(request, "%s: PostgreSQL: %.*s", statement->name, STR_ARG(problem));
		return postgres_failure_raise(request, connection->failure);
	}
	result done = read_rows(request, statement, answer, rows);
	PQclear(answer);
	return done;
}
