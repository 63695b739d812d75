/* SPDX-License-Identifier: Apache-2.0 */
/* No acknowledged write may be lost when the process is killed: a child writes and tells what was
   acknowledged, is killed in the middle, and its database must hold all of that. */
#include "store/fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, ACKNOWLEDGED_BEFORE_KILL = 200, NUMBERS_PER_THREAD = 1000000 };

struct writer {
	const struct fixture *fixture;
	int first;
	int out;
};

static str title_of(struct arena *arena, int number)
{
	return arena_printf(arena, "%d", number);
}

static void *write_until_killed(void *argument)
{
	const struct writer *writer = argument;
	for (int number = writer->first;; number++) {
		struct request *request = fixture_request(writer->fixture);
		if (!result_is_ok(fixture_add_note(request, title_of(request->arena, number))))
			_exit(1);
		if (write(writer->out, &number, sizeof number) != sizeof number)
			_exit(1);
		request_free(&request);
	}
}

/* Never returns. The store is opened here: connections must not be carried across fork(). */
static void run_child(struct fixture *fixture, int out)
{
	struct writer writers[THREADS];
	pthread_t threads[THREADS];
	str problem;
	fixture->store =
		store_open_catalogue(fixture->arena, &fixture->settings, &sample_catalogue, &problem);
	for (int i = 0; i < THREADS; i++) {
		writers[i] = (struct writer){ fixture, i * NUMBERS_PER_THREAD, out };
		if (!fixture->store || pthread_create(&threads[i], NULL, write_until_killed, &writers[i]))
			_exit(1);
	}
	for (;;)
		pause();
}

/* Reads what the child acknowledged, kills it midway, and reads what is left in the pipe. */
static size_t read_and_kill(pid_t child, int in, int *numbers, size_t max)
{
	size_t count = 0;
	while (count < max && read(in, &numbers[count], sizeof numbers[0]) == sizeof numbers[0])
		if (++count == ACKNOWLEDGED_BEFORE_KILL)
			kill(child, SIGKILL);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return count;
}

static void assert_holds(const struct fixture *fixture, int number)
{
	struct request *request = fixture_request(fixture);
	struct sample_note_row row;
	bool found = false;
	assert_true(result_is_ok(sample_note_by_title(request,
		&(struct sample_note_by_title_in){ .title = title_of(request->arena, number) }, &row,
		&found)));
	if (!found)
		fail_msg("acknowledged %d is lost", number);
	request_free(&request);
}

static void loses_no_acknowledged_write(void **state)
{
	struct fixture *fixture = *state;
	static int numbers[100000];
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	store_close(&fixture->store);
	pid_t child = fork();
	assert_int_not_equal(child, -1);
	if (child == 0)
		run_child(fixture, ends[1]);
	close(ends[1]);
	size_t count = read_and_kill(child, ends[0], numbers, sizeof numbers / sizeof numbers[0]);
	close(ends[0]);
	assert_true(count >= ACKNOWLEDGED_BEFORE_KILL);
	fixture_reopen(fixture);
	for (size_t i = 0; i < count; i++)
		assert_holds(fixture, numbers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			loses_no_acknowledged_write, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
