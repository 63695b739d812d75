/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "delivery/envelope.h"

#include "base/fatal.h"
#include "crypto/seal.h"
#include "delivery/template.h"
#include "unit/cases.h"

#define KEY    STR("0123456789abcdef0123456789abcdef")
#define OTHER  STR("fedcba9876543210fedcba9876543210")
#define ROW_ID STR("7c6bd5a1-2f4c-4e0c-9a55-2f5a8a0e8c11")

struct fixture {
	struct arena *arena;
	struct sealer *sealer;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct fixture *fixture = ARENA_NEW(arena, struct fixture);
	*fixture = (struct fixture){ .arena = arena, .sealer = sealer_new(KEY) };
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = fixture->arena;
	sealer_free(&fixture->sealer);
	arena_free(&arena);
	return 0;
}

static const struct outbox_message messages[] = {
	{ .recipient = STR_INIT("jane@example.com"),
		.subject = STR_INIT("s"),
		.body = STR_INIT("<b>1</b>"),
		.sender = STR_INIT("Shop <a@b>"),
		.reply_to = STR_INIT("c@d") },
	{ .recipient = STR_INIT("+15555551234"), .body = STR_INIT("\"quoted\" \\ \n\r\t\x01") },
	{ .recipient = STR_INIT("\xc3\xa9va@\xe4\xbe\x8b.jp"),
		.subject = STR_INIT(""),
		.body = STR_INIT("\xf0\x9f\x94\x91") },
};

static void assert_same(str actual, str expected)
{
	assert_str_equal(actual, expected);
	assert_int_equal(str_is_set(actual), str_is_set(expected));
}

static void gives_back_what_it_took(void **state)
{
	const struct fixture *fixture = *state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct outbox_message message = { .medium = OUTBOX_SMS };
		str sealed = envelope_close(fixture->sealer, fixture->arena, ROW_ID, &messages[i]);
		assert_true(envelope_open(fixture->sealer, fixture->arena, ROW_ID, sealed, &message));
		assert_same(message.recipient, messages[i].recipient);
		assert_same(message.subject, messages[i].subject);
		assert_same(message.body, messages[i].body);
		assert_same(message.sender, messages[i].sender);
		assert_same(message.reply_to, messages[i].reply_to);
		assert_int_equal(message.medium, OUTBOX_SMS);
	}
}

static void hides_what_it_holds(void **state)
{
	const struct fixture *fixture = *state;
	str sealed = envelope_close(fixture->sealer, fixture->arena, ROW_ID, &messages[0]);
	assert_null(memmem(sealed.data, sealed.len, "jane", 4));
	assert_null(memmem(sealed.data, sealed.len, "<b>1", 4));
}

static void opens_for_its_row_and_key_alone(void **state)
{
	const struct fixture *fixture = *state;
	struct outbox_message message;
	str sealed = envelope_close(fixture->sealer, fixture->arena, ROW_ID, &messages[0]);
	assert_false(envelope_open(fixture->sealer, fixture->arena, STR("another"), sealed, &message));
	assert_false(envelope_open(fixture->sealer, fixture->arena, ROW_ID, STR(""), &message));
	struct sealer *other = sealer_new(OTHER);
	assert_false(envelope_open(other, fixture->arena, ROW_ID, sealed, &message));
	assert_true(sealer_add_old_key(other, KEY));
	assert_true(envelope_open(other, fixture->arena, ROW_ID, sealed, &message));
	sealer_free(&other);
}

static void refuses_what_is_no_message(void **state)
{
	const struct fixture *fixture = *state;
	str identity = arena_printf(fixture->arena, "outbox_message:%.*s:message", STR_ARG(ROW_ID));
	static const str texts[] = { STR_INIT(""), STR_INIT("{"), STR_INIT("[]") };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct outbox_message message;
		str sealed = seal_close(fixture->sealer, fixture->arena, texts[i], identity);
		assert_false(envelope_open(fixture->sealer, fixture->arena, ROW_ID, sealed, &message));
	}
}

static void takes_the_longest_template_and_no_more(void **state)
{
	const struct fixture *fixture = *state;
	struct outbox_message message = messages[0], opened;
	char *body = memset(arena_alloc(fixture->arena, 4 * TEMPLATE_MAX), 'a', 4 * TEMPLATE_MAX);
	message.body = (str){ body, TEMPLATE_MAX };
	str sealed = envelope_close(fixture->sealer, fixture->arena, ROW_ID, &message);
	assert_true(envelope_open(fixture->sealer, fixture->arena, ROW_ID, sealed, &opened));
	assert_str_equal(opened.body, message.body);
	message.body.len = 4 * TEMPLATE_MAX;
	assert_false(str_is_set(envelope_close(fixture->sealer, fixture->arena, ROW_ID, &message)));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(gives_back_what_it_took),
		CASE(hides_what_it_holds),
		CASE(opens_for_its_row_and_key_alone),
		CASE(refuses_what_is_no_message),
		CASE(takes_the_longest_template_and_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
