/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "unit/cases.h"

static void the_kernel_knows_this_process(void **state)
{
	(void)state;
	int64_t now = clock_now();
	struct process_usage usage = process_usage();
	assert_in_range(usage.started_at, now - MINUTE, now + SECOND);
	assert_in_range(usage.resident_bytes, 100 * 1024, 8LL * 1024 * 1024 * 1024);
	assert_true(usage.virtual_bytes >= usage.resident_bytes);
	assert_in_range(usage.threads, 1, 16);
	assert_in_range(usage.open_files, 3, usage.open_files_max);
}

static void an_open_file_counts(void **state)
{
	(void)state;
	uint64_t before = process_usage().open_files;
	int opened = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(process_usage().open_files, before + 1);
	close(opened);
	assert_int_equal(process_usage().open_files, before);
}

static void work_takes_time_of_a_processor(void **state)
{
	(void)state;
	uint64_t before = process_usage().processor_us;
	for (volatile int i = 0; process_usage().processor_us == before; i++)
		;
	assert_true(process_usage().processor_us > before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_knows_this_process),
		cmocka_unit_test(an_open_file_counts),
		cmocka_unit_test(work_takes_time_of_a_processor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
