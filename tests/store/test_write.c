/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/histogram.h"
#include "base/process.h"

enum { THREADS = 32, WRITES_PER_THREAD = 20, MANY_READERS = 256, READS_PER_THREAD = 20 };

static RESULT add(struct request *request, str title)
{
	return sample_note_insert(request, &(struct sample_note_insert_in){ .title = title }, NULL);
}

static RESULT add_then_fail(struct request *request, void *context)
{
	(void)context;
	TRY(add(request, STR("lost")));
	return FAIL(request, INVALID_PARAMETER, "changed its mind");
}

static void keeps_nothing_of_a_failed_transaction(void **state)
{
	struct request *request = fixture_request(*state);
	assert_false(result_is_ok(store_write(request, add_then_fail, NULL)));
	assert_int_equal(request->error, ERROR_INVALID_PARAMETER);
	assert_str_equal(request->message, STR("changed its mind"));
	assert_int_equal(fixture_count_notes(*state), 0);
	assert_true(result_is_ok(fixture_add_note(request, STR("kept"))));
	assert_int_equal(fixture_count_notes(*state), 1);
	request_free(&request);
}

static RESULT add_and_read(struct request *request, void *context)
{
	struct sample_note_count_row *row = context;
	bool found;
	TRY(add(request, STR("first")));
	return sample_note_count(request, row, &found);
}

static void reads_its_own_writes(void **state)
{
	struct request *request = fixture_request(*state);
	struct sample_note_count_row row = { 0 };
	assert_true(result_is_ok(store_write(request, add_and_read, &row)));
	assert_int_equal(row.count, 1);
	request_free(&request);
}

/* A request has a connection for no longer than a statement or a transaction takes. */
static void reads_before_and_after_a_write(void **state)
{
	const struct fixture *fixture = *state;
	struct request *request = fixture_request(fixture);
	struct sample_note_count_row row;
	bool found;
	for (int i = 0; i < 10; i++) {
		assert_true(result_is_ok(sample_note_count(request, &row, &found)));
		assert_int_equal(row.count, i);
		assert_null(request->connection);
		assert_true(result_is_ok(fixture_add_note(request, arena_printf(request->arena, "%d", i))));
		assert_null(request->connection);
	}
	request_free(&request);
}

static RESULT add_nested(struct request *request, void *context)
{
	(void)context;
	TRY(add(request, STR("outer")));
	return fixture_add_note(request, STR("inner"));
}

static RESULT add_nested_then_fail(struct request *request, void *context)
{
	TRY(add_nested(request, context));
	return FAIL(request, INVALID_PARAMETER, "changed its mind");
}

static void runs_a_nested_transaction_as_a_part(void **state)
{
	struct request *request = fixture_request(*state);
	assert_false(result_is_ok(store_write(request, add_nested_then_fail, NULL)));
	assert_int_equal(fixture_count_notes(*state), 0);
	assert_true(result_is_ok(store_write(request, add_nested, NULL)));
	assert_int_equal(fixture_count_notes(*state), 2);
	request_free(&request);
}

/* What a follow-up saw, from outside of the transaction. */
struct glance {
	const struct fixture *fixture;
	pthread_t thread;
	int times;
	int place; /* among all */
	int64_t notes;
};

static int glances_taken;

static void glance(void *context)
{
	struct glance *seen = context;
	seen->times++;
	seen->place = glances_taken++;
	seen->thread = pthread_self();
	seen->notes = fixture_count_notes(seen->fixture);
}

static RESULT add_and_follow_up(struct request *request, void *context)
{
	struct glance *glances = context;
	TRY(add(request, request->id));
	store_after_commit(request, glance, &glances[0]);
	store_after_commit(request, glance, &glances[1]);
	return OK;
}

static RESULT nest_and_follow_up(struct request *request, void *context)
{
	struct glance *glances = context;
	TRY(store_write(request, add_and_follow_up, glances));
	if (glances->times)
		return FAIL(request, INTERNAL, "followed up on a part");
	return add(request, STR("outer"));
}

static RESULT follow_up_and_fail(struct request *request, void *context)
{
	TRY(add_and_follow_up(request, context));
	return FAIL(request, INVALID_PARAMETER, "changed its mind");
}

