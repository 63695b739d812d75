/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/backoff.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	int64_t failures, shortest;
} cases[] = {
	{ 1, 5 * SECOND },
	{ 2, 10 * SECOND },
	{ 8, 640 * SECOND },
	{ 9, 15 * MINUTE },
	{ 1000000, 15 * MINUTE },
	{ INT64_MAX, 15 * MINUTE },
};

static void grows_up_to_a_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int again = 0; again < 100; again++)
			assert_in_range(backoff_delay(cases[i].failures), cases[i].shortest,
				cases[i].shortest + cases[i].shortest / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(grows_up_to_a_limit) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
