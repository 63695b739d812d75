/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* gettid, usleep */
#include "base/background.h"

#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fatal.h"
#include "unit/cases.h"

enum { WAITS_MAX = 3000, WAIT_US = 10000, HOUR_MS = 60 * 60 * 1000 };

struct work {
	atomic_int steps;
	atomic_int priority;
	atomic_bool is_held;
	int64_t pause; /* what each step returns */
};

static int64_t step(void *context)
{
	struct work *work = context;
	work->priority = getpriority(PRIO_PROCESS, (id_t)gettid());
	work->steps++;
	while (work->is_held)
		usleep(WAIT_US);
	return work->pause;
}

static void await_steps(struct work *work, int steps)
{
	for (int i = 0; work->steps < steps; i++) {
		assert_true(i < WAITS_MAX);
		usleep(WAIT_US);
	}
}

static void goes_on_by_itself(void **state)
{
	(void)state;
	static const int64_t pauses[] = { 0, 1 };
	for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
		struct work work = { .pause = pauses[i] };
		struct background *background = background_start(step, &work);
		await_steps(&work, 5);
		background_stop(&background);
		assert_null(background);
	}
}

static void comes_when_asked(void **state)
{
	(void)state;
	static const int64_t pauses[] = { BACKGROUND_WHEN_ASKED, HOUR_MS };
	for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
		struct work work = { .pause = pauses[i] };
		struct background *background = background_start(step, &work);
		for (int steps = 1; steps < 5; steps++) {
			await_steps(&work, steps);
			background_ask(background);
		}
		background_stop(&background);
		assert_in_range(work.steps, 4, 5);
	}
}

static void begins_nothing_when_it_is_to_stop(void **state)
{
	(void)state;
	struct work work = { .is_held = true, .pause = 0 };
	struct background *background = background_start(step, &work);
	await_steps(&work, 1);
	background_ask(background);
	background_ask_to_stop(background);
	work.is_held = false;
	background_stop(&background);
	assert_int_equal(work.steps, 1);
}

static void gives_way_unless_it_is_urgent(void **state)
{
	(void)state;
	struct work work = { .pause = BACKGROUND_WHEN_ASKED }, urgent = work;
	struct background *background = background_start(step, &work);
	struct background *other = background_start_urgent(step, &urgent);
	await_steps(&work, 1);
	await_steps(&urgent, 1);
	background_stop(&background);
	background_stop(&other);
	assert_int_equal(work.priority, 19);
	assert_int_equal(urgent.priority, getpriority(PRIO_PROCESS, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_on_by_itself),
		cmocka_unit_test(comes_when_asked),
		cmocka_unit_test(begins_nothing_when_it_is_to_stop),
		cmocka_unit_test(gives_way_unless_it_is_urgent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
