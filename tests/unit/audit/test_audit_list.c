/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit_list.h"

#include "audit/audit_event.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"

#define NOW INT64_C(1738659903123)

enum { EVENTS = 240 };

static const str pools[] = { STR_INIT("us-east-1_a"), STR_INIT("us-east-1_b"), { NULL, 0 } };
static const str users[] = { STR_INIT("aa"), STR_INIT("bb"), STR_INIT("cc"), { NULL, 0 } };
static const str keys[] = { STR_INIT("AKIA1"), STR_INIT("AKIA2") };
static const str operations[] = { STR_INIT("InitiateAuth"), STR_INIT("SignUp"), STR_INIT("AdminDeleteUser") };

/* The n-th event, at NOW + n: values in all combinations, as their cycles have different lengths. */
static struct audit_event event_of(unsigned n)
{
	bool has_failed = n % 7 == 0, is_administrator = n % 5 < 2;
	return (struct audit_event){
		.operation = operations[n % ARRAY_LEN(operations)],
		.actor = is_administrator ? AUDIT_ACTOR_TYPE_ADMINISTRATOR
					  : (n % 2 ? AUDIT_ACTOR_TYPE_USER : AUDIT_ACTOR_TYPE_ANONYMOUS),
		.access_key_id = is_administrator ? keys[n / 5 % 2] : STR_NONE,
		.pool_id = pools[n / 3 % ARRAY_LEN(pools)],
		.user_id = users[n / 2 % ARRAY_LEN(users)],
		.outcome = has_failed ? AUDIT_OUTCOME_TYPE_FAIL
				      : (n % 11 ? AUDIT_OUTCOME_TYPE_PASS : AUDIT_OUTCOME_TYPE_IN_PROGRESS),
		.count = 1 + n,
	};
}

static RESULT fill(struct request *request, void *context)
{
	const int64_t *since = context;
	for (unsigned n = 0; n < EVENTS; n++) {
		struct audit_event event = event_of(n);
		str id;
		clock_fix(*since + n);
		TRY(audit_event_insert(request, &event, &id));
	}
	return OK;
}

