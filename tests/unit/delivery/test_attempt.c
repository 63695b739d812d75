/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/attempt.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "crypto/seal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/delivery/office.h"

static const int64_t start = 1700000000000;

/* A back-off of 5 seconds grows by a quarter at most. */
enum { SHORTEST_DELAY = 5 * SECOND, LONGEST_DELAY = SHORTEST_DELAY + SHORTEST_DELAY / 4 };

static struct attempt_outcome next(const struct office *office, enum outbox_medium medium)
{
	struct request *request = office_request(office);
	struct attempt_outcome outcome;
	if (!result_is_ok(attempt_next(request, office_senders, medium, &outcome)))
		fail_msg("%.*s", STR_ARG(request->detail));
	request_free(&request);
	return outcome;
}

static void finds_nothing(void **state)
{
	struct attempt_outcome outcome = next(*state, OUTBOX_EMAIL);
	assert_null(outcome.asked);
	assert_true(outcome.next_at == INT64_MAX);
}

static void sends_the_messages_of_a_medium(void **state)
{
	office_add(*state, OUTBOX_SMS, "+15555551234");
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	struct attempt_outcome outcome = next(*state, OUTBOX_EMAIL);
	assert_ptr_equal(outcome.asked, office_senders[0]);
	assert_int_equal(outcome.answer, SENDER_SENT);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
	assert_int_equal(office_sent_to("+15555551234"), 0);
	assert_false(office_first(*state, OUTBOX_EMAIL, NULL, NULL));
	assert_true(office_first(*state, OUTBOX_SMS, NULL, NULL));
	assert_null(next(*state, OUTBOX_EMAIL).asked);
	assert_true(office_was_given_whole_messages());
}

static void sends_the_oldest_first(void **state)
{
	clock_fix(start);
	office_add(*state, OUTBOX_EMAIL, "second@example.com");
	clock_fix(start - SECOND);
	office_add(*state, OUTBOX_EMAIL, "first@example.com");
	clock_fix(start);
	next(*state, OUTBOX_EMAIL);
	assert_int_equal(office_sent_to("first@example.com"), 1);
	assert_int_equal(office_sent_to("second@example.com"), 0);
}

static void waits_before_the_next_try(void **state)
{
	static const enum sender_outcome answers[] = { SENDER_DEFERRED, SENDER_DOWN };
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		int64_t attempts, due_at;
		clock_fix(start);
		office_answer(OUTBOX_EMAIL, answers[i]);
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
		assert_int_equal(next(*state, OUTBOX_EMAIL).answer, answers[i]);
		assert_true(office_first(*state, OUTBOX_EMAIL, &attempts, &due_at));
		assert_int_equal(attempts, 1);
		assert_in_range(due_at, start + SHORTEST_DELAY, start + LONGEST_DELAY);
		clock_fix(due_at - 1);
		assert_null(next(*state, OUTBOX_EMAIL).asked);
		assert_true(next(*state, OUTBOX_EMAIL).next_at == due_at);
		clock_fix(due_at);
		office_answer(OUTBOX_EMAIL, SENDER_SENT);
		assert_int_equal(next(*state, OUTBOX_EMAIL).answer, SENDER_SENT);
	}
	assert_int_equal(office_sent_to("jane@example.com"), 2);
	assert_int_equal(office_dead(*state, NULL), 0);
}

static void buries_what_is_refused(void **state)
{
	str problem;
	office_answer(OUTBOX_EMAIL, SENDER_REFUSED);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	next(*state, OUTBOX_EMAIL);
	assert_int_equal(office_dead(*state, &problem), 1);
	assert_str_equal(problem, STR("no mailbox j***@e*** here"));
	assert_false(office_first(*state, OUTBOX_EMAIL, NULL, NULL));
	assert_null(next(*state, OUTBOX_EMAIL).asked);
}

