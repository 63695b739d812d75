/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/courier.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/delivery/office.h"

static const int64_t start = 1700000000000;

static struct courier *start_courier_for(
	const struct office *office, enum outbox_medium medium, int64_t look_every)
{
	const struct courier_tools tools = {
		.settings = &office->settings,
		.sealer = office->sealer,
		.store = office->store,
		.senders = office_senders,
		.look_every = look_every,
	};
	return courier_start(&tools, medium);
}

static struct courier *start_courier(const struct office *office, int64_t look_every)
{
	return start_courier_for(office, OUTBOX_EMAIL, look_every);
}

/* As a process leaves it that is killed while it sends. */
static RESULT claim_for_good(struct request *request, void *context)
{
	struct store_outbox_first_row row;
	bool found;
	TRY(store_outbox_first(
		request, &(struct store_outbox_first_in){ .medium = STR("EMAIL") }, &row, &found));
	const struct store_outbox_claim_in in = {
		.id = row.id, .attempts = row.attempts, .due_at = *(const int64_t *)context
	};
	return store_outbox_claim(request, &in, NULL);
}

static void claim(const struct office *office, int64_t until)
{
	struct request *request = office_request(office);
	assert_true(result_is_ok(store_write(request, claim_for_good, &until)));
	request_free(&request);
}

/* No outbox runs, so nobody is told of the row: as when another process adds it. */
static void finds_rows_without_being_woken(void **state)
{
	struct courier *courier = start_courier(*state, 10);
	for (int i = 0; i < 3; i++) {
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
		await(!office_first(*state, OUTBOX_EMAIL, NULL, NULL));
	}
	courier_stop(&courier);
	assert_null(courier);
	assert_int_equal(office_sent_to("jane@example.com"), 3);
}

static void comes_when_woken(void **state)
{
	struct courier *courier = start_courier(*state, HOUR);
	for (int i = 0; i < 3; i++) {
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
		courier_wake(courier);
		await(!office_first(*state, OUTBOX_EMAIL, NULL, NULL));
	}
	courier_stop(&courier);
}

static void comes_when_a_message_is_due(void **state)
{
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	claim(*state, clock_now() + 100);
	struct courier *courier = start_courier(*state, HOUR);
	await(!office_first(*state, OUTBOX_EMAIL, NULL, NULL));
	courier_stop(&courier);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
}

static void finishes_one_message_before_it_stops(void **state)
{
	office_hold(OUTBOX_EMAIL, true);
	office_add(*state, OUTBOX_EMAIL, "first@example.com");
	office_add(*state, OUTBOX_EMAIL, "second@example.com");
	struct courier *courier = start_courier(*state, HOUR);
	await(office_handed(OUTBOX_EMAIL) == 1);
	courier_ask_to_stop(courier);
	office_hold(OUTBOX_EMAIL, false);
	courier_stop(&courier);
	int64_t attempts;
	assert_int_equal(office_sent_to("first@example.com") + office_sent_to("second@example.com"), 1);
	assert_true(office_first(*state, OUTBOX_EMAIL, &attempts, NULL));
	assert_int_equal(attempts, 0);
}

static void stops_at_once_when_idle(void **state)
{
	struct courier *courier = start_courier(*state, HOUR);
	courier_stop(&courier);
	office_answer(OUTBOX_EMAIL, SENDER_DOWN);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	courier = start_courier(*state, HOUR);
	await(office_handed(OUTBOX_EMAIL) == 1);
	courier_stop(&courier);
}

/* Gives a courier that looks every few milliseconds the time to do what it should not. */
static void let_others_work(const struct office *office)
{
	struct courier *courier = start_courier_for(office, OUTBOX_SMS, 1);
	for (int i = 0; i < 5; i++) {
		office_add(office, OUTBOX_SMS, "+15555551234");
		await(!office_first(office, OUTBOX_SMS, NULL, NULL));
	}
	courier_stop(&courier);
}

/* When the clock stands at which second, how many messages the sender was handed by then. The first pause
   lasts 5 to 6.25 seconds, the second 10 to 12.5, the third 20 to 25. */
static const struct {
	int64_t second;
	size_t handed;
} pauses[] = { { 0, 1 }, { 4, 1 }, { 7, 2 }, { 16, 2 }, { 20, 3 }, { 39, 3 }, { 46, 4 } };

