/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit_event.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"

#define NOW INT64_C(1738659903123)

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

struct batch {
	int64_t count, deleted, time;
	str id;
};

static RESULT insert(struct request *request, void *context)
{
	struct batch *batch = context;
	const struct audit_event event = {
		.operation = STR("SignUp"),
		.actor = AUDIT_ACTOR_TYPE_ANONYMOUS,
		.outcome = AUDIT_OUTCOME_TYPE_PASS,
		.count = 1,
	};
	for (int64_t i = 0; i < batch->count; i++)
		TRY(audit_event_insert(request, &event, &batch->id));
	return OK;
}

static RESULT delete (struct request *request, void *context)
{
	struct batch *batch = context;
	return audit_event_delete_before(request, batch->time, 2, &batch->deleted);
}

static void ids_are_uuids_of_their_time(void **state)
{
	struct request *request = house_request(*state);
	struct batch batch = { .count = 1 };
	clock_fix(NOW);
	assert_ok(request, store_write(request, insert, &batch));
	assert_int_equal(batch.id.len, AUDIT_EVENT_ID_LEN);
	assert_int_equal(audit_event_time(batch.id), NOW);
	str text = audit_event_id_text(request->arena, batch.id);
	assert_int_equal(text.len, 36);
	assert_str_equal(str_slice(text, 0, 15), STR("0194d034-b693-7"));
	assert_non_null(strchr("89ab", text.data[19]));
	request_free(&request);
}

static void times_out_of_range_are_those_of_an_end(void **state)
{
	static const struct {
		int64_t time, of_id;
	} cases[] = {
		{ 0, 0 },
		{ -1, 0 },
		{ INT64_MIN, 0 },
		{ NOW, NOW },
		{ AUDIT_EVENT_TIME_MAX, AUDIT_EVENT_TIME_MAX },
		{ AUDIT_EVENT_TIME_MAX + 1, AUDIT_EVENT_TIME_MAX },
		{ INT64_MAX, AUDIT_EVENT_TIME_MAX },
	};
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(audit_event_time(audit_event_first_id(request->arena, cases[i].time)),
			cases[i].of_id);
	request_free(&request);
}

static void old_ones_go_in_parts(void **state)
{
	struct request *request = house_request(*state);
	struct batch batch = { .count = 3, .time = NOW + 1 };
	clock_fix(NOW);
	assert_ok(request, store_write(request, insert, &batch));
	clock_fix(NOW + 1);
	assert_ok(request, store_write(request, insert, &batch));
	for (int64_t left = 3; left > 0; left -= 2) {
		assert_ok(request, store_write(request, delete, &batch));
		assert_int_equal(batch.deleted, left < 2 ? left : 2);
	}
	assert_int_equal(house_count(*state, "audit_event"), 3);
	assert_ok(request, store_write(request, delete, &batch));
	assert_int_equal(batch.deleted, 0);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ids_are_uuids_of_their_time, house_set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			times_out_of_range_are_those_of_an_end, house_set_up, tear_down),
		cmocka_unit_test_setup_teardown(old_ones_go_in_parts, house_set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