/* The last try comes a day after the message was written, or up to the longest delay later. */
static void buries_what_was_tried_for_a_day(void **state)
{
	int64_t due_at = start;
	office_answer(OUTBOX_EMAIL, SENDER_DOWN);
	clock_fix(start);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	while (office_first(*state, OUTBOX_EMAIL, NULL, &due_at)) {
		clock_fix(due_at);
		assert_int_equal(next(*state, OUTBOX_EMAIL).answer, SENDER_DOWN);
	}
	assert_in_range(due_at, 0, start + DAY + 20 * MINUTE);
	assert_true(clock_now() >= start + DAY);
	assert_int_equal(office_dead(*state, NULL), 1);
	assert_in_range(office_handed(OUTBOX_EMAIL), 24 * 60 / 19, 24 * 60 / 15 + 10);
}

static void buries_what_it_cannot_open(void **state)
{
	struct office *office = *state;
	str problem;
	clock_fix(start);
	office_add(office, OUTBOX_EMAIL, "lost@example.com");
	clock_fix(start + 1);
	sealer_free(&office->sealer);
	office->sealer = sealer_new(STR("another master key, 32 bytes...."));
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	assert_null(next(office, OUTBOX_EMAIL).asked);
	assert_int_equal(office_dead(office, &problem), 1);
	assert_true(str_has_prefix(problem, STR("cannot be opened")));
	assert_int_equal(next(office, OUTBOX_EMAIL).answer, SENDER_SENT);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
}

static void be_quicker(const struct office *office)
{
	assert_int_equal(next(office, OUTBOX_EMAIL).answer, SENDER_DEFERRED);
}

static void leaves_the_attempt_to_who_is_quicker(void **state)
{
	int64_t attempts;
	office_answer(OUTBOX_EMAIL, SENDER_DEFERRED);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	office_interrupt(*state, OFFICE_FOUND, be_quicker);
	struct attempt_outcome outcome = next(*state, OUTBOX_EMAIL);
	assert_null(outcome.asked);
	assert_true(outcome.next_at <= clock_now());
	assert_true(office_first(*state, OUTBOX_EMAIL, &attempts, NULL));
	assert_int_equal(attempts, 1);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1);
}

/* As another process would, at the same time. */
static void look_for_more(const struct office *office)
{
	assert_null(next(office, OUTBOX_EMAIL).asked);
}

static void belongs_to_who_claimed_it(void **state)
{
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	office_interrupt(*state, OFFICE_IN_HAND, look_for_more);
	assert_int_equal(next(*state, OUTBOX_EMAIL).answer, SENDER_SENT);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1);
}

static enum sender_outcome answer_to_the_first;

static void try_after_the_claim(const struct office *office)
{
	clock_fix(start + ATTEMPT_CLAIM);
	office_answer(OUTBOX_EMAIL, SENDER_DEFERRED);
	assert_int_equal(next(office, OUTBOX_EMAIL).answer, SENDER_DEFERRED);
	office_answer(OUTBOX_EMAIL, answer_to_the_first);
}

/* Whoever comes back too late does not touch what another has settled, unless the message is sent. */
static void belongs_to_nobody_when_the_claim_has_run_out(void **state)
{
	static const enum sender_outcome answers[] = { SENDER_DEFERRED, SENDER_REFUSED, SENDER_SENT };
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		int64_t attempts, due_at;
		clock_fix(start);
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
		answer_to_the_first = answers[i];
		office_interrupt(*state, OFFICE_IN_HAND, try_after_the_claim);
		assert_int_equal(next(*state, OUTBOX_EMAIL).answer, answers[i]);
		assert_true(office_first(*state, OUTBOX_EMAIL, &attempts, &due_at) == (i < 2));
		assert_int_equal(office_dead(*state, NULL), 0);
		if (i == 2)
			break;
		assert_int_equal(attempts, 2);
		assert_true(due_at >= start + ATTEMPT_CLAIM + 2 * SHORTEST_DELAY);
		office_answer(OUTBOX_EMAIL, SENDER_SENT);
		clock_fix(due_at);
		next(*state, OUTBOX_EMAIL);
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, office_set_up, office_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(finds_nothing),
		CASE(sends_the_messages_of_a_medium),
		CASE(sends_the_oldest_first),
		CASE(waits_before_the_next_try),
		CASE(buries_what_is_refused),
		CASE(buries_what_was_tried_for_a_day),
		CASE(buries_what_it_cannot_open),
		CASE(leaves_the_attempt_to_who_is_quicker),
		CASE(belongs_to_who_claimed_it),
		CASE(belongs_to_nobody_when_the_claim_has_run_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
