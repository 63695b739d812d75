/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/census.h"

#include "delivery/attempt.h"
#include "unit/delivery/office.h"

static struct census_counts take(const struct office *office)
{
	struct request *request = office_request(office);
	struct census_counts counts;
	assert_true(result_is_ok(census_take(request, &counts)));
	request_free(&request);
	return counts;
}

static void assert_counts(const struct census_counts *counts, unsigned emails, unsigned dead_emails, unsigned sms)
{
	assert_int_equal(counts->of[OUTBOX_EMAIL][CENSUS_WAITING], emails);
	assert_int_equal(counts->of[OUTBOX_EMAIL][CENSUS_DEAD], dead_emails);
	assert_int_equal(counts->of[OUTBOX_SMS][CENSUS_WAITING], sms);
	assert_int_equal(counts->of[OUTBOX_SMS][CENSUS_DEAD], 0);
}

static void fill(const struct office *office)
{
	struct attempt_outcome outcome;
	uint64_t before = attempt_total(OUTBOX_EMAIL, SENDER_REFUSED);
	office_answer(OUTBOX_EMAIL, SENDER_REFUSED);
	office_add(office, OUTBOX_EMAIL, "dead@example.com");
	/* Not earlier: the message would not be due yet. */
	struct request *request = office_request(office);
	assert_true(result_is_ok(attempt_next(request, office_senders, OUTBOX_EMAIL, &outcome)));
	request_free(&request);
	assert_int_equal(attempt_total(OUTBOX_EMAIL, SENDER_REFUSED), before + 1);
	for (int i = 0; i < 3; i++)
		office_add(office, OUTBOX_SMS, "+15555551234");
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
}

static void counts_each_medium_and_state(void **state)
{
	struct census_counts counts = take(*state);
	assert_counts(&counts, 0, 0, 0);
	fill(*state);
	counts = take(*state);
	assert_counts(&counts, 1, 1, 3);
}

static void a_server_counts_by_itself(void **state)
{
	const struct office *office = *state;
	fill(office);
	struct census *census = census_start(&office->settings, office->store);
	await(census_last().of[OUTBOX_SMS][CENSUS_DEAD] == 0 && census_last().of[OUTBOX_SMS][CENSUS_WAITING] == 3);
	census_stop(&census);
	assert_null(census);
	struct census_counts counts = census_last();
	assert_counts(&counts, 1, 1, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(counts_each_medium_and_state, office_set_up, office_tear_down),
		cmocka_unit_test_setup_teardown(a_server_counts_by_itself, office_set_up, office_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
