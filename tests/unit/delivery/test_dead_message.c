/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/dead_message.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "crypto/seal.h"
#include "delivery/attempt.h"
#include "unit/delivery/office.h"

static const int64_t start = 1700000000000;

static void try_next(const struct office *office, enum outbox_medium medium)
{
	struct request *request = office_request(office);
	struct attempt_outcome outcome;
	assert_true(result_is_ok(attempt_next(request, office_senders, medium, &outcome)));
	request_free(&request);
}

/* Dies at that time. */
static void bury(const struct office *office, enum outbox_medium medium, const char *recipient, int64_t at)
{
	office_answer(medium, SENDER_REFUSED);
	clock_fix(at);
	office_add(office, medium, recipient);
	try_next(office, medium);
}

static struct list_dead_messages_response list(
	struct request *request, enum dead_message_medium_type medium, int64_t limit, str token)
{
	const struct list_dead_messages_request input = {
		.medium = medium, .max_results = { limit > 0, limit }, .next_token = token
	};
	struct list_dead_messages_response output = { .next_token = STR_NONE };
	if (!result_is_ok(dead_message_list(request, &input, &output)))
		fail_msg("%.*s", STR_ARG(request->message));
	return output;
}

static str only_id(const struct office *office)
{
	struct request *request = office_request(office);
	struct list_dead_messages_response listed = list(request, 0, 0, STR_NONE);
	assert_int_equal(listed.dead_messages.count, 1);
	str id = arena_copy(office->arena, listed.dead_messages.items[0].message_id);
	request_free(&request);
	return id;
}

static void assert_done(
	const struct office *office, result (*function)(struct request *request, str id), str id, bool is_done)
{
	struct request *request = office_request(office);
	assert_int_equal(result_is_ok(function(request, id)), is_done);
	if (!is_done)
		assert_int_equal(request->error, ERROR_RESOURCE_NOT_FOUND);
	request_free(&request);
}

static void shows_what_an_operator_needs(void **state)
{
	struct request *request = office_request(*state);
	bury(*state, OUTBOX_SMS, "+15555551234", start);
	struct list_dead_messages_response listed = list(request, 0, 0, STR_NONE);
	assert_int_equal(listed.dead_messages.count, 1);
	assert_false(str_is_set(listed.next_token));
	const struct dead_message_type *dead = &listed.dead_messages.items[0];
	assert_int_equal(dead->message_id.len, 36);
	assert_int_equal(dead->medium, DEAD_MESSAGE_MEDIUM_TYPE_SMS);
	assert_str_equal(dead->user_pool_id, STR("us-east-1_Office"));
	assert_str_equal(dead->recipient, STR("+*******1234"));
	assert_str_equal(dead->reason, STR("no mailbox +*******1234 here"));
	assert_int_equal(dead->attempts.value, 1);
	assert_int_equal(dead->creation_date.value, start);
	assert_int_equal(dead->failure_date.value, start);
	assert_int_equal(dead->expiration_date.value, start + ATTEMPT_DEAD_KEPT);
	request_free(&request);
}

static void waiting_messages_are_not_listed(void **state)
{
	struct request *request = office_request(*state);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	assert_int_equal(list(request, 0, 0, STR_NONE).dead_messages.count, 0);
	request_free(&request);
}

/* E-mails to a0@, a2@, .. and text messages between them, the last the newest. */
static void bury_many(const struct office *office, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool is_email = i % 2 == 0;
		const char *recipient =
			arena_printf(office->arena, is_email ? "a%zu@example.com" : "+1555555%04zu", i).data;
		/* Pairs of one time too. */
		bury(office, is_email ? OUTBOX_EMAIL : OUTBOX_SMS, recipient, start + (int64_t)(i / 4));
	}
}

static size_t count_pages(
	const struct office *office, enum dead_message_medium_type medium, int64_t limit, size_t *pages)
{
	struct request *request = office_request(office);
	str token = STR_NONE;
	size_t seen = 0;
	int64_t last = INT64_MAX;
	*pages = 0;
	do {
		struct list_dead_messages_response listed = list(request, medium, limit, token);
		for (size_t i = 0; i < listed.dead_messages.count; i++, seen++) {
			const struct dead_message_type *dead = &listed.dead_messages.items[i];
			assert_true(dead->failure_date.value <= last);
			assert_true(!medium || dead->medium == medium);
			last = dead->failure_date.value;
		}
		token = listed.next_token;
		++*pages;
	} while (str_is_set(token));
	request_free(&request);
	return seen;
}

