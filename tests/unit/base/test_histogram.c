/* SPDX-License-Identifier: Apache-2.0 */
#include "base/histogram.h"

#include <pthread.h>

#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	int64_t duration_us;
	int class;
} cases[] = {
	{ 0, 0 },
	{ 500, 0 },
	{ 501, 1 },
	{ 1000, 1 },
	{ 24999, 5 },
	{ 25000, 5 },
	{ 25001, 6 },
	{ 10000000, HISTOGRAM_CLASSES - 1 },
	{ 10000001, HISTOGRAM_CLASSES },
	{ INT64_MAX / 2, HISTOGRAM_CLASSES },
};

static void each_time_has_a_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct histogram histogram = { .sum_us = 0 };
		histogram_add(&histogram, cases[i].duration_us);
		assert_int_equal(histogram.counts[cases[i].class], 1);
		assert_int_equal(histogram_count(&histogram), 1);
		assert_true(histogram.sum_us == (uint64_t)cases[i].duration_us);
	}
}

static void bounds_ascend(void **state)
{
	(void)state;
	for (int i = 1; i < HISTOGRAM_CLASSES; i++)
		assert_true(histogram_bounds_us[i - 1] < histogram_bounds_us[i]);
}

enum { THREADS = 4, TIMES = 20000 };

static void *add_many(void *histogram)
{
	for (int i = 0; i < TIMES; i++)
		histogram_add(histogram, i % 3);
	return NULL;
}

static void no_thread_loses_a_count(void **state)
{
	(void)state;
	struct histogram histogram = { .sum_us = 0 };
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_many, &histogram), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(histogram_count(&histogram), THREADS * TIMES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_time_has_a_class),
		cmocka_unit_test(bounds_ascend),
		cmocka_unit_test(no_thread_loses_a_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