static void pauses_longer_each_time(void **state)
{
	clock_fix(start);
	office_answer(OUTBOX_EMAIL, SENDER_DOWN);
	for (int i = 0; i < 5; i++)
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	struct courier *courier = start_courier(*state, 1);
	for (size_t i = 0; i < ARRAY_LEN(pauses); i++) {
		clock_fix(start + pauses[i].second * SECOND);
		await(office_handed(OUTBOX_EMAIL) == pauses[i].handed);
		let_others_work(*state);
		assert_int_equal(office_handed(OUTBOX_EMAIL), pauses[i].handed);
	}
	office_answer(OUTBOX_EMAIL, SENDER_SENT);
	clock_fix(start + HOUR);
	await(!office_first(*state, OUTBOX_EMAIL, NULL, NULL));
	courier_stop(&courier);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 4 + 5);
}

static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Each look is later by more than the pause after a failure of the store. */
static bool is_sent_by_and_by(const struct office *office)
{
	clock_fix(clock_now() + 11 * SECOND);
	return !office_first(office, OUTBOX_EMAIL, NULL, NULL);
}

/* A limit on the size of files stands for a full disk: what could not be noted as sent is not sent. */
static void sends_nothing_while_the_disk_is_full(void **state)
{
	const struct office *office = *state;
	clock_fix(start);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	uint64_t before = store_statistics(office->store).transactions;
	signal(SIGXFSZ, SIG_IGN);
	limit_file_size(1);
	struct courier *courier = start_courier(office, 1);
	await(store_statistics(office->store).transactions >= before + 2);
	limit_file_size(RLIM_INFINITY);
	await(is_sent_by_and_by(office));
	courier_stop(&courier);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1);
}

static void removes_what_is_long_dead(void **state)
{
	enum { MESSAGES = 250 };
	clock_fix(start);
	office_answer(OUTBOX_EMAIL, SENDER_REFUSED);
	for (int i = 0; i < MESSAGES; i++)
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	struct courier *courier = start_courier(*state, 10);
	await(office_dead(*state, NULL) == MESSAGES);
	clock_fix(start + 29 * DAY);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(office_dead(*state, NULL) == MESSAGES + 1);
	clock_fix(start + 31 * DAY);
	await(office_dead(*state, NULL) == 1);
	courier_stop(&courier);
}

static void takes_over_what_a_killed_server_had_in_hand(void **state)
{
	const struct office *office = *state;
	str problem;
	clock_fix(start);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	claim(office, start + MINUTE);
	assert_true(store_lock_exclusively(office->arena, office->store, &problem));
	struct courier *courier = start_courier(office, HOUR);
	await(office_sent_to("jane@example.com") == 1);
	courier_stop(&courier);
}

/* It may be what killed the server. */
static void is_careful_with_what_was_tried_twice(void **state)
{
	const struct office *office = *state;
	int64_t attempts, due_at;
	str problem;
	clock_fix(start);
	office_add(office, OUTBOX_EMAIL, "first@example.com");
	claim(office, start);
	claim(office, start + MINUTE);
	clock_fix(start + 1);
	office_add(office, OUTBOX_EMAIL, "second@example.com");
	assert_true(store_lock_exclusively(office->arena, office->store, &problem));
	struct courier *courier = start_courier(office, HOUR);
	await(office_sent_to("second@example.com") == 1);
	courier_stop(&courier);
	assert_true(office_first(office, OUTBOX_EMAIL, &attempts, &due_at));
	assert_int_equal(attempts, 2);
	assert_true(due_at == start + MINUTE);
}

static void leaves_alone_what_another_server_may_have_in_hand(void **state)
{
	const struct office *office = *state;
	int64_t due_at;
	clock_fix(start);
	office_add(office, OUTBOX_EMAIL, "first@example.com");
	claim(office, start + MINUTE);
	office_add(office, OUTBOX_EMAIL, "second@example.com");
	struct courier *courier = start_courier(office, HOUR);
	await(office_sent_to("second@example.com") == 1);
	courier_stop(&courier);
	assert_true(office_first(office, OUTBOX_EMAIL, NULL, &due_at));
	assert_true(due_at == start + MINUTE);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, office_set_up, office_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(finds_rows_without_being_woken),
		CASE(comes_when_woken),
		CASE(comes_when_a_message_is_due),
		CASE(finishes_one_message_before_it_stops),
		CASE(stops_at_once_when_idle),
		CASE(pauses_longer_each_time),
		CASE(sends_nothing_while_the_disk_is_full),
		CASE(removes_what_is_long_dead),
		CASE(takes_over_what_a_killed_server_had_in_hand),
		CASE(is_careful_with_what_was_tried_twice),
		CASE(leaves_alone_what_another_server_may_have_in_hand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
