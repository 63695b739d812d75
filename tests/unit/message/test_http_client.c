/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* strcasestr */
#include "message/http_client.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "unit/cases.h"
#include "unit/message/responder.h"

enum { ANSWER_MAX = 16, SECONDS = 5 };

static const struct message_header headers[] = {
	{ STR_INIT("Content-Type"), STR_INIT("text/odd") },
	{ STR_INIT("X-Own"), STR_INIT("a b") },
};

static struct http_client_request request_to(struct arena *arena, unsigned port)
{
	return (struct http_client_request){
		.method = STR("POST"),
		.url = arena_printf(arena, "http://127.0.0.1:%u/path?q=1", port),
		.headers = headers,
		.header_count = ARRAY_LEN(headers),
		.body = STR("body."),
		.seconds = SECONDS,
		.answer_max = ANSWER_MAX,
	};
}

static const struct {
	const char *name, *answer;
	enum http_client_outcome outcome;
	unsigned status;
	const char *body;
	enum { WHOLE, CUT, SILENT } end;
} cases[] = {
	{ "all is well", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", HTTP_CLIENT_ANSWERED, 200, "ok", WHOLE },
	{ "empty", "HTTP/1.1 204 No\r\n\r\n", HTTP_CLIENT_ANSWERED, 204, "", WHOLE },
	{ "until the end", "HTTP/1.0 200 OK\r\n\r\nok", HTTP_CLIENT_ANSWERED, 200, "ok", WHOLE },
	{ "after a hint", "HTTP/1.1 103 H\r\n\r\nHTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n", HTTP_CLIENT_ANSWERED,
		201, "", WHOLE },
	{ "an error", "HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy", HTTP_CLIENT_ANSWERED, 503, "busy", WHOLE },
	{ "elsewhere", "HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
		HTTP_CLIENT_ANSWERED, 302, "", WHOLE },
	{ "as long as may be", "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n0123456789abcdef", HTTP_CLIENT_ANSWERED,
		200, "0123456789abcdef", WHOLE },
	{ "too long", "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n0123456789abcdefg", HTTP_CLIENT_ANSWERED, 200,
		"0123456789abcdef", CUT },
	{ "cut off", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", HTTP_CLIENT_ANSWERED, 200, "ok",
		CUT },
	{ "cut at once", NULL, HTTP_CLIENT_UNANSWERED, 0, "", CUT },
	{ "cut after a hint", "HTTP/1.1 103 H\r\n\r\n", HTTP_CLIENT_UNANSWERED, 0, "", CUT },
	{ "no HTTP", "220 mail.example.com ready\r\n", HTTP_CLIENT_UNANSWERED, 0, "", CUT },
	{ "silent", "", HTTP_CLIENT_UNANSWERED, 0, "", SILENT },
};

static void test_outcomes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct responder responder = { .answer = cases[i].answer, .is_slow = cases[i].end == SILENT };
		struct http_client_answer answer;
		str problem = STR_NONE;
		responder_start(&responder);
		struct http_client_request request = request_to(*state, responder.port);
		if (cases[i].end == SILENT)
			request.seconds = 1;
		enum http_client_outcome outcome = http_client_send(*state, &request, &answer, &problem);
		assert_case(outcome == cases[i].outcome, cases[i].name);
		assert_case(outcome != HTTP_CLIENT_ANSWERED || answer.status == cases[i].status, cases[i].name);
		assert_case(str_equal(answer.body, str_of(cases[i].body)), cases[i].name);
		assert_case(answer.is_whole == (cases[i].end == WHOLE), cases[i].name);
		assert_case(str_is_set(problem) == (outcome != HTTP_CLIENT_ANSWERED), cases[i].name);
		responder_stop(&responder);
	}
}

static void assert_hears(struct responder *responder, const char *line, bool is_there)
{
	assert_case((strcasestr(responder_heard(responder).data, line) != NULL) == is_there, line);
}

