/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts of transactions, run again and again while the n-th read, write, sync ... fails, once or from then
   on. Whatever happens: what was acknowledged is there, what was refused left no trace, not even for whoever
   opens the files after a crash, and the store works again once its files do.

   Of an operation that a script has many of, only some are failed; FAULT_TRIES says how many, 0 is all. */
#include "store/fault.h"
#include "store/fixture.h"

#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "store/catalogue.h"

enum {
	NOTES_MAX = 64,
	TAGS = 2, /* of each note */
	SHARING = 4,
	SMALL = 100, /* bytes of a note's body */
	LARGE = 40000,
	HUGE = 9 << 18, /* more than a connection keeps in memory: goes into the log before the commit */
	LOG_PAGES = 16, /* of the write-ahead log before it is moved into the database */
	IMAGE_MAX = 64 * 1024 * 1024,
	FEW = 45, /* operations of a kind: all are failed */
	TRIES = 12,
	TRIES_OF_LONG_SCRIPTS = 3,
};

enum answer { UNASKED, ACKNOWLEDGED, REFUSED };

struct run {
	struct fixture *fixture;
	const char *name;
	bool leaves_traces; /* where nothing can be written any more, a failed commit cannot be undone either
			     */
	enum answer answers[NOTES_MAX];
	int asked;
};

static uint64_t transactions, commits;
static unsigned runs;

/* --- What is in the files --- */

static int64_t number_of(sqlite3 *database, const char *sql, int64_t parameter)
{
	sqlite3_stmt *statement;
	assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
	sqlite3_bind_int64(statement, 1, parameter);
	int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	return number;
}

static void check_note(const struct run *run, sqlite3 *database, int number, const char *when)
{
	int64_t notes =
		number_of(database, "SELECT count(*) FROM note WHERE title = CAST($1 AS TEXT)", number);
	int64_t tags = number_of(database,
		"SELECT count(*) FROM tag JOIN note ON note.id = note_id WHERE title = CAST($1 AS TEXT)",
		number);
	bool is_wanted = run->answers[number] == ACKNOWLEDGED;
	if (!is_wanted && run->leaves_traces)
		is_wanted = notes > 0;
	if (notes != is_wanted || tags != (is_wanted ? TAGS : 0))
		fail_msg("%s: note %d, %s: there are %d of it with %d tags, %s", run->name, number,
			is_wanted ? "acknowledged" : "refused", (int)notes, (int)tags, when);
}