static void pages_have_each_message_once(void **state)
{
	static const struct {
		enum dead_message_medium_type medium;
		int64_t limit;
		size_t seen, pages;
	} cases[] = {
		{ 0, 0, 21, 1 },
		{ 0, 1, 21, 21 },
		{ 0, 4, 21, 6 },
		{ 0, 7, 21, 3 },
		{ DEAD_MESSAGE_MEDIUM_TYPE_EMAIL, 4, 11, 3 },
		{ DEAD_MESSAGE_MEDIUM_TYPE_SMS, 5, 10, 2 },
	};
	bury_many(*state, 21);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t pages;
		assert_int_equal(count_pages(*state, cases[i].medium, cases[i].limit, &pages), cases[i].seen);
		assert_int_equal(pages, cases[i].pages);
	}
}

static void tokens_belong_to_their_list(void **state)
{
	struct request *request = office_request(*state);
	bury_many(*state, 4);
	const struct list_dead_messages_request other = {
		.medium = DEAD_MESSAGE_MEDIUM_TYPE_EMAIL,
		.next_token = list(request, 0, 1, STR_NONE).next_token,
	};
	struct list_dead_messages_response output;
	assert_false(result_is_ok(dead_message_list(request, &other, &output)));
	assert_int_equal(request->error, ERROR_INVALID_PARAMETER);
	request_free(&request);
}

static void recipients_stay_hidden_without_the_key(void **state)
{
	struct office *office = *state;
	bury(office, OUTBOX_EMAIL, "jane@example.com", start);
	sealer_free(&office->sealer);
	office->sealer = sealer_new(STR("another master key, 32 bytes...."));
	struct request *request = office_request(office);
	struct list_dead_messages_response listed = list(request, 0, 0, STR_NONE);
	assert_int_equal(listed.dead_messages.count, 1);
	assert_false(str_is_set(listed.dead_messages.items[0].recipient));
	request_free(&request);
}

static void a_message_is_sent_again(void **state)
{
	bury(*state, OUTBOX_EMAIL, "jane@example.com", start);
	str id = only_id(*state);
	clock_fix(start + DAY);
	assert_done(*state, dead_message_resend, id, true);
	assert_int_equal(office_dead(*state, NULL), 0);
	office_answer(OUTBOX_EMAIL, SENDER_SENT);
	try_next(*state, OUTBOX_EMAIL);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
	assert_true(office_was_given_whole_messages());
	assert_done(*state, dead_message_resend, id, false);
}

/* Although it was written long ago. */
static void what_was_resent_is_tried_for_a_day(void **state)
{
	int64_t again = start + 10 * DAY, attempts, due_at = again;
	bury(*state, OUTBOX_EMAIL, "jane@example.com", start);
	clock_fix(again);
	assert_done(*state, dead_message_resend, only_id(*state), true);
	office_answer(OUTBOX_EMAIL, SENDER_DEFERRED);
	try_next(*state, OUTBOX_EMAIL);
	assert_true(office_first(*state, OUTBOX_EMAIL, &attempts, &due_at));
	assert_int_equal(attempts, 2);
	clock_fix(again + DAY);
	try_next(*state, OUTBOX_EMAIL);
	assert_int_equal(office_dead(*state, NULL), 1);
}

static void a_message_is_deleted(void **state)
{
	bury(*state, OUTBOX_EMAIL, "jane@example.com", start);
	str id = only_id(*state);
	assert_done(*state, dead_message_delete, id, true);
	assert_int_equal(office_dead(*state, NULL), 0);
	assert_done(*state, dead_message_delete, id, false);
}

/* Whoever knows the id of a message that waits cannot hurry or stop it. */
static void living_messages_are_left_alone(void **state)
{
	bury(*state, OUTBOX_EMAIL, "jane@example.com", start);
	str id = only_id(*state);
	assert_done(*state, dead_message_resend, id, true);
	assert_done(*state, dead_message_delete, id, false);
	assert_done(*state, dead_message_resend, id, false);
	assert_done(*state, dead_message_delete, STR("5d0a"), false);
	assert_true(office_first(*state, OUTBOX_EMAIL, NULL, NULL));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, office_set_up, office_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(shows_what_an_operator_needs),
		TEST(waiting_messages_are_not_listed),
		TEST(pages_have_each_message_once),
		TEST(tokens_belong_to_their_list),
		TEST(recipients_stay_hidden_without_the_key),
		TEST(a_message_is_sent_again),
		TEST(what_was_resent_is_tried_for_a_day),
		TEST(a_message_is_deleted),
		TEST(living_messages_are_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