static void test_what_is_sent(void **state)
{
	struct responder responder = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };
	struct http_client_answer answer;
	str problem;
	responder_start(&responder);
	struct http_client_request request = request_to(*state, responder.port);
	assert_int_equal(http_client_send(*state, &request, &answer, &problem), HTTP_CLIENT_ANSWERED);
	assert_true(str_has_prefix(responder_heard(&responder), STR("POST /path?q=1 HTTP/1.1\r\n")));
	assert_hears(&responder, "\r\nContent-Type: text/odd\r\n", true);
	assert_hears(&responder, "\r\nX-Own: a b\r\n", true);
	assert_hears(&responder, "\r\nUser-Agent: poolwarden/", true);
	assert_hears(&responder, "\r\nContent-Length: 5\r\n", true);
	assert_hears(&responder, "\r\nExpect:", false);
	assert_hears(&responder, "\r\nCookie:", false);
	assert_hears(&responder, "\r\nAccept-Encoding:", false);
	assert_hears(&responder, "urlencoded", false);
	responder_stop(&responder);
}

static void test_without_body(void **state)
{
	static const struct message_header last = { STR_INIT("Bodyless"), STR_INIT("yes") };
	struct responder responder = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };
	struct http_client_answer answer;
	str problem;
	responder_start(&responder);
	struct http_client_request request = request_to(*state, responder.port);
	request.method = STR("GET");
	request.body = STR_NONE;
	request.headers = &last;
	request.header_count = 1;
	assert_int_equal(http_client_send(*state, &request, &answer, &problem), HTTP_CLIENT_ANSWERED);
	assert_hears(&responder, "GET /path?q=1 HTTP/1.1\r\n", true);
	assert_hears(&responder, "Content-Length", false);
	responder_stop(&responder);
}

/* The server takes one connection and no other. */
static void test_connection_is_kept(void **state)
{
	struct responder responder = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .requests = 3 };
	struct http_client_answer answer;
	str problem;
	responder_start(&responder);
	const struct http_client_request request = request_to(*state, responder.port);
	for (size_t i = 0; i < responder.requests; i++)
		assert_int_equal(http_client_send(*state, &request, &answer, &problem), HTTP_CLIENT_ANSWERED);
	responder_stop(&responder);
}

static const struct {
	const char *url, *proxy;
} unreachable[] = {
	{ "http://127.0.0.1:1/", NULL },
	{ "http://nowhere.invalid/", NULL },
	{ "ftp://127.0.0.1/", NULL },
	{ "file:///etc/passwd", NULL },
	{ "nonsense://", NULL },
	{ "http://127.0.0.1/", "http://127.0.0.1:1" },
};

static void test_unreachable(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(unreachable); i++) {
		struct http_client_answer answer;
		str problem = STR_NONE;
		struct http_client_request request = request_to(*state, 0);
		request.url = str_of(unreachable[i].url);
		request.proxy = str_of(unreachable[i].proxy);
		assert_case(http_client_send(*state, &request, &answer, &problem) == HTTP_CLIENT_UNREACHABLE,
			unreachable[i].url);
		assert_case(str_is_set(problem) && !answer.is_whole, unreachable[i].url);
	}
}

/* The proxy gets what the server would. */
static void test_proxy(void **state)
{
	struct responder responder = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };
	struct http_client_answer answer;
	str problem;
	responder_start(&responder);
	struct http_client_request request = request_to(*state, 0);
	request.url = STR("http://nowhere.invalid/path");
	request.proxy = arena_printf(*state, "http://127.0.0.1:%u", responder.port);
	assert_int_equal(http_client_send(*state, &request, &answer, &problem), HTTP_CLIENT_ANSWERED);
	assert_hears(&responder, "POST http://nowhere.invalid/path HTTP/1.1\r\n", true);
	responder_stop(&responder);
}

/* What the environment says would lead nowhere. */
static int make_arena(void **state)
{
	*state = arena_new();
	return setenv("http_proxy", "http://127.0.0.1:1", 1) || setenv("ALL_PROXY", "http://127.0.0.1:1", 1) ||
	       setenv("no_proxy", "*", 1);
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
		cmocka_unit_test(test_what_is_sent),
		cmocka_unit_test(test_without_body),
		cmocka_unit_test(test_connection_is_kept),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_proxy),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
