/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_message.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "unit/userpool/mailbox.h"
#include "userpool/pool.h"

#define VERIFICATION(members) "{\"PoolName\":\"p\",\"VerificationMessageTemplate\":{" members "}}"
#define INVITATION(members)                                                                                  \
	"{\"PoolName\":\"p\",\"AdminCreateUserConfig\":{\"InviteMessageTemplate\":{" members "}}}"

enum { PLAIN, OWN_TEXTS, OWN_LINK, OLD_TEXTS, SUBJECT_ONLY, INVITING, INVITING_BY_SMS, SENDER, POOLS };

static const char *const pool_settings[POOLS] = {
	[PLAIN] = "{\"PoolName\":\"p\"}",
	[OWN_TEXTS] = VERIFICATION(
		"\"EmailSubject\":\"For {username}: {####}\","
		"\"EmailMessage\":\"<b>{username}</b> {####} {####}\",\"SmsMessage\":\"{####} {username}\""),
	[OWN_LINK] = VERIFICATION("\"EmailSubjectByLink\":\"{username} {##go##}\","
				  "\"EmailMessageByLink\":\"<p>{username} {##go##} {####}</p>\","
				  "\"EmailSubject\":\"no\",\"EmailMessage\":\"no {####}\""),
	[OLD_TEXTS] =
		"{\"PoolName\":\"p\",\"EmailVerificationSubject\":\"old subject\","
		"\"EmailVerificationMessage\":\"old {####}\",\"SmsVerificationMessage\":\"old sms {####}\"}",
	[SUBJECT_ONLY] = VERIFICATION("\"EmailSubject\":\"mine\""),
	[INVITING] = INVITATION("\"EmailSubject\":\"Hello\",\"EmailMessage\":\"<p>{username}: {####}</p>\","
				"\"SMSMessage\":\"{username}: {####}\""),
	[INVITING_BY_SMS] = INVITATION("\"SMSMessage\":\"only here: {username} {####}\""),
	[SENDER] = "{\"PoolName\":\"p\",\"EmailConfiguration\":{\"From\":\"Us <us@example.com>\","
		   "\"ReplyToEmailAddress\":\"help@example.com\"}}",
};

static str pool_ids[POOLS];

static int set_up(void **state)
{
	house_set_up(state);
	for (size_t i = 0; i < POOLS; i++)
		pool_ids[i] = house_pool(*state, pool_settings[i]);
	return 0;
}

/* --- Addresses --- */

static struct user user_with(struct request *request, const char *attributes)
{
	return (struct user){ .attributes = house_attributes(request, attributes) };
}

static void test_addresses(void **state)
{
	struct request *request = house_request(*state);
	struct user user = user_with(request, "email=j@example.com,phone_number=+15555550100");
	struct user_address mail = user_message_address(&user, DELIVERY_MEDIUM_TYPE_EMAIL);
	struct user_address phone = user_message_address(&user, DELIVERY_MEDIUM_TYPE_SMS);
	assert_str_equal(mail.attribute, STR("email"));
	assert_str_equal(mail.value, STR("j@example.com"));
	assert_int_equal(mail.medium, DELIVERY_MEDIUM_TYPE_EMAIL);
	assert_str_equal(phone.attribute, STR("phone_number"));
	assert_str_equal(phone.value, STR("+15555550100"));
	assert_int_equal(phone.medium, DELIVERY_MEDIUM_TYPE_SMS);
	static const char *const without[] = { "name=J", "email=,phone_number=", "" };
	for (size_t i = 0; i < ARRAY_LEN(without); i++) {
		user = user_with(request, without[i]);
		assert_false(str_is_set(user_message_address(&user, DELIVERY_MEDIUM_TYPE_EMAIL).attribute));
		assert_false(str_is_set(user_message_address(&user, DELIVERY_MEDIUM_TYPE_SMS).attribute));
	}
	request_free(&request);
}

static const struct {
	const char *auto_verified, *attributes;
	const char *attribute; /* NULL: nowhere */
} verifications[] = {
	{ "", "email=j@example.com,phone_number=+15555550100", NULL },
	{ "\"email\"", "email=j@example.com,phone_number=+15555550100", "email" },
	{ "\"phone_number\"", "email=j@example.com,phone_number=+15555550100", "phone_number" },
	{ "\"email\",\"phone_number\"", "email=j@example.com,phone_number=+15555550100", "phone_number" },
	{ "\"phone_number\",\"email\"", "email=j@example.com", "email" },
	{ "\"email\"", "phone_number=+15555550100", NULL },
	{ "\"phone_number\"", "email=j@example.com,phone_number=", NULL },
};

