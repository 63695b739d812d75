/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "delivery/outbox.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/file.h"
#include "crypto/seal.h"
#include "delivery/template.h"
#include "store/store.h"
#include "unit/delivery/folder.h"
#include "unit/delivery/office.h"

static const int64_t start = 1700000000000;

static struct outbox *start_outbox(const struct office *office)
{
	return outbox_start_senders(&office->settings, office->store, office->sealer, office_senders);
}

static bool is_empty(const struct office *office)
{
	return !office_first(office, OUTBOX_EMAIL, NULL, NULL) &&
	       !office_first(office, OUTBOX_SMS, NULL, NULL);
}

/* Each round finds the threads asleep, or about to: what they miss would wait for a minute. */
static void sends_once_as_soon_as_it_is_committed(void **state)
{
	enum { ROUNDS = 20 };
	struct outbox *outbox = start_outbox(*state);
	for (int i = 0; i < ROUNDS; i++) {
		office_add(*state, OUTBOX_EMAIL, "jane@example.com");
		office_add(*state, OUTBOX_SMS, "+15555551234");
		await(is_empty(*state));
	}
	outbox_stop(&outbox);
	assert_null(outbox);
	outbox = start_outbox(*state);
	outbox_stop(&outbox);
	assert_int_equal(office_sent_to("jane@example.com"), ROUNDS);
	assert_int_equal(office_sent_to("+15555551234"), ROUNDS);
	assert_true(office_was_given_whole_messages());
}

static bool holds(str text, const char *part)
{
	return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* With the senders of the product: without a mail server, a Maildir. */
static void puts_mail_into_the_maildir(void **state)
{
	const struct office *office = *state;
	struct outbox *outbox = outbox_start(&office->settings, office->store, office->sealer);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	await(is_empty(office));
	outbox_stop(&outbox);
	str mail = folder_read(office->arena,
		arena_printf(office->arena, "%.*s/outbox/new", STR_ARG(office->settings.data_dir)), "");
	assert_true(holds(mail, "To: <jane@example.com>\n"));
	assert_true(holds(mail, "The code is 918273"));
}

static const struct outbox_message sample = {
	.medium = OUTBOX_EMAIL,
	.pool_id = STR_INIT("us-east-1_Office"),
	.recipient = STR_INIT("never@example.com"),
	.subject = STR_INIT(OFFICE_SUBJECT),
	.body = STR_INIT(OFFICE_BODY),
};

static RESULT add(struct request *request, void *message)
{
	return outbox_add(request, message);
}

static RESULT add_and_fail(struct request *request, void *message)
{
	TRY(outbox_add(request, message));
	return FAIL(request, INVALID_PARAMETER, "changed its mind");
}

static void sends_nothing_of_a_failed_transaction(void **state)
{
	struct outbox *outbox = start_outbox(*state);
	struct request *request = office_request(*state);
	struct outbox_message message = sample;
	assert_false(result_is_ok(store_write(request, add_and_fail, &message)));
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(is_empty(*state));
	outbox_stop(&outbox);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1);
	assert_int_equal(office_sent_to("never@example.com"), 0);
	request_free(&request);
}

static RESULT pretend(struct request *request, void *message)
{
	return outbox_pretend(request, message);
}

static void sends_nothing_of_what_is_pretended(void **state)
{
	struct outbox *outbox = start_outbox(*state);
	struct request *request = office_request(*state);
	struct outbox_message message = sample;
	assert_true(result_is_ok(store_write(request, pretend, &message)));
	assert_true(is_empty(*state));
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(is_empty(*state));
	outbox_stop(&outbox);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1);
	assert_int_equal(office_sent_to("never@example.com"), 0);
	request_free(&request);
}

static const struct {
	const char *name;
	struct outbox_message message;
	enum error_code error;
	const char *text;
} refusals[] = {
	{ "no recipient", { .pool_id = STR_INIT("p"), .body = STR_INIT("b") }, ERROR_CODE_DELIVERY_FAILURE,
		"Unable to deliver a message without an address." },
	{ "empty recipient", { .pool_id = STR_INIT("p"), .recipient = STR_INIT(""), .body = STR_INIT("b") },
		ERROR_CODE_DELIVERY_FAILURE, "Unable to deliver a message without an address." },
	{ "no body", { .pool_id = STR_INIT("p"), .recipient = STR_INIT("a@b") }, ERROR_CODE_DELIVERY_FAILURE,
		"Unable to deliver a message without a text." },
};

static void refuses_what_cannot_be_delivered(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct request *request = office_request(*state);
		struct outbox_message message = refusals[i].message;
		assert_case(!result_is_ok(store_write(request, add, &message)), refusals[i].name);
		assert_case(request->error == refusals[i].error, refusals[i].name);
		assert_str_equal(request->message, str_of(refusals[i].text));
		request_free(&request);
	}
	assert_true(is_empty(*state));
}

