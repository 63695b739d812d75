/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "store/fixture.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CONNECTIONS = 20 };

bool fixture_open(struct fixture *fixture, str *problem)
{
	fixture->store =
		store_open_catalogue(fixture->arena, &fixture->settings, fixture->catalogue, problem);
	return fixture->store != NULL;
}

static void open_or_fail(struct fixture *fixture)
{
	str problem = STR("");
	if (!fixture_open(fixture, &problem))
		fail_msg("%.*s", STR_ARG(problem));
}

/* --- PostgreSQL --- */

str fixture_ask_postgres(const struct fixture *fixture, const char *sql)
{
	PGconn *connection = PQconnectdb(fixture->settings.database.data);
	PGresult *answer = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(answer);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(connection));
	str text = arena_copy(fixture->arena, str_of(PQntuples(answer) ? PQgetvalue(answer, 0, 0) : ""));
	PQclear(answer);
	PQfinish(connection);
	return text;
}

static void make_schema(struct fixture *fixture, const char *url)
{
	static unsigned count;
	struct arena *arena = fixture->arena;
	fixture->schema = arena_printf(arena, "store_%ld_%u", (long)getpid(), count++).data;
	fixture->settings.database =
		arena_printf(arena, "%s&options=-csearch_path%%3D%s", url, fixture->schema);
	fixture->settings.database_connections = CONNECTIONS;
	fixture_ask_postgres(fixture, arena_printf(arena, "CREATE SCHEMA %s", fixture->schema).data);
}

static void drop_schema(const struct fixture *fixture)
{
	fixture_ask_postgres(fixture,
		arena_printf(fixture->arena,
			"SET client_min_messages = warning; DROP SCHEMA %s CASCADE", fixture->schema)
			.data);
}

void fixture_needs_sqlite(const struct fixture *fixture)
{
	if (fixture->schema)
		skip();
}

/* --- Any --- */

struct fixture *fixture_new_closed(void)
{
	struct arena *arena = arena_new();
	struct fixture *fixture = ARENA_NEW(arena, struct fixture);
	const char *parent = getenv("TMPDIR");
	char *folder = (char *)arena_printf(arena, "%s/store-XXXXXX", parent ? parent : "/tmp").data;
	assert_non_null(mkdtemp(folder));
	fixture->arena = arena;
	fixture->settings.data_dir = str_of(folder);
	fixture->catalogue = &sample_catalogue;
	const char *url = getenv("POOLWARDEN_TEST_POSTGRESQL");
	if (url)
		make_schema(fixture, url);
	return fixture;
}

struct fixture *fixture_new(void)
{
	struct fixture *fixture = fixture_new_closed();
	open_or_fail(fixture);
	return fixture;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	return remove(path);
}

void fixture_free(struct fixture **handle)
{
	struct arena *arena = (*handle)->arena;
	store_close(&(*handle)->store);
	if ((*handle)->schema)
		drop_schema(*handle);
	assert_int_equal(nftw((*handle)->settings.data_dir.data, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
	*handle = NULL;
	arena_free(&arena);
}

void fixture_reopen(struct fixture *fixture)
{
	store_close(&fixture->store);
	open_or_fail(fixture);
}

struct request *fixture_request(const struct fixture *fixture)
{
	struct request *request = request_new();
	request->settings = &fixture->settings;
	request->store = fixture->store;
	return request;
}

static RESULT insert(struct request *request, void *context)
{
	const str *title = context;
	return sample_note_insert(request, &(struct sample_note_insert_in){ .title = *title }, NULL);
}

result fixture_add_note(struct request *request, str title)
{
	return store_write(request, insert, &title);
}

int64_t fixture_count_notes(const struct fixture *fixture)
{
	struct request *request = fixture_request(fixture);
	struct sample_note_count_row row;
	bool found;
	assert_true(result_is_ok(sample_note_count(request, &row, &found)));
	assert_true(found);
	request_free(&request);
	return row.count;
}

int fixture_set_up(void **state)
{
	*state = fixture_new();
	return 0;
}

int fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;
	fixture_free(&fixture);
	return 0;
}
