/* SPDX-License-Identifier: Apache-2.0 */
#include "base/exposition.h"

#include "unit/cases.h"

enum { TEXT_MAX = 10000 };

static int make_buf(void **state)
{
	struct arena *arena = arena_new();
	struct buf *out = ARENA_NEW(arena, struct buf);
	*out = buf_new(arena, TEXT_MAX);
	*state = out;
	return 0;
}

static int free_buf(void **state)
{
	struct arena *arena = ((struct buf *)*state)->arena;
	arena_free(&arena);
	return 0;
}

static void a_family_has_a_head(void **state)
{
	exposition_begin(*state, STR("a_total"), "counter", "How many.");
	assert_str_equal(buf_str(*state), STR("# HELP a_total How many.\n# TYPE a_total counter\n"));
}

static void samples_have_labels_or_none(void **state)
{
	const struct exposition_label labels[EXPOSITION_LABELS_MAX] = { { STR("a"), STR("x") }, { STR("b"), STR("") } };
	exposition_add(*state, STR("n"), NULL, 0);
	exposition_add(*state, STR("n"), labels, 12);
	exposition_add_seconds(*state, STR("n"), labels, 1000001);
	exposition_add_seconds(*state, STR("n"), NULL, 7);
	assert_str_equal(buf_str(*state),
		STR("n 0\nn{a=\"x\",b=\"\"} 12\nn{a=\"x\",b=\"\"} 1.000001\nn 0.000007\n"));
}

static void no_value_ends_its_quotes(void **state)
{
	const struct exposition_label labels[EXPOSITION_LABELS_MAX] = { { STR("a"), STR("\"} 1\nb\\") } };
	exposition_add(*state, STR("n"), labels, 1);
	assert_str_equal(buf_str(*state), STR("n{a=\"\\\"} 1\\nb\\\\\"} 1\n"));
}

static void classes_of_a_histogram_add_up(void **state)
{
	struct histogram histogram = { .sum_us = 0 };
	const struct exposition_label labels[EXPOSITION_LABELS_MAX] = { { STR("a"), STR("x") } };
	histogram_add(&histogram, 500);
	histogram_add(&histogram, 501);
	histogram_add(&histogram, 11000000);
	exposition_add_histogram(*state, STR("t"), labels, &histogram);
	assert_str_equal(buf_str(*state),
		STR("t_bucket{a=\"x\",le=\"0.0005\"} 1\nt_bucket{a=\"x\",le=\"0.001\"} 2\n"
		    "t_bucket{a=\"x\",le=\"0.0025\"} 2\nt_bucket{a=\"x\",le=\"0.005\"} 2\n"
		    "t_bucket{a=\"x\",le=\"0.01\"} 2\nt_bucket{a=\"x\",le=\"0.025\"} 2\n"
		    "t_bucket{a=\"x\",le=\"0.05\"} 2\nt_bucket{a=\"x\",le=\"0.1\"} 2\n"
		    "t_bucket{a=\"x\",le=\"0.25\"} 2\nt_bucket{a=\"x\",le=\"0.5\"} 2\n"
		    "t_bucket{a=\"x\",le=\"1\"} 2\nt_bucket{a=\"x\",le=\"2.5\"} 2\n"
		    "t_bucket{a=\"x\",le=\"5\"} 2\nt_bucket{a=\"x\",le=\"10\"} 2\n"
		    "t_bucket{a=\"x\",le=\"+Inf\"} 3\nt_sum{a=\"x\"} 11.001001\nt_count{a=\"x\"} 3\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_family_has_a_head, make_buf, free_buf),
		cmocka_unit_test_setup_teardown(samples_have_labels_or_none, make_buf, free_buf),
		cmocka_unit_test_setup_teardown(no_value_ends_its_quotes, make_buf, free_buf),
		cmocka_unit_test_setup_teardown(classes_of_a_histogram_add_up, make_buf, free_buf),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
