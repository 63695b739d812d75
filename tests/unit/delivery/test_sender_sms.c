/* SPDX-License-Identifier: Apache-2.0 */
/* Text messages over HTTP: what is said, and what the answers mean. */
#define _GNU_SOURCE /* strcasestr */
#include "delivery/sender.h"

#include "base/fatal.h"
#include "base/settings.h"
#include "unit/cases.h"
#include "unit/message/responder.h"

#define SECRET "0123456789abcdef-webhook"

static const struct outbox_message sample = {
	.medium = OUTBOX_SMS,
	.id = STR_INIT("5d0a0000-0000-4000-8000-000000000000"),
	.pool_id = STR_INIT("us-east-1_Pool"),
	.recipient = STR_INIT("+15555551234"),
	.body = STR_INIT("Your \"code\" is 123456 & good"),
};

static struct settings settings_to(struct arena *arena, unsigned port)
{
	str url = arena_printf(arena, "http://127.0.0.1:%u/sms", port);
	return (struct settings){
		.sms_webhook_url = url,
		.sms_webhook_secret = STR(SECRET),
		.sns_url = url,
		.sns_region = STR("eu-west-1"),
		.sns_access_key_id = STR("AKIDEXAMPLE12345"),
		.sns_secret_access_key = STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
	};
}

#define ANSWER(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n\r\n"
#define FAULT(status, code)                                                                      \
	"HTTP/1.1 " status "\r\nConnection: close\r\n\r\n"                                       \
	"<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>" \
	"<Code>" code "</Code><Message>about 123456</Message></Error></ErrorResponse>"

static const struct {
	const struct sender *sender;
	const char *answer;
	enum sender_outcome outcome;
	const char *problem;
} cases[] = {
	{ &sender_sms_webhook, ANSWER("200 OK"), SENDER_SENT, NULL },
	{ &sender_sms_webhook, ANSWER("202 Later"), SENDER_SENT, NULL },
	{ &sender_sms_webhook, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut", SENDER_SENT, NULL },
	{ &sender_sms_webhook, ANSWER("400 Bad"), SENDER_REFUSED, "the service answers with status 400" },
	{ &sender_sms_webhook, ANSWER("401 Who"), SENDER_REFUSED, "the service answers with status 401" },
	{ &sender_sms_webhook, ANSWER("404 No"), SENDER_REFUSED, "the service answers with status 404" },
	{ &sender_sms_webhook, ANSWER("408 Slow"), SENDER_DEFERRED, "the service answers with status 408" },
	{ &sender_sms_webhook, ANSWER("429 Much"), SENDER_DEFERRED, "the service answers with status 429" },
	{ &sender_sms_webhook, ANSWER("307 There\r\nLocation: /"), SENDER_DEFERRED,
		"the service answers with status 307" },
	{ &sender_sms_webhook, ANSWER("500 Oops"), SENDER_DEFERRED, "the service answers with status 500" },
	{ &sender_sms_webhook, ANSWER("503 Later"), SENDER_DEFERRED, "the service answers with status 503" },
	{ &sender_sms_webhook, NULL, SENDER_DEFERRED, NULL },
	{ &sender_sns, ANSWER("200 OK"), SENDER_SENT, NULL },
	{ &sender_sns, FAULT("400 Bad", "InvalidParameter"), SENDER_REFUSED,
		"the service answers with status 400: InvalidParameter" },
	{ &sender_sns, FAULT("400 Bad", "OptedOut"), SENDER_REFUSED, "the service answers with status 400: OptedOut" },
	{ &sender_sns, FAULT("400 Bad", "Throttling"), SENDER_DEFERRED,
		"the service answers with status 400: Throttling" },
	{ &sender_sns, FAULT("403 No", "SignatureDoesNotMatch"), SENDER_DOWN,
		"the service answers with status 403: SignatureDoesNotMatch" },
	{ &sender_sns, FAULT("400 No", "RequestExpired"), SENDER_DOWN,
		"the service answers with status 400: RequestExpired" },
	{ &sender_sns, FAULT("403 No", ""), SENDER_DOWN, "the service answers with status 403" },
	{ &sender_sns, FAULT("404 No", "123456"), SENDER_REFUSED, "the service answers with status 404" },
	{ &sender_sns, FAULT("429 Much", "Throttled"), SENDER_DEFERRED, "the service answers with status 429" },
	{ &sender_sns, FAULT("500 Oops", "InternalError"), SENDER_DEFERRED, "the service answers with status 500" },
	{ &sender_sns, NULL, SENDER_DEFERRED, NULL },
};

static void test_outcomes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct responder responder = { .answer = cases[i].answer };
		str problem = STR_NONE;
		responder_start(&responder);
		const struct settings settings = settings_to(*state, responder.port);
		enum sender_outcome outcome = cases[i].sender->send(&settings, *state, &sample, &problem);
		const char *name = cases[i].answer ? cases[i].answer : "cut";
		assert_case(outcome == cases[i].outcome, name);
		if (cases[i].problem)
			assert_str_equal(problem, str_of(cases[i].problem));
		assert_case(outcome == SENDER_SENT || !str_is_empty(problem), name);
		responder_stop(&responder);
	}
}

