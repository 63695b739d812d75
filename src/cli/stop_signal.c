/* SPDX-License-Identifier: Apache-2.0 */
/* Signals, without handlers until it is all over: sigwait() takes them in the midst of ordinary code. */
#include "cli/stop_signal.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "base/fatal.h"

static const int numbers[] = { SIGTERM, SIGINT };

/* Whether each of them came. */
static volatile sig_atomic_t came[ARRAY_LEN(numbers)];

static bool is_ignored(int number)
{
	struct sigaction action;
	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Those that are not ignored. Linux keeps an ignored signal pending when it is blocked. */
static sigset_t stop_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (!is_ignored(numbers[i]))
			sigaddset(&set, numbers[i]);
	return set;
}

static sigset_t all_signals(void)
{
	sigset_t set = stop_signals();
	if (!is_ignored(SIGHUP))
		sigaddset(&set, SIGHUP);
	return set;
}

void stop_signal_hold(void)
{
	sigset_t set = all_signals();
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* True when it is not the first time. */
static bool note(int number)
{
	bool is_repeated = false;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (numbers[i] == number) {
			is_repeated = came[i];
			came[i] = true;
		}
	return is_repeated;
}

/* A handler rather than SIG_DFL, which the kernel does not honour for the first process of a container. */
static void end_when_repeated(int number)
{
	if (note(number))
		_exit(128 + number);
}

static int next_signal(void)
{
	sigset_t set = all_signals();
	int number;
	while (sigwait(&set, &number))
		;
	return number;
}

int stop_signal_await(void (*hang_up)(void *context), void *context)
{
	sigset_t set = stop_signals();
	int number;
	while ((number = next_signal()) == SIGHUP)
		hang_up(context);
	note(number);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (sigismember(&set, numbers[i]))
			signal(numbers[i], end_when_repeated);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return number;
}
