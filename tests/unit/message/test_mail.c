/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "message/mail.h"

static struct mail sample(void)
{
	return (struct mail){
		.from = STR("no-reply@example.com"),
		.to = STR("user@example.com"),
		.subject = STR("Your code"),
		.text = STR("Your code is 123456"),
		.date = 1795523999000,
		.message_id = STR("42@example.com"),
	};
}

static void test_whole_message(void **state)
{
	struct mail mail = sample();
	assert_str_equal(mail_compose(*state, &mail),
		STR("From: <no-reply@example.com>\r\n"
		    "To: <user@example.com>\r\n"
		    "Subject: Your code\r\n"
		    "Date: Tue, 24 Nov 2026 12:39:59 +0000\r\n"
		    "Message-ID: <42@example.com>\r\n"
		    "MIME-Version: 1.0\r\n"
		    "Content-Type: text/plain; charset=utf-8\r\n"
		    "Content-Transfer-Encoding: quoted-printable\r\n"
		    "\r\n"
		    "Your code is 123456\r\n"));
}

static str part(str whole, const char *from, const char *to)
{
	const char *start = strstr(whole.data, from);
	const char *end = start ? strstr(start + strlen(from), to) : NULL;
	assert_non_null(end);
	return (str){ start + strlen(from), (size_t)(end - start) - strlen(from) };
}

static str composed(struct arena *arena, const struct mail *mail)
{
	str text = arena_copy(arena, mail_compose(arena, mail));
	assert_true(str_is_set(text));
	return text;
}

static void test_subjects(void **state)
{
	static const struct {
		str subject, wanted;
	} cases[] = {
		{ STR_INIT("a = b: c"), STR_INIT("a = b: c") },
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("a\r\nBcc: x@y"), STR_INIT("a  Bcc: x@y") },
		{ STR_INIT("\xc3\xa9t\xc3\xa9"), STR_INIT("=?UTF-8?B?w6l0w6k=?=") },
		{ STR_INIT("=?UTF-8?B?eA==?="), STR_INIT("=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=") },
		/* 44 letters, then a character of two bytes: it goes whole into the second word. */
		{ STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa9"),
			STR_INIT("=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n "
				 "=?UTF-8?B?w6k=?=") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mail mail = sample();
		mail.subject = cases[i].subject;
		assert_str_equal(part(composed(*state, &mail), "Subject: ", "\r\nDate:"), cases[i].wanted);
	}
}

static void test_senders(void **state)
{
	static const struct {
		str from, wanted;
	} cases[] = {
		{ STR_INIT("Example <a@b.c>"), STR_INIT("Example <a@b.c>") },
		{ STR_INIT("\"Example\" <a@b.c>"), STR_INIT("Example <a@b.c>") },
		{ STR_INIT("Example, Inc. <a@b.c>"), STR_INIT("=?UTF-8?B?RXhhbXBsZSwgSW5jLg==?= <a@b.c>") },
		{ STR_INIT("X\r\nBcc: y@z <a@b.c>"), STR_INIT("=?UTF-8?B?WCAgQmNjOiB5QHo=?= <a@b.c>") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mail mail = sample();
		mail.from = cases[i].from;
		assert_str_equal(part(composed(*state, &mail), "From: ", "\r\nTo:"), cases[i].wanted);
		assert_str_equal(mail_bare_address(cases[i].from), STR("a@b.c"));
	}
}

static void test_bodies(void **state)
{
	static const struct {
		str text, wanted;
	} cases[] = {
		{ STR_INIT(""), STR_INIT("") },
		{ STR_INIT("a\nb\r\nc\rd"), STR_INIT("a\r\nb\r\nc\r\nd\r\n") },
		{ STR_INIT("a \nb\t"), STR_INIT("a=20\r\nb=09\r\n") },
		{ STR_INIT("1=1 \xc3\xa9"), STR_INIT("1=3D1 =C3=A9\r\n") },
		{ STR_INIT("a\0b"), STR_INIT("a=00b\r\n") },
		{ STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
			STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\r\n"
				 "aaa\r\n") },
		{ STR_INIT("A long line of text that ends where the line has to be broken: the code is 123456."),
			STR_INIT("A long line of text that ends where the line has to be broken: the code is =\r\n"
				 "123456.\r\n") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mail mail = sample();
		mail.text = cases[i].text;
		str whole = composed(*state, &mail);
		const char *body = strstr(whole.data, "\r\n\r\n") + 4;
		assert_str_equal(str_of(body), cases[i].wanted);
	}
}

static const str bad_addresses[] = {
	STR_INIT(""),
	STR_INIT("a"),
	STR_INIT("@b"),
	STR_INIT("a@"),
	STR_INIT("a@b@c"),
	STR_INIT("a b@c"),
	STR_INIT("a@b\r\nRCPT TO:x"),
	STR_INIT("a@b>"),
	STR_INIT("a@b,c@d"),
	STR_INIT("\xc3\xa9@b"),
	STR_INIT("a\0@b"),
};

static void test_bad_addresses_are_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bad_addresses); i++) {
		struct mail mail = sample();
		mail.to = bad_addresses[i];
		assert_false(str_is_set(mail_compose(*state, &mail)));
		mail = sample();
		mail.from = bad_addresses[i];
		assert_false(str_is_set(mail_compose(*state, &mail)));
		mail = sample();
		mail.reply_to = bad_addresses[i];
		assert_false(str_is_set(mail_compose(*state, &mail)));
	}
}

static void test_replies_may_go_elsewhere(void **state)
{
	struct mail mail = sample();
	mail.reply_to = STR("help@example.com");
	assert_non_null(strstr(composed(*state, &mail).data, "\r\nReply-To: <help@example.com>\r\n"));
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
		cmocka_unit_test(test_whole_message),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_bad_addresses_are_refused),
		cmocka_unit_test(test_replies_may_go_elsewhere),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
