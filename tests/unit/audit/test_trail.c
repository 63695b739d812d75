/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/trail.h"

#include "audit/ration.h"
#include "audit/tally.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"

#define NOW INT64_C(1738659903123)

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	struct house *house = *state;
	house->settings.audit_days = 90;
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* A call of a new user, unless tests make another of it. */
static struct request *begin(const struct house *house, enum spec_trail kind)
{
	struct request *request = house_request(house);
	request->operation = STR("WriteBook");
	request->client_address = STR("192.0.2.7");
	request->user_agent = STR("Reader/1");
	trail_begin(request, kind);
	trail_note_pool(request, STR("us-east-1_a"));
	trail_note_user(request, uuid_new(request->arena));
	return request;
}

static void end(struct request *request, result outcome)
{
	trail_end(request, result_is_ok(outcome));
	request_free(&request);
}

static RESULT work(struct request *request, void *context)
{
	void (*note)(struct request * request) = context;
	if (note)
		note(request);
	return OK;
}

static RESULT work_badly(struct request *request, void *context)
{
	(void)context;
	trail_note_progress(request);
	return FAIL(request, ALIAS_EXISTS, "no");
}

static RESULT refuse(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "no");
}

static void the_row_goes_with_the_work(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, NULL));
	assert_int_equal(house_count(*state, "audit_event WHERE operation = 'WriteBook' AND actor = "
					     "'ANONYMOUS' AND outcome = 'Pass' "
					     "AND error IS NULL AND pool_id = 'us-east-1_a' AND "
					     "length(user_id) = 36 AND count = 1 "
					     "AND client_address = '192.0.2.7' AND user_agent = 'Reader/1' "
					     "AND length(request_id) = 36 "
					     "AND access_key_id IS NULL AND client_id IS NULL"),
		1);
	end(request, OK);
	assert_int_equal(house_count(*state, "audit_event"), 1);
}

static void work_that_is_undone_has_no_row_but_its_failure(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_CHANGE);
	result outcome = store_write(request, work_badly, NULL);
	assert_int_equal(house_count(*state, "audit_event"), 0);
	trail_end(request, false);
	assert_false(result_is_ok(outcome));
	/* The caller is told what it would be told without a trail. */
	assert_int_equal(request->error, ERROR_ALIAS_EXISTS);
	assert_str_equal(request->message, STR("no"));
	request_free(&request);
	assert_int_equal(
		house_count(*state, "audit_event WHERE outcome = 'Fail' AND error = 'AliasExistsException'"),
		1);
	assert_int_equal(house_count(*state, "audit_event"), 1);
}

static void note_wrong(struct request *request)
{
	trail_note_failure(request, ERROR_NOT_AUTHORIZED);
}

static void a_failure_that_is_kept_is_told_at_once(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, note_wrong));
	assert_int_equal(house_count(*state,
				 "audit_event WHERE outcome = 'Fail' AND error = 'NotAuthorizedException'"),
		1);
	end(request, refuse(request));
	assert_int_equal(house_count(*state, "audit_event"), 1);
}

static void what_fails_after_all_is_corrected(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, trail_note_sign_in));
	assert_int_equal(house_count(*state, "audit_event WHERE outcome = 'Pass' AND actor = 'USER'"), 1);
	end(request, FAIL(request, INTERNAL, "no"));
	assert_int_equal(house_count(*state,
				 "audit_event WHERE outcome = 'Fail' AND error = 'InternalErrorException'"),
		1);
	assert_int_equal(house_count(*state, "audit_event"), 1);
}

static void two_halves_are_one_event(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, trail_postpone));
	assert_int_equal(house_count(*state, "audit_event"), 0);
	assert_ok(request, store_write(request, work, NULL));
	assert_int_equal(house_count(*state, "audit_event"), 1);
	end(request, OK);
	assert_int_equal(house_count(*state, "audit_event"), 1);
}

static void an_outcome_is_that_of_the_last_transaction(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, trail_note_progress));
	assert_int_equal(house_count(*state, "audit_event WHERE outcome = 'InProgress'"), 1);
	assert_ok(request, store_write(request, work, NULL));
	assert_int_equal(house_count(*state, "audit_event WHERE outcome = 'Pass'"), 1);
	end(request, OK);
	assert_int_equal(house_count(*state, "audit_event"), 1);
}

static void nothing_is_told(
	const struct house *house, struct request *request, result outcome, const char *name)
{
	end(request, outcome);
	assert_case(house_count(house, "audit_event") == 0, name);
}