static int set_up(void **state)
{
	house_set_up(state);
	struct request *request = house_request(*state);
	int64_t since = NOW;
	assert_ok(request, store_write(request, fill, &since));
	request_free(&request);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Against a model that looks at all --- */

static bool is_or_any(str wanted, str value)
{
	return !str_is_set(wanted) || str_equal(wanted, value);
}

static bool passes(const struct list_audit_events_request *input, unsigned n)
{
	struct audit_event event = event_of(n);
	return is_or_any(input->user_pool_id, event.pool_id) && is_or_any(input->user_sub, event.user_id) &&
	       is_or_any(input->access_key_id, event.access_key_id) &&
	       is_or_any(input->operation, event.operation) &&
	       (!input->actor || input->actor == event.actor) &&
	       (!input->outcome || input->outcome == event.outcome) &&
	       NOW + n >= optional_int_or(input->from, INT64_MIN) &&
	       NOW + n < optional_int_or(input->before, INT64_MAX);
}

/* Walks all pages; the counts of events tell which ones they are. */
static void compare(const struct house *house, struct list_audit_events_request *input)
{
	unsigned next = EVENTS, seen = 0;
	input->next_token = STR_NONE;
	struct request *request = house_request(house);
	for (bool is_more = true; is_more;) {
		struct list_audit_events_response page = { .next_token = STR_NONE };
		assert_ok(request, audit_list(request, input, &page));
		assert_true(page.events.count <= (size_t)input->max_results.value);
		for (size_t i = 0; i < page.events.count; i++, seen++) {
			do
				next--;
			while (!passes(input, next));
			assert_int_equal(page.events.items[i].count.value, next + 1);
			assert_int_equal(page.events.items[i].event_date.value, NOW + next);
		}
		is_more = str_is_set(page.next_token);
		input->next_token = page.next_token;
	}
	while (next-- > 0)
		assert_false(passes(input, next));
	request_free(&request);
}

static void every_combination_of_filters_gives_what_it_should(void **state)
{
	for (unsigned mask = 0; mask < 1 << 8; mask++) {
		struct list_audit_events_request input = { .max_results = optional_int(7) };
		if (mask & 1 << 0)
			input.user_pool_id = pools[0];
		if (mask & 1 << 1)
			input.user_sub = users[1];
		if (mask & 1 << 2)
			input.access_key_id = keys[0];
		if (mask & 1 << 3)
			input.operation = operations[mask % ARRAY_LEN(operations)];
		if (mask & 1 << 4)
			input.actor = mask & 1 ? AUDIT_ACTOR_TYPE_ADMINISTRATOR : AUDIT_ACTOR_TYPE_USER;
		if (mask & 1 << 5)
			input.outcome = mask & 1 ? AUDIT_OUTCOME_TYPE_FAIL : AUDIT_OUTCOME_TYPE_PASS;
		if (mask & 1 << 6)
			input.from = optional_int(NOW + 30);
		if (mask & 1 << 7)
			input.before = optional_int(NOW + 200);
		compare(*state, &input);
	}
}

static void ranges_of_time_have_a_first_and_no_last(void **state)
{
	static const int64_t ends[] = { INT64_MIN, -1, 0, NOW, NOW + 1, NOW + 17, NOW + EVENTS, INT64_MAX };
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		for (size_t j = 0; j < ARRAY_LEN(ends); j++) {
			struct list_audit_events_request input = {
				.from = optional_int(ends[i]),
				.before = optional_int(ends[j]),
				.max_results = optional_int(60),
			};
			compare(*state, &input);
		}
}

/* --- Pages --- */

static void new_events_do_not_disturb_later_pages(void **state)
{
	struct request *request = house_request(*state);
	struct list_audit_events_request input = { .max_results = optional_int(2) };
	struct list_audit_events_response page = { .next_token = STR_NONE };
	assert_ok(request, audit_list(request, &input, &page));
	int64_t since = NOW + EVENTS;
	assert_ok(request, store_write(request, fill, &since));
	input.next_token = page.next_token;
	page = (struct list_audit_events_response){ .next_token = STR_NONE };
	assert_ok(request, audit_list(request, &input, &page));
	assert_int_equal(page.events.items[0].count.value, EVENTS - 2);
	request_free(&request);
}

static void tokens_are_good_for_their_own_filters(void **state)
{
	struct request *request = house_request(*state);
	struct list_audit_events_request input = { .max_results = optional_int(2) };
	struct list_audit_events_response page = { .next_token = STR_NONE };
	assert_ok(request, audit_list(request, &input, &page));
	input.next_token = page.next_token;
	input.operation = operations[0];
	assert_refused(request, audit_list(request, &input, &page), ERROR_INVALID_PARAMETER,
		"Invalid pagination token.");
	input.operation = STR_NONE;
	input.next_token = STR("x");
	assert_refused(request, audit_list(request, &input, &page), ERROR_INVALID_PARAMETER,
		"Invalid pagination token.");
	request_free(&request);
}

/* What no index leads to is looked for in so many rows and no more. */
static void a_call_looks_at_no_more_than_it_may(void **state)
{
	struct list_audit_events_request input = { .outcome = AUDIT_OUTCOME_TYPE_IN_PROGRESS,
		.operation = STR("Crowd") };
	unsigned calls = 0;
	house_execute(*state,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) "
		"INSERT INTO audit_event (id, operation, actor, outcome, count) "
		"SELECT CAST(printf('%016d', i) AS BLOB), 'Crowd', 'USER', CASE i WHEN 1 THEN 'InProgress' "
		"ELSE 'Pass' END, 1 "
		"FROM n");
	struct request *request = house_request(*state);
	for (bool is_more = true; is_more; calls++) {
		struct list_audit_events_response page = { .next_token = STR_NONE };
		assert_ok(request, audit_list(request, &input, &page));
		is_more = str_is_set(page.next_token);
		input.next_token = page.next_token;
		assert_int_equal(page.events.count, is_more ? 0 : 1);
	}
	assert_int_equal(calls, 3);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_of_filters_gives_what_it_should),
		cmocka_unit_test(ranges_of_time_have_a_first_and_no_last),
		cmocka_unit_test(tokens_are_good_for_their_own_filters),
		cmocka_unit_test(new_events_do_not_disturb_later_pages),
		cmocka_unit_test(a_call_looks_at_no_more_than_it_may),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