static void check_database(const struct run *run, const char *path, const char *when)
{
	sqlite3 *database;
	assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
	if (number_of(database, "SELECT count(*) FROM sqlite_schema WHERE name IN ('note', 'tag')", 0) == 2) {
		for (int i = 0; i < run->asked; i++)
			check_note(run, database, i, when);
		if (number_of(database, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 0) != 1)
			fail_msg("%s: no write-ahead log, %s", run->name, when);
		assert_int_equal(number_of(database, "SELECT count(*) FROM pragma_foreign_key_check", 0), 0);
	} else {
		for (int i = 0; i < run->asked; i++)
			assert_int_not_equal(run->answers[i], ACKNOWLEDGED);
	}
	assert_int_equal(
		number_of(database,
			"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'", 0),
		1);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static const char *path_of(struct arena *arena, const struct run *run, const char *name)
{
	return arena_printf(arena, "%.*s/%s", STR_ARG(run->fixture->settings.data_dir), name).data;
}

static void copy_file(struct arena *arena, const char *from, const char *to)
{
	str content = file_read(arena, from, IMAGE_MAX);
	FILE *file = str_is_set(content) ? fopen(to, "w") : NULL;
	if (!file)
		return;
	assert_int_equal(fwrite(content.data, 1, content.len, file), content.len);
	fclose(file);
}

/* What a crash would leave behind now: the database and its log. */
static void check_after_crash(const struct run *run)
{
	struct arena *arena = arena_new();
	const char *image = path_of(arena, run, "image"), *log = path_of(arena, run, "image-wal");
	copy_file(arena, path_of(arena, run, "poolwarden.db"), image);
	copy_file(arena, path_of(arena, run, "poolwarden.db-wal"), log);
	check_database(run, image, "after a crash");
	unlink(image);
	unlink(log);
	arena_free(&arena);
}

/* --- Transactions --- */

enum mind { STEADY, FICKLE, STUBBORN };

struct note {
	int number;
	size_t len;
	enum mind mind;
	const struct gate *gate; /* NULL: does not wait */
};

static RESULT add(struct request *request, const struct note *note)
{
	str title = arena_printf(request->arena, "%d", note->number);
	str body = { arena_alloc(request->arena, note->len), note->len };
	struct sample_note_row row = { .id = 0 };
	bool found;
	TRY(sample_note_insert(
		request, &(struct sample_note_insert_in){ .title = title, .body = body }, NULL));
	TRY(sample_note_by_title(request, &(struct sample_note_by_title_in){ .title = title }, &row, &found));
	for (int i = 0; i < TAGS; i++)
		TRY(sample_tag_insert(request,
			&(struct sample_tag_insert_in){
				.note_id = row.id, .name = arena_printf(request->arena, "tag %d", i) },
			NULL));
	return OK;
}

/* Lets others gather behind a transaction, which then have one commit. */
struct gate {
	pthread_mutex_t lock;
	int arriving;
};

static bool all_arrive(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	bool all = gate->arriving == SHARING;
	pthread_mutex_unlock(&gate->lock);
	return all;
}

/* A transaction that does not mind its own failures has to be minded by the store. */
static RESULT add_in_transaction(struct request *request, void *context)
{
	const struct note *note = context;
	result added = add(request, note);
	while (note->gate && !all_arrive((struct gate *)note->gate))
		sched_yield();
	if (result_is_ok(added) && note->mind == FICKLE)
		return FAIL(request, INVALID_PARAMETER, "changed its mind");
	if (result_is_ok(added) || note->mind != STUBBORN)
		return added;
	request_clear_failure(request);
	return add(request, note);
}

static enum answer ask(const struct fixture *fixture, struct note *note)
{
	struct request *request = fixture_request(fixture);
	bool acknowledged = result_is_ok(store_write(request, add_in_transaction, note));
	if (!acknowledged && request->error != ERROR_INTERNAL &&
		request->error != ERROR_SERVICE_UNAVAILABLE && note->mind != FICKLE)
		fail_msg("refused by error %d: %.*s", request->error, STR_ARG(request->message));
	request_free(&request);
	return acknowledged ? ACKNOWLEDGED : REFUSED;
}

static void add_note(struct run *run, size_t len, enum mind mind)
{
	struct note note = { .number = run->asked++, .len = len, .mind = mind };
	assert_in_range(run->asked, 1, NOTES_MAX);
	run->answers[note.number] = ask(run->fixture, &note);
	if (run->answers[note.number] == REFUSED && !run->leaves_traces)
		check_after_crash(run);
}

struct sharer {
	const struct fixture *fixture;
	struct gate *gate;
	struct note note;
	enum answer answer;
	pthread_t thread;
};

static void *share(void *argument)
{
	struct sharer *sharer = argument;
	pthread_mutex_lock(&sharer->gate->lock);
	sharer->gate->arriving++;
	pthread_mutex_unlock(&sharer->gate->lock);
	sharer->answer = ask(sharer->fixture, &sharer->note);
	return NULL;
}

/* Transactions of several threads at once, of which one changes its mind. Most share a commit. */
static void add_together(struct run *run)
{
	struct gate gate = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct sharer sharers[SHARING];
	for (int i = 0; i < SHARING; i++) {
		sharers[i] = (struct sharer){ .fixture = run->fixture, .gate = &gate };
		sharers[i].note = (struct note){ .number = run->asked++, .len = SMALL };
		sharers[i].note.mind = i == 2 ? FICKLE : STEADY;
		sharers[i].note.gate = i == 0 ? &gate : NULL;
		assert_int_equal(pthread_create(&sharers[i].thread, NULL, share, &sharers[i]), 0);
	}
	bool all_are_there = true;
	for (int i = 0; i < SHARING; i++) {
		pthread_join(sharers[i].thread, NULL);
		run->answers[sharers[i].note.number] = sharers[i].answer;
		all_are_there = all_are_there && sharers[i].answer == ACKNOWLEDGED;
	}
	if (!all_are_there && !run->leaves_traces)
		check_after_crash(run);
}

/* Reading may fail, but never tells anything but what was acknowledged. */
static bool count_notes(const struct run *run, int64_t *count)
{
	struct request *request = fixture_request(run->fixture);
	struct sample_note_count_row row = { .count = 0 };
	bool found;
	bool works = result_is_ok(sample_note_count(request, &row, &found));
	request_free(&request);
	*count = row.count;
	return works;
}

static void check_reading(const struct run *run, bool may_fail)
{
	int64_t count, least = 0;
	for (int i = 0; i < run->asked; i++)
		least += run->answers[i] == ACKNOWLEDGED;
	int64_t most = run->leaves_traces ? run->asked : least;
	bool works = count_notes(run, &count);
	if (works ? count < least || count > most : !may_fail)
		fail_msg("%s: %s, there are %d of %d", run->name, works ? "reading works" : "reading fails",
			(int)count, (int)least);
}

/* --- Opening and closing --- */

static bool open_store(struct run *run)
{
	str problem = STR_NONE;
	if (fixture_open(run->fixture, &problem))
		return true;
	if (str_is_empty(problem))
		fail_msg("%s: does not open and does not say why", run->name);
	return false;
}

/* Who operates a server starts it again. */
static bool open_patiently(struct run *run)
{
	return open_store(run) || open_store(run);
}

static void close_store(struct run *run)
{
	if (!run->fixture->store)
		return;
	struct store_statistics statistics = store_statistics(run->fixture->store);
	transactions += statistics.transactions;
	commits += statistics.commits;
	store_close(&run->fixture->store);
}

/* Leaves the files as a crash would: with a log, and nobody who knows what is in it. */
static void crash(struct run *run)
{
	struct arena *arena = arena_new();
	const char *database = path_of(arena, run, "poolwarden.db"),
		   *log = path_of(arena, run, "poolwarden.db-wal");
	const char *image = path_of(arena, run, "image"), *image_log = path_of(arena, run, "image-wal");
	copy_file(arena, database, image);
	copy_file(arena, log, image_log);
	close_store(run);
	assert_int_equal(rename(image, database), 0);
	assert_int_equal(rename(image_log, log), 0);
	arena_free(&arena);
}

/* --- Scripts --- */

static void write_notes(struct run *run)
{
	add_note(run, SMALL, STEADY);
	check_reading(run, true);
	add_note(run, SMALL, FICKLE);
	add_note(run, LARGE, STEADY);
	add_together(run);
	check_reading(run, true);
	add_note(run, LARGE, FICKLE);
	add_note(run, SMALL, STUBBORN);
	add_note(run, LARGE, STEADY);
}

/* A server's life from its first start to its second. */
static void work(struct run *run)
{
	for (int i = 0; i < 2; i++) {
		if (!open_patiently(run))
			return;
		write_notes(run);
		if (i == 0)
			close_store(run);
	}
}

static void write_and_crash(struct run *run)
{
	assert_true(open_store(run));
	write_notes(run);
	crash(run);
}

static void work_on(struct run *run)
{
	if (open_patiently(run))
		write_notes(run);
}

static const struct store_migration another = { .version = 2,
	.name = "0002_rank.sql",
	.sql = "CREATE INDEX note_by_rank ON note (rank); CREATE TABLE copy (title TEXT) STRICT;"
	       "INSERT INTO copy SELECT title FROM note" };

/* The next start is that of a newer program. */
static void write_and_update(struct run *run)
{
	static struct store_migration migrations[2];
	static struct store_catalogue newer;
	assert_true(open_store(run));
	write_notes(run);
	close_store(run);
	migrations[0] = sample_catalogue.migrations[0];
	migrations[1] = another;
	newer = sample_catalogue;
	newer.migrations = migrations;
	newer.migration_count = ARRAY_LEN(migrations);
	run->fixture->catalogue = &newer;
}

static void open_first(struct run *run)
{
	assert_true(open_store(run));
}

static void write_much(struct run *run)
{
	add_note(run, HUGE, STEADY);
	add_note(run, HUGE, FICKLE);
	add_note(run, HUGE, STUBBORN);
	add_note(run, SMALL, STEADY);
}

static const struct script {
	void (*prepare)(struct run *run); /* while all is well; may be NULL */
	void (*play)(struct run *run);
	unsigned tries;
} life = { NULL, work, TRIES }, recovery = { write_and_crash, work_on, TRIES },
  migration = { write_and_update, work_on, TRIES },
  spilling = { open_first, write_much, TRIES_OF_LONG_SCRIPTS };

/* --- Plans --- */

static void check_recovery(struct run *run)
{
	if (!run->fixture->store && !open_store(run))
		fail_msg("%s: does not open any more", run->name);
	check_reading(run, false);
	add_note(run, SMALL, STEADY);
	if (run->answers[run->asked - 1] != ACKNOWLEDGED)
		fail_msg("%s: does not write any more", run->name);
	check_reading(run, false);
	check_after_crash(run);
	close_store(run);
	struct arena *arena = arena_new();
	check_database(run, path_of(arena, run, "poolwarden.db"), "after closing");
	arena_free(&arena);
	if (!open_store(run))
		fail_msg("%s: does not open again", run->name);
	check_reading(run, false);
	close_store(run);
}

/* Plays the script under a plan; how many operations it had. */
static uint64_t try_plan(const struct script *script, const struct fault_plan *plan, const char *name)
{
	struct run run = { .fixture = fixture_new_closed(), .name = name };
	run.leaves_traces = plan->lasts && plan->operations == FAULT_ANY;
	runs++;
	if (script->prepare)
		script->prepare(&run);
	fault_begin(plan);
	script->play(&run);
	uint64_t count = fault_end();
	check_recovery(&run);
	fixture_free(&run.fixture);
	return count;
}

static uint64_t stride_of(const struct script *script, uint64_t count)
{
	const char *given = getenv("FAULT_TRIES");
	uint64_t tries = given ? strtoull(given, NULL, 10) : script->tries;
	return count <= FEW || !tries || tries > count ? 1 : count / tries;
}

/* As many runs as the script has operations of that kind while nothing fails. */
static void fail_each(const struct script *script, struct fault_plan plan, const char *operation)
{
	plan.first = UINT64_MAX;
	uint64_t count = try_plan(script, &plan, operation), stride = stride_of(script, count);
	for (plan.first = 1; plan.first <= count; plan.first += stride) {
		char name[100];
		snprintf(name, sizeof name, "%s %s %llu of %llu%s", plan.is_full ? "full at" : "failing at",
			operation, (unsigned long long)plan.first, (unsigned long long)count,
			plan.lasts ? " and on" : "");
		try_plan(script, &plan, name);
	}
}

static void fail_all(const struct script *script)
{
	for (int lasts = 0; lasts <= 1; lasts++) {
		for (enum fault_operation operation = 0; operation < FAULT_OPERATION_COUNT; operation++)
			fail_each(script,
				(struct fault_plan){ .operations = 1U << operation, .lasts = lasts },
				fault_name(operation));
		fail_each(script,
			(struct fault_plan){
				.operations = 1U << FAULT_WRITE, .lasts = lasts, .is_full = true },
			fault_name(FAULT_WRITE));
	}
	for (int is_full = 0; is_full <= 1; is_full++)
		fail_each(script,
			(struct fault_plan){ .operations = FAULT_ANY, .lasts = true, .is_full = is_full },
			"anything");
}

static void keeps_its_word(void **state)
{
	(void)state;
	fail_all(&life);
}

static void recovers(void **state)
{
	(void)state;
	fail_all(&recovery);
}

static void migrates(void **state)
{
	(void)state;
	fail_all(&migration);
}

static void takes_much_back(void **state)
{
	(void)state;
	fail_all(&spilling);
}

/* The scripts above are about commits of several transactions only if there are some. */
static void shared_commits(void **state)
{
	(void)state;
	print_message("%u runs, %llu transactions, %llu commits\n", runs, (unsigned long long)transactions,
		(unsigned long long)commits);
	assert_in_range(commits, 1, transactions - 1);
}

/* --- Small logs --- */

/* A connection's first statement comes when opening is over, which would set the size again. */
static int shorten_log(unsigned kind, void *database, void *statement, void *sql)
{
	(void)kind;
	(void)statement;
	(void)sql;
	sqlite3_wal_autocheckpoint(database, LOG_PAGES);
	return 0;
}

static int on_connection(sqlite3 *database, char **problem, const void *interface)
{
	(void)problem;
	(void)interface;
	return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, shorten_log, database);
}

/* Memory is disk enough: nothing is synced. */
static int set_up_files(void **state)
{
	(void)state;
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	fault_install();
	return sqlite3_auto_extension((void (*)(void))on_connection);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_its_word),
		cmocka_unit_test(recovers),
		cmocka_unit_test(migrates),
		cmocka_unit_test(takes_much_back),
		cmocka_unit_test(shared_commits),
	};
	return cmocka_run_group_tests(tests, set_up_files, NULL);
}
