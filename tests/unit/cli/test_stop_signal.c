/* SPDX-License-Identifier: Apache-2.0 */
/* In processes of their own, which end with what they saw as their status. */
#include "cli/stop_signal.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "unit/cases.h"

enum { SURVIVED = 99 };

/* What became of a process that runs this. */
static int status_of(void (*live)(void))
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		live();
		_exit(SURVIVED);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int hangups;

static void count(void *counter)
{
	++*(int *)counter;
}

static void await_what_came_before(void)
{
	stop_signal_hold();
	kill(getpid(), SIGTERM);
	_exit(stop_signal_await(count, &hangups));
}

static void *send_interrupt(void *unused)
{
	(void)unused;
	kill(getpid(), SIGINT);
	return NULL;
}

/* A thread started after stop_signal_hold() must not be the one that the signal ends. */
static void await_what_comes_from_a_thread(void)
{
	pthread_t thread;
	stop_signal_hold();
	pthread_create(&thread, NULL, send_interrupt, NULL);
	int number = stop_signal_await(count, &hangups);
	pthread_join(thread, NULL);
	_exit(number);
}

static void survive_hangup(void)
{
	stop_signal_hold();
	kill(getpid(), SIGHUP);
}

/* One that waits stands for all that came with it. */
static void hear_hangups(void)
{
	stop_signal_hold();
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGTERM);
	_exit(stop_signal_await(count, &hangups) == SIGTERM ? hangups : SURVIVED);
}

static void survive_hangup_while_ending(void)
{
	stop_signal_hold();
	kill(getpid(), SIGTERM);
	stop_signal_await(count, &hangups);
	kill(getpid(), SIGHUP);
}

/* nohup. */
static void ignore_hangup_that_was_ignored(void)
{
	signal(SIGHUP, SIG_IGN);
	stop_signal_hold();
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGTERM);
	stop_signal_await(count, &hangups);
	_exit(hangups);
}

static void get_one_again(void)
{
	stop_signal_hold();
	kill(getpid(), SIGINT);
	stop_signal_await(count, &hangups);
	kill(getpid(), SIGINT);
}

/* As Ctrl-C does under a script that passes it on, and then Ctrl-C again. */
static void get_both(void)
{
	stop_signal_hold();
	kill(getpid(), SIGTERM);
	kill(getpid(), SIGINT);
	stop_signal_await(count, &hangups);
}

static void get_both_and_one_again(void)
{
	get_both();
	kill(getpid(), SIGTERM);
}

/* As a script's command in the background, whose terminal sends Ctrl-C to all. */
static void ignore_what_was_ignored(void)
{
	signal(SIGINT, SIG_IGN);
	stop_signal_hold();
	kill(getpid(), SIGINT);
	kill(getpid(), SIGTERM);
	int number = stop_signal_await(count, &hangups);
	kill(getpid(), SIGINT);
	_exit(number);
}

static void signals_do_as_is_said(void **state)
{
	static const struct {
		const char *name;
		void (*live)(void);
		int status;
	} cases[] = {
		{ "held back", await_what_came_before, SIGTERM },
		{ "from a thread", await_what_comes_from_a_thread, SIGINT },
		{ "hangup", survive_hangup, SURVIVED },
		{ "hangup while serving", hear_hangups, 1 },
		{ "hangup while ending", survive_hangup_while_ending, SURVIVED },
		{ "hangup ignored", ignore_hangup_that_was_ignored, 0 },
		{ "again", get_one_again, 128 + SIGINT },
		{ "both", get_both, SURVIVED },
		{ "both and again", get_both_and_one_again, 128 + SIGTERM },
		{ "ignored", ignore_what_was_ignored, SIGTERM },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int status = status_of(cases[i].live);
		assert_case(WIFEXITED(status), cases[i].name);
		assert_case(WEXITSTATUS(status) == cases[i].status, cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_do_as_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