static void what_says_nothing_has_no_row(void **state)
{
	struct house *house = *state;
	struct request *request = begin(house, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, trail_note_routine));
	nothing_is_told(house, request, OK, "routine");
	request = begin(house, SPEC_TRAIL_READ);
	nothing_is_told(house, request, OK, "reading");
	request = begin(house, SPEC_TRAIL_READ);
	trail_note_administrator(request);
	nothing_is_told(house, request, FAIL(request, RESOURCE_NOT_FOUND, "no"), "failing to read");
	request = begin(house, SPEC_TRAIL_CHANGE);
	nothing_is_told(house, request, FAIL(request, INVALID_PARAMETER, "no"), "nonsense");
	request = begin(house, SPEC_TRAIL_CHANGE);
	nothing_is_told(house, request, FAIL(request, SERVICE_UNAVAILABLE, "no"), "overload");
	house->settings.audit_days = 0;
	request = begin(house, SPEC_TRAIL_CHANGE);
	assert_ok(request, store_write(request, work, NULL));
	nothing_is_told(house, request, refuse(request), "no trail is wanted");
}

static void what_discloses_is_told_though_it_only_reads(void **state)
{
	struct request *request = begin(*state, SPEC_TRAIL_DISCLOSURE);
	trail_note_access_key(request, STR("AKIA1"));
	trail_note_administrator(request);
	end(request, OK);
	assert_int_equal(house_count(*state, "audit_event WHERE actor = 'ADMINISTRATOR' AND access_key_id = "
					     "'AKIA1' AND outcome = 'Pass'"),
		1);
}

static void refused_keys_are_told_even_of_reading(void **state)
{
	static const enum error_code errors[] = { ERROR_ACCESS_DENIED, ERROR_INVALID_SIGNATURE,
		ERROR_UNRECOGNIZED_CLIENT };
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct request *request = begin(*state, SPEC_TRAIL_READ);
		trail_note_access_key(request, STR("AKIA1"));
		end(request, request_fail(request, errors[i], __FILE__, __LINE__, "no"));
		assert_int_equal(
			house_count(*state, "audit_event WHERE outcome = 'Fail' AND access_key_id = 'AKIA1'"),
			i + 1);
	}
}

/* --- What many cause --- */

static int sum(const struct house *house, const char *condition)
{
	struct request *request = house_request(house);
	int total = 0;
	/* More than one row would have its own number. */
	for (int count = 1; count < 2000; count++) {
		str query =
			arena_printf(request->arena, "audit_event WHERE count = %d AND %s", count, condition);
		total += count * house_count(house, query.data);
	}
	request_free(&request);
	return total;
}

static void fail_once(const struct house *house, const char *address, const char *pool_id)
{
	struct request *request = house_request(house);
	request->operation = STR("InitiateAuth");
	request->client_address = str_of(address);
	trail_begin(request, SPEC_TRAIL_CHANGE);
	trail_note_pool(request, str_of(pool_id));
	end(request, refuse(request));
}

static void a_flood_of_failures_becomes_a_number(void **state)
{
	enum { FLOOD = 100 };
	const struct house *house = *state;
	clock_fix(NOW + 1 * HOUR);
	struct tally *tally = tally_start(&house->settings, house->sealer, house->store);
	for (int i = 0; i < FLOOD; i++)
		fail_once(house, "198.51.100.1", "us-east-1_flood");
	assert_int_equal(
		house_count(house, "audit_event WHERE client_address = '198.51.100.1'"), RATION_OF_ADDRESS);
	/* Others are still told one by one, and so is the same address elsewhere. */
	fail_once(house, "198.51.100.2", "us-east-1_flood");
	fail_once(house, "198.51.100.1", "us-east-1_other");
	assert_int_equal(
		house_count(house, "audit_event WHERE client_address IS NOT NULL"), RATION_OF_ADDRESS + 2);
	tally_stop(&tally);
	assert_null(tally);
	assert_int_equal(sum(house, "pool_id = 'us-east-1_flood' AND outcome = 'Fail'"), FLOOD + 1);
	assert_in_range(house_count(house, "audit_event WHERE client_address IS NULL"), 1, 2);
	assert_int_equal(
		house_count(house, "audit_event WHERE client_address IS NULL AND request_id IS NOT NULL"), 0);
}

static void an_ipv6_network_is_one_address(void **state)
{
	const struct house *house = *state;
	clock_fix(NOW + 2 * HOUR);
	struct request *request = house_request(house);
	for (int i = 0; i < 100; i++)
		fail_once(house, arena_printf(request->arena, "2001:db8::%x", i).data, "us-east-1_six");
	fail_once(house, "2001:db8:0:1::1", "us-east-1_six");
	assert_int_equal(
		house_count(house, "audit_event WHERE pool_id = 'us-east-1_six'"), RATION_OF_ADDRESS + 1);
	request_free(&request);
}

