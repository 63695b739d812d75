/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fixture.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/fatal.h"
#include "store/catalogue.h"

static struct store *open_with(struct fixture *fixture, const struct store_migration *second, str *problem)
{
	struct store_migration migrations[] = { sample_catalogue.migrations[0], *second };
	struct store_catalogue catalogue = sample_catalogue;
	catalogue.migrations = migrations;
	catalogue.migration_count = ARRAY_LEN(migrations);
	store_close(&fixture->store);
	return store_open_catalogue(fixture->arena, &fixture->settings, &catalogue, problem);
}

static const struct store_migration good = { .version = 2,
	.name = "0002_more.sql",
	.sql = "CREATE TABLE more (id INTEGER PRIMARY KEY); INSERT INTO more VALUES (1);" };

static const struct store_migration bad = { .version = 2,
	.name = "0002_more.sql",
	.sql = "CREATE TABLE more (id INTEGER PRIMARY KEY); DELETE FROM note; nonsense" };

static void applies_each_migration_once(void **state)
{
	struct fixture *fixture = *state;
	str problem = STR_NONE;
	for (int i = 0; i < 2; i++) {
		fixture->store = open_with(fixture, &good, &problem);
		assert_non_null(fixture->store);
	}
}

static void refuses_a_newer_database(void **state)
{
	struct fixture *fixture = *state;
	str problem = STR_NONE;
	fixture->store = open_with(fixture, &good, &problem);
	store_close(&fixture->store);
	assert_null(store_open_catalogue(fixture->arena, &fixture->settings, &sample_catalogue, &problem));
	assert_str_equal(
		problem, STR("the database has schema version 2, this program knows versions up to 1: "
			     "use the program that wrote it, or a newer one"));
}

static void keeps_nothing_of_a_failed_migration(void **state)
{
	struct fixture *fixture = *state;
	str problem = STR_NONE;
	assert_null(open_with(fixture, &bad, &problem));
	assert_str_equal(problem,
		fixture->schema ? STR("migration 0002_more.sql failed: syntax error at or near \"nonsense\""
				      " (SQLSTATE 42601)")
				: STR("migration 0002_more.sql failed: near \"nonsense\": syntax error"));
	fixture->store = open_with(fixture, &good, &problem);
	assert_non_null(fixture->store);
	assert_int_equal(fixture_count_notes(fixture), 0);
}

static void keeps_data_across_reopening(void **state)
{
	struct fixture *fixture = *state;
	struct request *request = fixture_request(fixture);
	assert_true(result_is_ok(fixture_add_note(request, STR("kept"))));
	request_free(&request);
	fixture_reopen(fixture);
	assert_int_equal(fixture_count_notes(fixture), 1);
}

static void leaves_one_private_file(void **state)
{
	struct fixture *fixture = *state;
	fixture_needs_sqlite(fixture);
	struct stat status;
	str file = arena_printf(fixture->arena, "%.*s/poolwarden.db", STR_ARG(fixture->settings.data_dir));
	str log = arena_printf(fixture->arena, "%.*s-wal", STR_ARG(file));
	assert_int_equal(stat(log.data, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	store_close(&fixture->store);
	assert_int_equal(stat(file.data, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_not_equal(stat(log.data, &status), 0);
}

/* An administration command opens the store beside the server and takes no lock. */
static void lets_one_server_and_other_processes_in(void **state)
{
	struct fixture *fixture = *state;
	str problem = STR_NONE;
	assert_false(store_is_locked(fixture->store));
	assert_true(store_lock_exclusively(fixture->arena, fixture->store, &problem));
	assert_int_equal(store_is_locked(fixture->store), fixture->schema == NULL);
	struct store *second =
		store_open_catalogue(fixture->arena, &fixture->settings, &sample_catalogue, &problem);
	assert_non_null(second);
	assert_false(store_lock_exclusively(fixture->arena, second, &problem));
	assert_false(store_is_locked(second));
	assert_str_equal(problem, arena_printf(fixture->arena, "another server uses %.*s",
					  STR_ARG(fixture->settings.data_dir)));
	struct request *request = fixture_request(fixture);
	request->store = second;
	assert_true(result_is_ok(fixture_add_note(request, STR("from beside"))));
	request_free(&request);
	store_close(&second);
	assert_int_equal(fixture_count_notes(fixture), 1);
	fixture_reopen(fixture);
	assert_true(store_lock_exclusively(fixture->arena, fixture->store, &problem));
}

static void refuses_what_it_cannot_open(void **state)
{
	struct fixture *fixture = *state;
	str folder = fixture->settings.data_dir;
	str malformed = STR("the database must be given as sqlite:PATH or postgresql://HOST/DATABASE");
	const struct {
		str database, problem;
	} cases[] = {
		{ STR("mysql:there"), malformed },
		{ STR("sqlite:"), malformed },
		{ STR(""), malformed },
		{ STR("postgresql://127.0.0.1:1/there"),
			STR("cannot open the database: connection to server at \"127.0.0.1\", port 1 failed: "
			    "Connection refused Is the server running on that host and accepting TCP/IP "
			    "connections?") },
		{ STR("postgresql://?no_such_option=1"),
			STR("cannot open the database: invalid URI query parameter: \"no_such_option\"") },
		{ arena_printf(fixture->arena, "sqlite:%.*s/no/such", STR_ARG(folder)),
			arena_printf(fixture->arena, "cannot open %.*s/no/such: No such file or directory",
				STR_ARG(folder)) },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct settings settings = { .data_dir = folder, .database = cases[i].database };
		str problem = STR_NONE;
		assert_null(store_open_catalogue(fixture->arena, &settings, &sample_catalogue, &problem));
		assert_str_equal(problem, cases[i].problem);
	}
}

static void refuses_a_file_that_is_no_database(void **state)
{
	struct fixture *fixture = *state;
	str path = arena_printf(fixture->arena, "%.*s/note.txt", STR_ARG(fixture->settings.data_dir));
	FILE *file = fopen(path.data, "w");
	for (int i = 0; i < 1000; i++)
		fputs("this is text\n", file);
	fclose(file);
	struct settings settings = { .data_dir = fixture->settings.data_dir,
		.database = arena_printf(fixture->arena, "sqlite:%s", path.data) };
	str problem = STR_NONE;
	assert_null(store_open_catalogue(fixture->arena, &settings, &sample_catalogue, &problem));
	assert_str_equal(
		problem, arena_printf(fixture->arena, "cannot open %s: file is not a database", path.data));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(applies_each_migration_once),
		CASE(refuses_a_newer_database),
		CASE(keeps_nothing_of_a_failed_migration),
		CASE(keeps_data_across_reopening),
		CASE(leaves_one_private_file),
		CASE(lets_one_server_and_other_processes_in),
		CASE(refuses_what_it_cannot_open),
		CASE(refuses_a_file_that_is_no_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