static void refuses_what_is_too_long(void **state)
{
	struct request *request = office_request(*state);
	struct outbox_message message = sample;
	message.body.len = 4 * TEMPLATE_MAX;
	message.body.data = memset(arena_alloc(request->arena, message.body.len), 'a', message.body.len);
	assert_false(result_is_ok(store_write(request, add, &message)));
	assert_int_equal(request->error, ERROR_INTERNAL);
	assert_str_equal(request->detail, STR("the message is too long"));
	request_free(&request);
}

static void tries_again_what_was_deferred(void **state)
{
	int64_t due_at = 0;
	clock_fix(start);
	office_answer(OUTBOX_EMAIL, SENDER_DEFERRED);
	struct outbox *outbox = start_outbox(*state);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(office_first(*state, OUTBOX_EMAIL, NULL, &due_at) && due_at > start && due_at < start + MINUTE);
	office_answer(OUTBOX_EMAIL, SENDER_SENT);
	clock_fix(due_at);
	outbox_wake_all();
	await(is_empty(*state));
	outbox_stop(&outbox);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 2);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
}

static void gives_up_what_is_refused_and_sends_the_rest(void **state)
{
	str problem;
	struct outbox *outbox = start_outbox(*state);
	office_answer(OUTBOX_EMAIL, SENDER_REFUSED);
	office_add(*state, OUTBOX_EMAIL, "nobody@example.com");
	await(office_dead(*state, NULL) == 1);
	office_answer(OUTBOX_EMAIL, SENDER_SENT);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(office_sent_to("jane@example.com") == 1);
	outbox_stop(&outbox);
	assert_int_equal(office_dead(*state, &problem), 1);
	assert_str_equal(problem, STR("no mailbox n***@e*** here"));
}

static void gives_up_after_a_day_and_forgets_after_a_month(void **state)
{
	int64_t due_at = 0;
	clock_fix(start);
	office_answer(OUTBOX_EMAIL, SENDER_DEFERRED);
	struct outbox *outbox = start_outbox(*state);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(office_first(*state, OUTBOX_EMAIL, NULL, &due_at) && due_at > start && due_at < start + MINUTE);
	clock_fix(start + DAY);
	outbox_wake_all();
	await(office_dead(*state, NULL) == 1);
	clock_fix(start + 32 * DAY);
	outbox_wake_all();
	await(office_dead(*state, NULL) == 0);
	outbox_stop(&outbox);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 2);
}

/* Mail that comes while the mail server is away waits with the rest; text messages go on. */
static void spares_the_others_while_a_sender_is_down(void **state)
{
	int64_t attempts = 0;
	clock_fix(start);
	office_answer(OUTBOX_EMAIL, SENDER_DOWN);
	office_add(*state, OUTBOX_EMAIL, "first@example.com");
	office_add(*state, OUTBOX_EMAIL, "second@example.com");
	struct outbox *outbox = start_outbox(*state);
	await(office_handed(OUTBOX_EMAIL) == 1);
	office_add(*state, OUTBOX_EMAIL, "third@example.com");
	for (int i = 0; i < 5; i++) {
		office_add(*state, OUTBOX_SMS, "+15555551234");
		await(!office_first(*state, OUTBOX_SMS, NULL, NULL));
	}
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1);
	assert_true(office_first(*state, OUTBOX_EMAIL, &attempts, NULL));
	assert_int_equal(attempts, 0);
	office_answer(OUTBOX_EMAIL, SENDER_SENT);
	clock_fix(start + 10 * SECOND);
	outbox_wake_all();
	await(is_empty(*state));
	outbox_stop(&outbox);
	assert_int_equal(office_handed(OUTBOX_EMAIL), 1 + 3);
}

static void sends_texts_while_mail_is_slow(void **state)
{
	office_hold(OUTBOX_EMAIL, true);
	struct outbox *outbox = start_outbox(*state);
	office_add(*state, OUTBOX_EMAIL, "jane@example.com");
	await(office_handed(OUTBOX_EMAIL) == 1);
	office_add(*state, OUTBOX_SMS, "+15555551234");
	await(office_sent_to("+15555551234") == 1);
	assert_int_equal(office_sent_to("jane@example.com"), 0);
	office_hold(OUTBOX_EMAIL, false);
	outbox_stop(&outbox);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
}

static void shares_the_work_with_another_process(void **state)
{
	enum { MESSAGES = 200 };
	struct office beside = *(struct office *)*state;
	beside.store = office_open_store(*state);
	for (int i = 0; i < MESSAGES / 2; i++)
		office_add(*state, OUTBOX_EMAIL, arena_printf(beside.arena, "user%d@example.com", i).data);
	struct outbox *outbox = start_outbox(*state), *second = start_outbox(&beside);
	for (int i = MESSAGES / 2; i < MESSAGES; i++)
		office_add(*state, OUTBOX_EMAIL, arena_printf(beside.arena, "user%d@example.com", i).data);
	await(is_empty(*state));
	outbox_stop(&outbox);
	outbox_stop(&second);
	store_close(&beside.store);
	assert_int_equal(office_handed(OUTBOX_EMAIL), MESSAGES);
	for (int i = 0; i < MESSAGES; i++)
		assert_int_equal(office_sent_to(arena_printf(beside.arena, "user%d@example.com", i).data), 1);
}