static void a_botnet_has_a_ration_too(void **state)
{
	const struct house *house = *state;
	clock_fix(NOW + 3 * HOUR);
	struct request *request = house_request(house);
	for (int i = 0; i < 1000; i++)
		fail_once(house, arena_printf(request->arena, "10.0.%d.%d", i / 256, i % 256).data,
			"us-east-1_bots");
	assert_int_equal(
		house_count(house, "audit_event WHERE pool_id = 'us-east-1_bots'"), RATION_OF_STRANGERS);
	request_free(&request);
}

static void change_once(const struct house *house, str user_id, void (*note)(struct request *))
{
	struct request *request = house_request(house);
	request->operation = STR("UpdateUserAttributes");
	trail_begin(request, SPEC_TRAIL_CHANGE);
	trail_note_user(request, user_id);
	trail_note_proof(request);
	assert_ok(request, store_write(request, work, note));
	end(request, OK);
}

static void a_busy_user_fills_no_disk(void **state)
{
	const struct house *house = *state;
	clock_fix(NOW + 4 * HOUR);
	struct tally *tally = tally_start(&house->settings, house->sealer, house->store);
	for (int i = 0; i < 100; i++)
		change_once(house, STR("busy"), NULL);
	assert_int_equal(house_count(house, "audit_event WHERE user_id = 'busy' AND request_id IS NOT NULL"),
		RATION_OF_USER);
	for (int i = 0; i < 100; i++)
		change_once(house, STR("often"), trail_note_sign_in);
	assert_int_equal(
		house_count(house, "audit_event WHERE user_id = 'often' AND request_id IS NOT NULL"), 100);
	tally_stop(&tally);
	assert_int_equal(sum(house, "user_id = 'busy'"), 100);
}

static void administrators_are_always_told_one_by_one(void **state)
{
	const struct house *house = *state;
	for (int i = 0; i < 300; i++) {
		struct request *request = begin(house, SPEC_TRAIL_CHANGE);
		trail_note_administrator(request);
		end(request, FAIL(request, RESOURCE_NOT_FOUND, "no"));
	}
	assert_int_equal(house_count(house, "audit_event"), 300);
}

static void throttled_requests_are_only_counted(void **state)
{
	const struct house *house = *state;
	struct tally *tally = tally_start(&house->settings, house->sealer, house->store);
	for (int i = 0; i < 10; i++) {
		struct request *request = begin(house, SPEC_TRAIL_CHANGE);
		end(request, FAIL(request, TOO_MANY_REQUESTS, "no"));
	}
	assert_int_equal(house_count(house, "audit_event WHERE request_id IS NOT NULL"), 0);
	tally_stop(&tally);
	assert_int_equal(sum(house, "error = 'TooManyRequestsException'"), 10);
	/* Nothing goes on without one. */
	end(begin(house, SPEC_TRAIL_CHANGE), OK);
}

/* Each of them is another kind to count. */
static void kinds_past_the_largest_number_are_left_out(void **state)
{
	const struct house *house = *state;
	struct tally *tally = tally_start(&house->settings, house->sealer, house->store);
	struct request *request = house_request(house);
	for (int i = 0; i < 2000; i++)
		tally_add(&(struct audit_event){
			.operation = STR("SignUp"),
			.actor = AUDIT_ACTOR_TYPE_ANONYMOUS,
			.outcome = AUDIT_OUTCOME_TYPE_FAIL,
			.pool_id = arena_printf(request->arena, "us-east-1_%d", i),
			.count = 1,
		});
	tally_stop(&tally);
	/* The first ones may have been written already while the others came. */
	assert_in_range(house_count(house, "audit_event"), 128, 256);
	request_free(&request);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(the_row_goes_with_the_work),
		TEST(work_that_is_undone_has_no_row_but_its_failure),
		TEST(a_failure_that_is_kept_is_told_at_once),
		TEST(what_fails_after_all_is_corrected),
		TEST(two_halves_are_one_event),
		TEST(an_outcome_is_that_of_the_last_transaction),
		TEST(what_says_nothing_has_no_row),
		TEST(what_discloses_is_told_though_it_only_reads),
		TEST(refused_keys_are_told_even_of_reading),
		TEST(a_flood_of_failures_becomes_a_number),
		TEST(an_ipv6_network_is_one_address),
		TEST(a_botnet_has_a_ration_too),
		TEST(a_busy_user_fills_no_disk),
		TEST(administrators_are_always_told_one_by_one),
		TEST(throttled_requests_are_only_counted),
		TEST(kinds_past_the_largest_number_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
