/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "delivery/sender.h"

#include "base/fatal.h"
#include "base/settings.h"
#include "delivery/email.h"
#include "unit/cases.h"

static const struct settings without_server, with_server = { .smtp_url = STR_INIT("smtp://127.0.0.1:1") },
					     with_webhook = { .sms_webhook_url = STR_INIT("http://127.0.0.1:1") },
					     with_sns = { .sns_url = STR_INIT("http://127.0.0.1:1") };

static const struct {
	const struct settings *settings;
	enum outbox_medium medium;
	const struct sender *sender;
} choices[] = {
	{ &without_server, OUTBOX_EMAIL, &sender_maildir },
	{ &without_server, OUTBOX_SMS, &sender_maildir },
	{ &with_server, OUTBOX_EMAIL, &sender_smtp },
	{ &with_server, OUTBOX_SMS, &sender_maildir },
	{ &with_webhook, OUTBOX_SMS, &sender_sms_webhook },
	{ &with_webhook, OUTBOX_EMAIL, &sender_maildir },
	{ &with_sns, OUTBOX_SMS, &sender_sns },
	{ &with_sns, OUTBOX_EMAIL, &sender_maildir },
};

static void test_choice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choices); i++)
		assert_ptr_equal(
			sender_find(sender_list, choices[i].settings, choices[i].medium), choices[i].sender);
}

static struct outbox_message sample(void)
{
	return (struct outbox_message){
		.medium = OUTBOX_EMAIL,
		.id = STR("5d0a"),
		.recipient = STR("jane@example.com"),
		.subject = STR("s"),
		.body = STR("<b>1</b>"),
	};
}

static void test_server_that_is_not_there(void **state)
{
	struct outbox_message message = sample();
	str problem = STR("");
	assert_int_equal(sender_smtp.send(&with_server, *state, &message, &problem), SENDER_DOWN);
	assert_false(str_is_empty(problem));
}

static const struct {
	enum outbox_medium medium;
	str recipient, sender;
} refused[] = {
	{ .recipient = STR_INIT("jane") },
	{ .recipient = STR_INIT("jane@example.com\r\nBcc: x@y") },
	{ .recipient = STR_INIT("jane@example.com"), .sender = STR_INIT("nobody") },
	{ OUTBOX_SMS, .recipient = STR_INIT("15555551234") },
	{ OUTBOX_SMS, .recipient = STR_INIT("+1555\nX: y") },
	{ OUTBOX_SMS, .recipient = STR_INIT("+") },
	{ OUTBOX_SMS, .recipient = STR_INIT("+12345678901234567") },
};

static void test_addresses_that_nobody_takes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct outbox_message message = sample();
		str problem = STR("");
		message.medium = refused[i].medium;
		message.recipient = refused[i].recipient;
		message.sender = refused[i].sender;
		const struct sender *sender = sender_find(sender_list, &with_server, message.medium);
		assert_int_equal(sender->send(&with_server, *state, &message, &problem), SENDER_REFUSED);
		assert_int_equal(
			sender_maildir.send(&without_server, *state, &message, &problem), SENDER_REFUSED);
		assert_false(str_is_empty(problem));
	}
}

static const struct {
	str sender, smtp_from, from, message_id;
} senders[] = {
	{ .from = STR_INIT("From: <no-reply@localhost>\r\n"),
		.message_id = STR_INIT("Message-ID: <5d0a@localhost>\r\n") },
	{ .smtp_from = STR_INIT("Shop <shop@example.org>"),
		.from = STR_INIT("From: Shop <shop@example.org>\r\n"),
		.message_id = STR_INIT("Message-ID: <5d0a@example.org>\r\n") },
	{ .smtp_from = STR_INIT("a@b"),
		.sender = STR_INIT("c@d"),
		.from = STR_INIT("From: <c@d>\r\n"),
		.message_id = STR_INIT("Message-ID: <5d0a@d>\r\n") },
};

static bool holds(str text, str part)
{
	return memmem(text.data, text.len, part.data, part.len) != NULL;
}

static void test_senders_of_emails(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		struct settings settings = { .smtp_from = senders[i].smtp_from };
		struct outbox_message message = sample();
		message.sender = senders[i].sender;
		str mail = email_compose(&settings, *state, &message);
		assert_true(holds(mail, senders[i].from));
		assert_true(holds(mail, senders[i].message_id));
		assert_true(holds(mail, STR("text/html")));
		assert_false(holds(mail, STR("Reply-To")));
	}
}

static void test_replies(void **state)
{
	struct outbox_message message = sample();
	message.reply_to = STR("Help <help@example.com>");
	str mail = email_compose(&without_server, *state, &message);
	assert_true(holds(mail, STR("Reply-To: <help@example.com>\r\n")));
	message.reply_to = STR("help\r\nBcc: x@y");
	mail = email_compose(&without_server, *state, &message);
	assert_true(str_is_set(mail));
	assert_false(holds(mail, STR("Bcc")));
}

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_server_that_is_not_there),
		cmocka_unit_test(test_addresses_that_nobody_takes),
		cmocka_unit_test(test_senders_of_emails),
		cmocka_unit_test(test_replies),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