static void assert_says(const char *heard, const char *part)
{
	if (!strstr(heard, part))
		fail_msg("\"%s\" is not in \"%s\"", part, heard);
}

static const char *said_by(struct arena *arena, const struct sender *sender, const struct settings *settings,
	struct responder *responder)
{
	str problem;
	assert_int_equal(sender->send(settings, arena, &sample, &problem), SENDER_SENT);
	return responder_heard(responder).data;
}

static void test_webhook(void **state)
{
	struct responder responder = { .answer = ANSWER("200 OK") };
	responder_start(&responder);
	const struct settings settings = settings_to(*state, responder.port);
	const char *heard = said_by(*state, &sender_sms_webhook, &settings, &responder);
	assert_says(heard, "POST /sms HTTP/1.1\r\n");
	assert_says(heard, "\r\nContent-Type: application/json\r\n");
	assert_says(heard, "\r\nIdempotency-Key: 5d0a0000-0000-4000-8000-000000000000\r\n");
	assert_says(heard, "\r\nAuthorization: Bearer " SECRET "\r\n");
	assert_says(heard, "\r\n\r\n{\"to\":\"+15555551234\",\"body\":\"Your \\\"code\\\" is 123456 & good\","
			   "\"pool\":\"us-east-1_Pool\",\"id\":\"5d0a0000-0000-4000-8000-000000000000\"}");
	responder_stop(&responder);
}

static void test_webhook_without_secret(void **state)
{
	struct responder responder = { .answer = ANSWER("200 OK") };
	responder_start(&responder);
	struct settings settings = settings_to(*state, responder.port);
	settings.sms_webhook_secret = STR_NONE;
	assert_null(strstr(said_by(*state, &sender_sms_webhook, &settings, &responder), "Authorization"));
	responder_stop(&responder);
}

static void test_sns(void **state)
{
	struct responder responder = { .answer = ANSWER("200 OK") };
	responder_start(&responder);
	const struct settings settings = settings_to(*state, responder.port);
	const char *heard = said_by(*state, &sender_sns, &settings, &responder);
	assert_says(heard, "POST /sms HTTP/1.1\r\n");
	assert_says(heard, arena_printf(*state, "\r\nHost: 127.0.0.1:%u\r\n", responder.port).data);
	assert_null(strcasestr(strcasestr(heard, "\r\nHost:") + 1, "\r\nHost:"));
	assert_says(heard, "\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\n");
	assert_says(heard, "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE12345/");
	assert_says(heard, "/eu-west-1/sns/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=");
	assert_says(heard, "\r\n\r\nAction=Publish&Message=Your%20%22code%22%20is%20123456%20%26%20good&");
	assert_says(heard, "&PhoneNumber=%2B15555551234&Version=2010-03-31");
	responder_stop(&responder);
}

static void test_nobody_there(void **state)
{
	static const struct sender *const senders[] = { &sender_sms_webhook, &sender_sns };
	const struct settings settings = settings_to(*state, 1);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		str problem = STR_NONE;
		assert_int_equal(senders[i]->send(&settings, *state, &sample, &problem), SENDER_DOWN);
		assert_false(str_is_empty(problem));
	}
}

static void test_no_number(void **state)
{
	static const struct sender *const senders[] = { &sender_sms_webhook, &sender_sns };
	const struct settings settings = settings_to(*state, 1);
	struct outbox_message message = sample;
	message.recipient = STR("jane@example.com");
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		str problem = STR_NONE;
		assert_int_equal(senders[i]->send(&settings, *state, &message, &problem), SENDER_REFUSED);
		assert_str_equal(problem, STR("recipient is no phone number"));
	}
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
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_webhook),
		cmocka_unit_test(test_webhook_without_secret),
		cmocka_unit_test(test_sns),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_no_number),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
