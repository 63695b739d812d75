/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limiter.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/cases.h"

static const struct limiter_key key = { 1, 2 }, other_key = { 1, 3 };

static int take_many(struct limiter *limiter, struct limiter_key of, int64_t rate, int64_t now, int tries)
{
	int taken = 0;
	for (int i = 0; i < tries; i++)
		taken += limiter_take(limiter, of, rate, now);
	return taken;
}

static void gives_a_second_s_worth_at_once(void **state)
{
	static const int64_t rates[] = { 1, 2, 3, 7, 10, 120, 999, 1000000 };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		struct limiter *limiter = limiter_new();
		int rate = (int)rates[i];
		assert_int_equal(take_many(limiter, key, rate, 5 * SECOND, rate + 10), rate);
		/* A second later there is another. */
		assert_int_equal(take_many(limiter, key, rate, 6 * SECOND, rate + 10), rate);
		limiter_free(&limiter);
		assert_null(limiter);
	}
}

static void gives_back_evenly(void **state)
{
	struct limiter *limiter = limiter_new();
	int taken = 0;
	(void)state;
	assert_int_equal(take_many(limiter, key, 10, 0, 20), 10);
	assert_false(limiter_take(limiter, key, 10, SECOND / 10 - 1));
	assert_true(limiter_take(limiter, key, 10, SECOND / 10));
	assert_false(limiter_take(limiter, key, 10, SECOND / 10));
	/* Whoever asks all the time gets the rate and not more. */
	for (int64_t now = 10 * SECOND; now < 20 * SECOND; now++)
		taken += limiter_take(limiter, key, 10, now);
	assert_in_range(taken, 109, 110);
	limiter_free(&limiter);
}

static void keeps_keys_apart(void **state)
{
	struct limiter *limiter = limiter_new();
	(void)state;
	assert_int_equal(take_many(limiter, key, 2, 0, 3), 2);
	assert_int_equal(take_many(limiter, other_key, 2, 0, 3), 2);
	limiter_free(&limiter);
}

static void another_rate_counts_from_then_on(void **state)
{
	struct limiter *limiter = limiter_new();
	(void)state;
	assert_int_equal(take_many(limiter, key, 2, 0, 3), 2);
	assert_int_equal(take_many(limiter, key, 10, SECOND / 2, 20), 5);
	assert_false(limiter_take(limiter, key, 1, SECOND));
	assert_true(limiter_take(limiter, key, 1, 3 * SECOND));
	limiter_free(&limiter);
}

static void forgets_keys_that_are_not_used(void **state)
{
	enum { KEYS = 10000 };
	struct limiter *limiter = limiter_new();
	(void)state;
	for (uint64_t i = 0; i < KEYS; i++)
		assert_true(limiter_take(limiter, (struct limiter_key){ i, i }, 1, 0));
	assert_int_equal(limiter_size(limiter), KEYS);
	for (uint64_t i = 0; i < 64; i++)
		assert_true(limiter_take(limiter, (struct limiter_key){ i, KEYS + i }, 1, SECOND));
	assert_in_range(limiter_size(limiter), 64, 128);
	limiter_free(&limiter);
}

static void a_clock_that_is_set_back_blocks_nobody(void **state)
{
	struct limiter *limiter = limiter_new();
	(void)state;
	assert_int_equal(take_many(limiter, key, 2, 1000 * (int64_t)HOUR, 3), 2);
	assert_int_equal(take_many(limiter, key, 2, 999 * (int64_t)HOUR, 3), 2);
	assert_int_equal(take_many(limiter, key, 2, 999 * (int64_t)HOUR + 1, 3), 0);
	limiter_free(&limiter);
}

struct crowd {
	struct limiter *limiter;
	atomic_int taken;
};

static void *push(void *context)
{
	struct crowd *crowd = context;
	crowd->taken += take_many(crowd->limiter, key, 500, SECOND, 1000);
	return NULL;
}

static void is_exact_when_many_ask_at_once(void **state)
{
	enum { THREADS = 8 };
	struct crowd crowd = { .limiter = limiter_new() };
	pthread_t threads[THREADS];
	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, push, &crowd), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crowd.taken, 500);
	limiter_free(&crowd.limiter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_a_second_s_worth_at_once),
		cmocka_unit_test(gives_back_evenly),
		cmocka_unit_test(keeps_keys_apart),
		cmocka_unit_test(another_rate_counts_from_then_on),
		cmocka_unit_test(forgets_keys_that_are_not_used),
		cmocka_unit_test(a_clock_that_is_set_back_blocks_nobody),
		cmocka_unit_test(is_exact_when_many_ask_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