static void follows_up_on_a_commit(void **state)
{
	struct request *request = fixture_request(*state);
	struct glance glances[] = { { .fixture = *state }, { .fixture = *state } };
	assert_true(result_is_ok(store_write(request, nest_and_follow_up, glances)));
	for (size_t i = 0; i < ARRAY_LEN(glances); i++) {
		assert_int_equal(glances[i].times, 1);
		assert_int_equal(glances[i].notes, 2);
		assert_true(pthread_equal(glances[i].thread, pthread_self()));
	}
	assert_int_equal(glances[1].place, glances[0].place + 1);
	assert_true(result_is_ok(fixture_add_note(request, STR("another"))));
	assert_int_equal(glances[0].times, 1);
	request_free(&request);
}

static void does_not_follow_up_on_a_failure(void **state)
{
	struct request *request = fixture_request(*state);
	struct glance glances[] = { { .fixture = *state }, { .fixture = *state } };
	assert_false(result_is_ok(store_write(request, follow_up_and_fail, glances)));
	assert_true(result_is_ok(fixture_add_note(request, STR("another"))));
	assert_int_equal(glances[0].times, 0);
	request_free(&request);
}

struct worker {
	const struct fixture *fixture;
	pthread_t thread;
	int number;
	int wrong;
};

static RESULT add_or_fail(struct request *request, void *context)
{
	const int *number = context;
	TRY(add(request, arena_printf(request->arena, "%d", *number)));
	if (*number % 3 == 0)
		return FAIL(request, INVALID_PARAMETER, "changed its mind");
	return OK;
}

static bool is_visible(struct request *request, int number)
{
	struct sample_note_row row;
	bool found = false;
	str title = arena_printf(request->arena, "%d", number);
	result read = sample_note_by_title(
		request, &(struct sample_note_by_title_in){ .title = title }, &row, &found);
	return result_is_ok(read) && found;
}

/* Of every three transactions one fails; what each thread was told must be what it then reads. */
static void *write_and_read(void *argument)
{
	struct worker *worker = argument;
	for (int i = 0; i < WRITES_PER_THREAD; i++) {
		int number = worker->number * WRITES_PER_THREAD + i;
		struct request *request = fixture_request(worker->fixture);
		bool acknowledged = result_is_ok(store_write(request, add_or_fail, &number));
		if (acknowledged != (number % 3 != 0) || acknowledged != is_visible(request, number))
			worker->wrong++;
		request_free(&request);
	}
	return NULL;
}

static void shares_commits_and_no_failures(void **state)
{
	const struct fixture *fixture = *state;
	struct worker workers[THREADS];
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .fixture = fixture, .number = i };
		assert_int_equal(pthread_create(&workers[i].thread, NULL, write_and_read, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].wrong, 0);
	}
	struct store_statistics statistics = store_statistics(fixture->store);
	assert_int_equal(statistics.transactions, THREADS * WRITES_PER_THREAD);
	assert_in_range(statistics.commits, 1, statistics.transactions - 1);
	assert_int_equal(histogram_count(statistics.waits), THREADS * WRITES_PER_THREAD);
	int failed = (THREADS * WRITES_PER_THREAD + 2) / 3;
	assert_int_equal(fixture_count_notes(fixture), THREADS * WRITES_PER_THREAD - failed);
}

struct next_number {
	int64_t runs; /* as far as its context knows */
	int64_t changed;
};

static RESULT add_next(struct request *request, void *context)
{
	struct next_number *next = context;
	struct sample_note_count_row row;
	bool found;
	TRY(sample_note_count(request, &row, &found));
	next->runs++;
	str title = arena_printf(request->arena, "%d", (int)row.count);
	return sample_note_insert(request, &(struct sample_note_insert_in){ .title = title }, &next->changed);
}

static void *read_and_write(void *argument)
{
	struct worker *worker = argument;
	for (int i = 0; i < WRITES_PER_THREAD; i++) {
		struct request *request = fixture_request(worker->fixture);
		struct next_number next = { .changed = 0 };
		if (!result_is_ok(store_write(request, add_next, &next)) || next.changed != 1 || next.runs != 1)
			worker->wrong++;
		request_free(&request);
	}
	return NULL;
}

/* What a transaction has read still holds when it is committed: no two see the same count. One that has to be run again
   finds its context as it was. */