static void test_verification_addresses(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(verifications); i++) {
		struct request *request = house_request(*state);
		str json =
			arena_printf(request->arena, "{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[%s]}",
				verifications[i].auto_verified);
		const struct user_pool *pool;
		struct user user = user_with(request, verifications[i].attributes);
		assert_ok(request, pool_find(request, house_pool(*state, json.data), &pool));
		struct user_address address = user_message_verification_address(pool, &user);
		assert_int_equal(str_is_set(address.attribute), verifications[i].attribute != NULL);
		assert_str_equal(address.attribute, str_of(verifications[i].attribute));
		request_free(&request);
	}
}

static void test_details(void **state)
{
	static const struct {
		struct user_address address;
		const char *destination;
	} cases[] = {
		{ { DELIVERY_MEDIUM_TYPE_EMAIL, STR_INIT("email"), STR_INIT("jane@example.com") },
			"j***@e***" },
		{ { DELIVERY_MEDIUM_TYPE_EMAIL, STR_INIT("email"), STR_INIT("a@b") }, "a***@b***" },
		{ { DELIVERY_MEDIUM_TYPE_SMS, STR_INIT("phone_number"), STR_INIT("+15555551234") },
			"+*******1234" },
		{ { DELIVERY_MEDIUM_TYPE_SMS, STR_INIT("phone_number"), STR_INIT("+123") }, "+*******" },
	};
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct code_delivery_details_type *details = user_message_details(request, &cases[i].address);
		assert_str_equal(details->destination, str_of(cases[i].destination));
		assert_str_equal(details->attribute_name, cases[i].address.attribute);
		assert_int_equal(details->delivery_medium, cases[i].address.medium);
	}
	request_free(&request);
}

/* --- Texts --- */

struct sending {
	const struct user_pool *pool;
	struct user_address address;
	enum template_kind kind;
	str secret, name;
};

static RESULT send(struct request *request, void *context)
{
	const struct sending *sending = context;
	return user_message_send(
		request, sending->pool, &sending->address, sending->kind, sending->secret, sending->name);
}

static RESULT send_in(struct request *request, size_t pool, enum delivery_medium_type medium,
	enum template_kind kind, const char *secret, const char *name)
{
	static const str recipients[] = { [DELIVERY_MEDIUM_TYPE_SMS] = STR_INIT("+15555550100"),
		[DELIVERY_MEDIUM_TYPE_EMAIL] = STR_INIT("j@example.com") };
	struct sending sending = {
		.address = { medium, STR("x"), recipients[medium] },
		.kind = kind,
		.secret = str_of(secret),
		.name = str_of(name),
	};
	assert_ok(request, pool_find(request, pool_ids[pool], &sending.pool));
	return store_write(request, send, &sending);
}

#define MAIL   DELIVERY_MEDIUM_TYPE_EMAIL
#define SMS    DELIVERY_MEDIUM_TYPE_SMS
#define VERIFY TEMPLATE_VERIFICATION
#define LINK   TEMPLATE_VERIFICATION_LINK
#define INVITE TEMPLATE_INVITATION