static void sends_after_a_restart(void **state)
{
	struct office *office = *state;
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	store_close(&office->store);
	office->store = office_open_store(office);
	struct outbox *outbox = start_outbox(office);
	await(is_empty(office));
	outbox_stop(&outbox);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
	assert_true(office_was_given_whole_messages());
}

static void buries_what_another_master_key_sealed(void **state)
{
	struct office *office = *state;
	str problem;
	office_add(office, OUTBOX_EMAIL, "lost@example.com");
	sealer_free(&office->sealer);
	office->sealer = sealer_new(STR("another master key, 32 bytes...."));
	struct outbox *outbox = start_outbox(office);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	await(is_empty(office));
	outbox_stop(&outbox);
	assert_int_equal(office_sent_to("jane@example.com"), 1);
	assert_int_equal(office_dead(office, &problem), 1);
	assert_true(str_has_prefix(problem, STR("cannot be opened")));
}

static void assert_hidden(str text)
{
	static const char *const secrets[] = { "918273", OFFICE_SUBJECT, "jane@", "+15555551234" };
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		assert_case(!holds(text, secrets[i]), secrets[i]);
}

static void keeps_nothing_readable_in_the_database(void **state)
{
	const struct office *office = *state;
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	office_add(office, OUTBOX_SMS, "+15555551234");
	office_answer(OUTBOX_EMAIL, SENDER_REFUSED);
	office_answer(OUTBOX_SMS, SENDER_DEFERRED);
	struct outbox *outbox = start_outbox(office);
	await(office_dead(office, NULL) == 1);
	await(office_handed(OUTBOX_SMS) == 1);
	outbox_stop(&outbox);
	str files = folder_read(office->arena, office->settings.data_dir, "poolwarden.db");
	assert_true(holds(files, "us-east-1_Office"));
	assert_true(holds(files, "no mailbox j***@e*** here"));
	assert_hidden(files);
}

static int real_log = -1;

static str log_path(const struct office *office)
{
	return arena_printf(office->arena, "%.*s/log", STR_ARG(office->settings.data_dir));
}

/* Sends standard error to a file. */
static int set_up_log(void **state)
{
	office_set_up(state);
	int file = open(log_path(*state).data, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	real_log = dup(STDERR_FILENO);
	assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
	return close(file);
}

static int tear_down_log(void **state)
{
	dup2(real_log, STDERR_FILENO);
	close(real_log);
	return office_tear_down(state);
}

static str log_of_every_fate(const struct office *office)
{
	struct outbox *outbox = start_outbox(office);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	await(is_empty(office));
	office_answer(OUTBOX_EMAIL, SENDER_REFUSED);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	await(office_dead(office, NULL) == 1);
	office_answer(OUTBOX_EMAIL, SENDER_DOWN);
	office_answer(OUTBOX_SMS, SENDER_DEFERRED);
	office_add(office, OUTBOX_EMAIL, "jane@example.com");
	office_add(office, OUTBOX_SMS, "+15555551234");
	await(office_handed(OUTBOX_EMAIL) == 3 && office_handed(OUTBOX_SMS) == 1);
	outbox_stop(&outbox);
	return file_read(office->arena, log_path(office).data, 1 << 20);
}

static void logs_what_happens_and_never_what_is_said(void **state)
{
	static const char *const parts[] = {
		"level=info event=message_sent id=",
		" pool=us-east-1_Office medium=EMAIL recipient=j***@e*** sender=fake attempts=1\n",
		"level=error event=message_dead id=",
		" attempts=1 problem=\"no mailbox j***@e*** here\"\n",
		"level=warning event=message_deferred id=",
		" medium=SMS recipient=+*******1234 sender=fake attempts=1 retry_at=",
		" problem=\"no mailbox +*******1234 here\"\n",
		"level=warning event=medium_paused medium=EMAIL seconds=",
	};
	str log = log_of_every_fate(*state);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		assert_case(holds(log, parts[i]), parts[i]);
	assert_hidden(log);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, office_set_up, office_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(sends_once_as_soon_as_it_is_committed),
		CASE(puts_mail_into_the_maildir),
		CASE(sends_nothing_of_a_failed_transaction),
		CASE(sends_nothing_of_what_is_pretended),
		CASE(refuses_what_cannot_be_delivered),
		CASE(refuses_what_is_too_long),
		CASE(tries_again_what_was_deferred),
		CASE(gives_up_what_is_refused_and_sends_the_rest),
		CASE(gives_up_after_a_day_and_forgets_after_a_month),
		CASE(spares_the_others_while_a_sender_is_down),
		CASE(sends_texts_while_mail_is_slow),
		CASE(shares_the_work_with_another_process),
		CASE(sends_after_a_restart),
		CASE(buries_what_another_master_key_sealed),
		CASE(keeps_nothing_readable_in_the_database),
		cmocka_unit_test_setup_teardown(
			logs_what_happens_and_never_what_is_said, set_up_log, tear_down_log),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