static void runs_as_if_one_after_the_other(void **state)
{
	const struct fixture *fixture = *state;
	struct worker workers[4];
	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		workers[i] = (struct worker){ .fixture = fixture };
		assert_int_equal(pthread_create(&workers[i].thread, NULL, read_and_write, &workers[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].wrong, 0);
	}
	assert_int_equal(fixture_count_notes(fixture), ARRAY_LEN(workers) * WRITES_PER_THREAD);
}

static RESULT add_large(struct request *request, void *context)
{
	(void)context;
	struct sample_note_insert_in note = { .title = request->id };
	note.body = (str){ arena_alloc(request->arena, 1 << 20), 1 << 20 };
	return sample_note_insert(request, &note, NULL);
}

static void *write_large(void *argument)
{
	struct worker *worker = argument;
	struct request *request = fixture_request(worker->fixture);
	if (result_is_ok(store_write(request, add_large, NULL)) || request->error != ERROR_INTERNAL ||
		!str_equal(request->message, STR("Internal server error")) || !str_is_set(request->detail))
		worker->wrong++;
	request_free(&request);
	return NULL;
}

static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A limit on the size of files stands for a full disk. */
static void fails_all_that_a_full_disk_refuses(void **state)
{
	const struct fixture *fixture = *state;
	struct worker workers[4];
	fixture_needs_sqlite(fixture);
	signal(SIGXFSZ, SIG_IGN);
	limit_file_size(1 << 18);
	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		workers[i] = (struct worker){ .fixture = fixture };
		assert_int_equal(pthread_create(&workers[i].thread, NULL, write_large, &workers[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(workers); i++)
		pthread_join(workers[i].thread, NULL);
	limit_file_size(RLIM_INFINITY);
	for (size_t i = 0; i < ARRAY_LEN(workers); i++)
		assert_int_equal(workers[i].wrong, 0);
	assert_int_equal(fixture_count_notes(fixture), 0);
	struct request *request = fixture_request(fixture);
	assert_true(result_is_ok(store_write(request, add_large, NULL)));
	assert_int_equal(fixture_count_notes(fixture), 1);
	request_free(&request);
}

/* As an administration command does, from a process of its own. */
static void takes_turns_with_another_process(void **state)
{
	struct fixture *fixture = *state;
	struct fixture beside = *fixture;
	str problem = STR_NONE;
	beside.store = store_open_catalogue(fixture->arena, &fixture->settings, &sample_catalogue, &problem);
	assert_non_null(beside.store);
	struct worker workers[] = { { .fixture = fixture, .number = 0 },
		{ .fixture = &beside, .number = 1 } };
	for (size_t i = 0; i < ARRAY_LEN(workers); i++)
		assert_int_equal(pthread_create(&workers[i].thread, NULL, write_and_read, &workers[i]), 0);
	for (size_t i = 0; i < ARRAY_LEN(workers); i++) {
		pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].wrong, 0);
	}
	store_close(&beside.store);
}

static void *read_often(void *fixture)
{
	for (int i = 0; i < READS_PER_THREAD; i++)
		fixture_count_notes(fixture);
	return NULL;
}

/* More threads than there may be connections: they wait for each other. Each connection has the database and its log
   open. */
static void many_readers_share_few_connections(void **state)
{
	fixture_needs_sqlite(*state);
	uint64_t before = process_usage().open_files;
	pthread_t threads[MANY_READERS];
	for (size_t i = 0; i < MANY_READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_often, *state), 0);
	for (size_t i = 0; i < MANY_READERS; i++)
		pthread_join(threads[i], NULL);
	long connections = 2 * sysconf(_SC_NPROCESSORS_ONLN) + 4;
	assert_true(process_usage().open_files <= before + 2 * (uint64_t)connections);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(keeps_nothing_of_a_failed_transaction),
		CASE(reads_its_own_writes),
		CASE(reads_before_and_after_a_write),
		CASE(many_readers_share_few_connections),
		CASE(runs_a_nested_transaction_as_a_part),
		CASE(follows_up_on_a_commit),
		CASE(does_not_follow_up_on_a_failure),
		CASE(shares_commits_and_no_failures),
		CASE(runs_as_if_one_after_the_other),
		CASE(fails_all_that_a_full_disk_refuses),
		CASE(takes_turns_with_another_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
