/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/cases.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/fatal.h"
#include "crypto/gate.h"

static struct gate gate = GATE_INIT;
static atomic_int inside, most, arrivals;
static int order[4];

static void *pass_through(void *unused)
{
	(void)unused;
	for (int i = 0; i < 50; i++) {
		gate_enter(&gate);
		int now = ++inside, seen = most;
		while (now > seen && !atomic_compare_exchange_weak(&most, &seen, now))
			;
		usleep(10);
		inside--;
		gate_leave(&gate);
	}
	return NULL;
}

static void test_limit(void **state)
{
	(void)state;
	pthread_t threads[6];
	gate_set_limit(&gate, 2);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, pass_through, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(inside, 0);
	assert_in_range(most, 1, 2);
}

static void *arrive(void *number)
{
	gate_enter(&gate);
	order[arrivals++] = *(const int *)number;
	gate_leave(&gate);
	return NULL;
}

/* Where the queue ends now; NULL while nobody waits. */
static struct gate_waiter **queue_end(void)
{
	pthread_mutex_lock(&gate.mutex);
	struct gate_waiter **end = gate.first ? gate.end : NULL;
	pthread_mutex_unlock(&gate.mutex);
	return end;
}

static void assert_load(unsigned now_inside, unsigned now_waiting)
{
	struct gate_load load = gate_load(&gate);
	assert_int_equal(load.limit, 1);
	assert_int_equal(load.inside, now_inside);
	assert_int_equal(load.waiting, now_waiting);
}

static void test_order(void **state)
{
	(void)state;
	static const int numbers[ARRAY_LEN(order)] = { 0, 1, 2, 3 };
	pthread_t threads[ARRAY_LEN(order)];
	gate_set_limit(&gate, 1);
	gate_enter(&gate);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		struct gate_waiter **before = queue_end();
		assert_int_equal(pthread_create(&threads[i], NULL, arrive, (void *)&numbers[i]), 0);
		while (queue_end() == before)
			usleep(100);
	}
	assert_load(1, ARRAY_LEN(order));
	gate_leave(&gate);
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		pthread_join(threads[i], NULL);
	assert_load(0, 0);
	assert_memory_equal(order, numbers, sizeof order);
}

/* A greater limit lets in those who wait already. */
static void test_raised_limit(void **state)
{
	(void)state;
	static const int number = 0;
	pthread_t thread;
	arrivals = 0;
	gate_set_limit(&gate, 1);
	gate_enter(&gate);
	assert_int_equal(pthread_create(&thread, NULL, arrive, (void *)&number), 0);
	while (!queue_end())
		usleep(100);
	gate_set_limit(&gate, 2);
	pthread_join(thread, NULL);
	assert_int_equal(arrivals, 1);
	gate_leave(&gate);
}

/* Nothing was said: as many as there are processors, so at least one gets in. */
static void test_default_limit(void **state)
{
	(void)state;
	struct gate fresh = GATE_INIT;
	gate_enter(&fresh);
	gate_leave(&fresh);
	assert_int_equal(fresh.limit, sysconf(_SC_NPROCESSORS_ONLN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_raised_limit),
		cmocka_unit_test(test_default_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