static const struct {
	size_t pool;
	enum delivery_medium_type medium;
	enum template_kind kind;
	const char *secret, *name;
	const char *subject, *body;
} texts[] = {
	{ PLAIN, MAIL, VERIFY, "123456", "jane", "Your verification code",
		"Your confirmation code is 123456" },
	{ PLAIN, SMS, VERIFY, "123456", "jane", NULL, "Your confirmation code is 123456" },
	{ PLAIN, MAIL, INVITE, "pass<word", "j&k", "Your temporary password",
		"Your username is j&amp;k and temporary password is pass&lt;word." },
	{ PLAIN, SMS, INVITE, "pass<word", "j&k", NULL,
		"Your username is j&k and temporary password is pass<word." },
	{ OWN_TEXTS, MAIL, VERIFY, "123456", "<jane>", "For <jane>: 123456",
		"<b>&lt;jane&gt;</b> 123456 123456" },
	{ OWN_TEXTS, SMS, VERIFY, "123456", "<jane>", NULL, "123456 <jane>" },
	{ OWN_TEXTS, MAIL, VERIFY, "123456", "{####}", "For {####}: 123456", "<b>{####}</b> 123456 123456" },
	{ OWN_TEXTS, MAIL, INVITE, "secret", "jane", "Your temporary password",
		"Your username is jane and temporary password is secret." },
	{ PLAIN, MAIL, LINK, "https://x/?a=1&b=2", "jane", "Your verification link",
		"Follow this link to verify your e-mail address: "
		"<a href=\"https://x/?a=1&amp;b=2\">Verify e-mail</a>" },
	/* A subject shows where a link must not. */
	{ OWN_LINK, MAIL, LINK, "https://x/?a=\"><b>", "<j>", "<j> {##go##}",
		"<p>&lt;j&gt; <a href=\"https://x/?a=&quot;&gt;&lt;b&gt;\">go</a> {####}</p>" },
	{ OLD_TEXTS, MAIL, VERIFY, "123456", "jane", "old subject", "old 123456" },
	{ OLD_TEXTS, SMS, VERIFY, "123456", "jane", NULL, "old sms 123456" },
	{ SUBJECT_ONLY, MAIL, VERIFY, "123456", "jane", "mine", "Your confirmation code is 123456" },
	{ INVITING, MAIL, INVITE, "secret", "jane", "Hello", "<p>jane: secret</p>" },
	{ INVITING, SMS, INVITE, "secret", "jane", NULL, "jane: secret" },
	{ INVITING, MAIL, VERIFY, "123456", "jane", "Your verification code",
		"Your confirmation code is 123456" },
	{ INVITING_BY_SMS, SMS, INVITE, "secret", "jane", NULL, "only here: jane secret" },
	{ INVITING_BY_SMS, MAIL, INVITE, "secret", "jane", "Your temporary password",
		"Your username is jane and temporary password is secret." },
};

static void test_texts(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct request *request = house_request(*state);
		mailbox_empty();
		assert_ok(request, send_in(request, texts[i].pool, texts[i].medium, texts[i].kind,
					   texts[i].secret, texts[i].name));
		assert_int_equal(mailbox_count(), 1);
		const struct outbox_message *message = mailbox_message(0);
		assert_int_equal(message->medium, texts[i].medium == MAIL ? OUTBOX_EMAIL : OUTBOX_SMS);
		assert_str_equal(message->recipient,
			texts[i].medium == MAIL ? STR("j@example.com") : STR("+15555550100"));
		assert_str_equal(message->subject, str_of(texts[i].subject));
		assert_str_equal(message->body, str_of(texts[i].body));
		assert_str_equal(message->pool_id, pool_ids[texts[i].pool]);
		request_free(&request);
	}
}

static void test_sender(void **state)
{
	struct request *request = house_request(*state);
	assert_ok(request, send_in(request, SENDER, MAIL, VERIFY, "123456", "jane"));
	assert_str_equal(mailbox_message(0)->sender, STR("Us <us@example.com>"));
	assert_str_equal(mailbox_message(0)->reply_to, STR("help@example.com"));
	assert_ok(request, send_in(request, SENDER, SMS, VERIFY, "123456", "jane"));
	assert_false(str_is_set(mailbox_message(0)->sender) || str_is_set(mailbox_message(0)->reply_to));
	assert_ok(request, send_in(request, PLAIN, MAIL, VERIFY, "123456", "jane"));
	assert_false(str_is_set(mailbox_message(0)->sender) || str_is_set(mailbox_message(0)->reply_to));
	request_free(&request);
}

/* A text that names the user so often that nothing can be sent. */
static void test_text_that_is_too_long(void **state)
{
	struct request *request = house_request(*state);
	struct buf text = buf_new(request->arena, 64 * 1024);
	char name[129] = "";
	memset(name, '"', sizeof name - 1); /* each becomes six bytes */
	while (text.len + 10 < 20000)
		buf_add(&text, STR("{username}"));
	str json = arena_printf(request->arena, VERIFICATION("\"EmailMessage\":\"%.*s{####}\""),
		STR_ARG(str_slice(buf_str(&text), 0, 19990)));
	struct sending sending = {
		.address = { MAIL, STR("email"), STR("j@example.com") },
		.kind = VERIFY,
		.secret = STR("123456"),
		.name = str_of(name),
	};
	assert_ok(request, pool_find(request, house_pool(*state, json.data), &sending.pool));
	assert_refused(request, store_write(request, send, &sending), ERROR_CODE_DELIVERY_FAILURE,
		"The message cannot be sent.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_verification_addresses),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_sender),
		cmocka_unit_test(test_text_that_is_too_long),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
