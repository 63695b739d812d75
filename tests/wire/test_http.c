/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes on sockets against the HTTP server with handlers of the test's own. Nothing here depends on how long
   something takes: where order matters, semaphores make it. */
#include "unit/cases.h"

#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "base/fatal.h"
#include "base/log.h"
#include "base/settings.h"
#include "http/server.h"
#include "wire/peer.h"

enum { WORKERS = 2, QUEUE = 1, BODY_LIMIT = 4096 };

static struct settings settings = {
	.listen = STR_INIT("127.0.0.1:0"),
	.http_threads = 1,
	.worker_threads = WORKERS,
	.queue_limit = QUEUE,
	.body_limit = BODY_LIMIT,
	.connection_limit = 64,
	.idle_timeout = 30,
};

static struct http_server *server;
static struct arena *arena;
static sem_t entered, let_go;

static void echo(struct request *request, const struct message_request *message, struct message_response *response)
{
	if (str_equal(message->path, STR("/wait"))) {
		sem_post(&entered);
		sem_wait(&let_go);
	}
	response->status = 200;
	response->body = arena_printf(request->arena, "%.*s %.*s [%.*s] %.*s", STR_ARG(message->method),
		STR_ARG(message->path), STR_ARG(message->query), STR_ARG(message->body));
	message_add_header(response, STR("Content-Type"), STR("text/plain"));
}

static bool answer_ready(
	struct request *request, const struct message_request *message, struct message_response *response)
{
	(void)request;
	if (!str_equal(message->path, STR("/ready")))
		return false;
	response->status = 200;
	response->body = STR("ready-made");
	message_add_header(response, STR("Cache-Control"), STR("max-age=60"));
	return true;
}

static void prepare(struct request *request, void *context)
{
	request->settings = context;
}

static int start(void **state)
{
	static const struct http_handlers handlers = {
		.ready = answer_ready, .blocking = echo, .prepare = prepare, .context = &settings
	};
	str problem = STR("");
	(void)state;
	arena = arena_new();
	sem_init(&entered, 0, 0);
	sem_init(&let_go, 0, 0);
	server = http_server_start(arena, &settings, &handlers, &problem);
	assert_str_equal(problem, STR(""));
	assert_non_null(server);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	http_server_drain_and_stop(&server);
	arena_free(&arena);
	sem_destroy(&entered);
	sem_destroy(&let_go);
	settings.idle_timeout = 30;
	return 0;
}

static struct peer *dial(void)
{
	return peer_dial(http_server_port(server));
}

/* A text of `len` letters. */
static str letters(size_t len)
{
	char *text = arena_alloc(arena, len + 1);
	memset(text, 'x', len);
	return (str){ text, len };
}

/* Whether a fresh connection is served. */
static void assert_serves(void)
{
	struct peer *peer = dial();
	peer_ask(peer, "POST", "/", "", STR("hello"));
	struct peer_reply reply = peer_hear(peer, true);
	assert_int_equal(reply.status, 200);
	assert_str_equal(reply.body, STR("POST / [] hello"));
	peer_hang_up(&peer);
}

/* Says raw bytes on a connection of its own and gives the status of the first answer, 0 for none. */
static unsigned status_of(str bytes)
{
	struct peer *peer = dial();
	peer_say(peer, bytes);
	unsigned status = peer_hear(peer, true).status;
	peer_hang_up(&peer);
	return status;
}

static void test_every_answer_says_who_and_how(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_ask(peer, "PROPFIND", "/a%2Fb?c=%41&d", "", STR(""));
	struct peer_reply reply = peer_hear(peer, true);
	assert_str_equal(reply.body, STR("PROPFIND /a%2Fb [c=%41&d] "));
	assert_int_equal(peer_header(&reply, STR("x-amzn-RequestId")).len, 36);
	assert_str_equal(peer_header(&reply, STR("Cache-Control")), STR("no-store"));
	assert_str_equal(peer_header(&reply, STR("X-Content-Type-Options")), STR("nosniff"));
	assert_true(str_is_set(peer_header(&reply, STR("Date"))));
	assert_str_equal(peer_header(&reply, STR("Content-Type")), STR("text/plain"));
	peer_hang_up(&peer);
}

static void test_connection_is_kept(void **state)
{
	struct peer *peer = dial();
	(void)state;
	for (int i = 0; i < 5; i++) {
		peer_ask(peer, "POST", "/", "", STR("again"));
		assert_str_equal(peer_hear(peer, true).body, STR("POST / [] again"));
		peer_ask(peer, "GET", "/ready", "", STR(""));
		struct peer_reply reply = peer_hear(peer, true);
		assert_str_equal(reply.body, STR("ready-made"));
		assert_str_equal(peer_header(&reply, STR("Cache-Control")), STR("max-age=60"));
	}
	peer_hang_up(&peer);
}

static void test_connection_closes_when_asked(void **state)
{
	static const str asked[] = {
		STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
		STR_INIT("GET / HTTP/1.0\r\n\r\n"),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		struct peer *peer = dial();
		peer_say(peer, asked[i]);
		assert_int_equal(peer_hear(peer, true).status, 200);
		assert_true(peer_hears_end(peer));
		peer_hang_up(&peer);
	}
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_say(peer, STR("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
			   "GET /ready HTTP/1.1\r\nHost: a\r\n\r\n"
			   "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nz"));
	assert_str_equal(peer_hear(peer, true).body, STR("POST /1 [] abc"));
	assert_str_equal(peer_hear(peer, true).body, STR("ready-made"));
	assert_str_equal(peer_hear(peer, true).body, STR("POST /3 [] z"));
	peer_hang_up(&peer);
}

static void test_chunked_body(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_say(peer, STR("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"));
	assert_str_equal(peer_hear(peer, true).body, STR("POST / [] abc0123456789"));
	peer_hang_up(&peer);
}

static void test_absolute_form(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_ask(peer, "GET", "http://localhost/x?y", "", STR(""));
	assert_str_equal(peer_hear(peer, true).body, STR("GET /x [y] "));
	peer_ask(peer, "GET", "http://localhost", "", STR(""));
	assert_str_equal(peer_hear(peer, true).body, STR("GET / [] "));
	peer_hang_up(&peer);
}

static void test_head_is_get_without_body(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_ask(peer, "HEAD", "/ready", "", STR(""));
	struct peer_reply reply = peer_hear(peer, false);
	assert_int_equal(reply.status, 200);
	assert_str_equal(peer_header(&reply, STR("Content-Length")), STR("10"));
	peer_ask(peer, "GET", "/ready", "", STR(""));
	assert_str_equal(peer_hear(peer, true).body, STR("ready-made"));
	peer_hang_up(&peer);
}

static void assert_too_large(const struct peer_reply *reply)
{
	assert_int_equal(reply->status, 413);
	assert_str_equal(peer_header(reply, STR("x-amzn-errortype")), STR("RequestEntityTooLargeException"));
	assert_str_equal(peer_header(reply, STR("Content-Type")), STR("application/x-amz-json-1.1"));
	assert_true(str_has_prefix(reply->body, STR("{\"__type\":\"RequestEntityTooLargeException\",")));
}

static void test_large_body_is_read_and_refused(void **state)
{
	static const size_t sizes[] = { BODY_LIMIT + 1, 1024 * 1024 };
	struct peer *peer = dial();
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		peer_ask(peer, "POST", "/", "", letters(sizes[i]));
		struct peer_reply reply = peer_hear(peer, true);
		assert_too_large(&reply);
	}
	peer_ask(peer, "POST", "/ready", "", letters(BODY_LIMIT));
	assert_int_equal(peer_hear(peer, true).status, 200);
	peer_hang_up(&peer);
}

static void test_large_chunked_body_is_refused(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_say(peer, STR("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1001\r\n"));
	peer_say(peer, letters(BODY_LIMIT + 1));
	peer_say(peer, STR("\r\n0\r\n\r\n"));
	struct peer_reply reply = peer_hear(peer, true);
	assert_too_large(&reply);
	peer_hang_up(&peer);
}

static void test_announced_large_body_is_refused_at_once(void **state)
{
	static const str announced[] = {
		STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\nExpect: 100-continue\r\n\r\n"),
		STR_INIT("PATCH / HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\nExpect: 100-continue\r\n\r\n"),
		STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(announced); i++) {
		struct peer *peer = dial();
		peer_say(peer, announced[i]);
		struct peer_reply reply = peer_hear(peer, true);
		assert_too_large(&reply);
		assert_true(peer_hears_end(peer));
		peer_hang_up(&peer);
	}
}

static void test_expected_body_is_asked_for(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_say(peer, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
	assert_int_equal(peer_hear(peer, false).status, 100);
	peer_say(peer, STR("ok"));
	assert_str_equal(peer_hear(peer, true).body, STR("POST / [] ok"));
	peer_hang_up(&peer);
}

static void test_endless_body_is_cut_off(void **state)
{
	struct peer *peer = dial();
	str piece = arena_printf(arena, "10000\r\n%.*s\r\n", STR_ARG(letters(0x10000)));
	size_t sent = 0;
	(void)state;
	peer_say(peer, STR("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
	while (sent < 64u * 1024 * 1024 && peer_say(peer, piece))
		sent += piece.len;
	assert_true(sent < 64u * 1024 * 1024);
	peer_hang_up(&peer);
	assert_serves();
}

static void test_ambiguous_or_malformed_requests_are_refused(void **state)
{
#define HOST "Host: a\r\n"
	static const struct {
		const char *name;
		str bytes;
	} cases[] = {
		{ "both lengths", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\n"
					   "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
		{ "both, the other way round", STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
							"Content-Length: 5\r\n\r\n0\r\n\r\n") },
		{ "two lengths", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
					  "Content-Length: 2\r\n\r\nab") },
		{ "the same length twice", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n"
						    "Content-Length: 1\r\n\r\na") },
		{ "list of lengths", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\na") },
		{ "signed length", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na") },
		{ "negative length", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\na") },
		{ "empty length", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\na") },
		{ "unknown encoding", STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n"
					       "\r\n0\r\n\r\n") },
		{ "hidden encoding", STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"
					      "0\r\n\r\n") },
		{ "two encodings", STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n"
					    "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n") },
		{ "encoding in 1.0", STR_INIT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
		{ "space before the colon", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length : 1\r\n\r\na") },
		{ "length in the next line", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n 1\r\n\r\na") },
		{ "encoding in the next line", STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\tchunked\r\n"
							"\r\n0\r\n\r\n") },
		{ "length in the line of another", STR_INIT("POST / HTTP/1.1\r\n" HOST "A: b\r\n Content-Length:1\r\n"
							    "\r\na") },
		{ "rest of a name in the next line", STR_INIT("POST / HTTP/1.1\r\n" HOST "Content-Lengt: 1\r\n h\r\n"
							      "\r\na") },
		{ "any header in two lines", STR_INIT("GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n") },
		{ "any header in three lines", STR_INIT("GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n d\r\n\r\n") },
		{ "the last of several", STR_INIT("GET / HTTP/1.1\r\n" HOST "A: b\r\nB: c\r\nC:\r\n d\r\n\r\n") },
		{ "no host", STR_INIT("GET / HTTP/1.1\r\n\r\n") },
		{ "two hosts", STR_INIT("GET / HTTP/1.1\r\n" HOST "Host: b\r\n\r\n") },
		{ "NUL in a name", STR_INIT("GET / HTTP/1.1\r\n" HOST "A\0b: c\r\n\r\n") },
		{ "CR in a value", STR_INIT("GET / HTTP/1.1\r\n" HOST "A: b\rc\r\n\r\n") },
		{ "control character in a value", STR_INIT("GET / HTTP/1.1\r\n" HOST "A: b\x01\r\n\r\n") },
		{ "control character in the method", STR_INIT("G\x01T / HTTP/1.1\r\n" HOST "\r\n") },
		{ "header without a colon", STR_INIT("GET / HTTP/1.1\r\n" HOST "nonsense\r\n\r\n") },
		{ "space in the target", STR_INIT("GET /a b HTTP/1.1\r\n" HOST "\r\n") },
		{ "control character in the target", STR_INIT("GET /a\x01 HTTP/1.1\r\n" HOST "\r\n") },
		{ "raw UTF-8 in the target", STR_INIT("GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n") },
		{ "no path", STR_INIT("GET a HTTP/1.1\r\n" HOST "\r\n") },
		{ "asterisk", STR_INIT("OPTIONS * HTTP/1.1\r\n" HOST "\r\n") },
		{ "bad chunk size", STR_INIT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n") },
	};
#undef HOST
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned status = status_of(cases[i].bytes);
		if (status != 400 && status != 0)
			fail_msg("case \"%s\": status %u", cases[i].name, status);
	}
	assert_serves();
}

/* What follows an ambiguous request must never be taken for a request of its own. */
static void test_nothing_is_smuggled(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_say(peer, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "0\r\n\r\nGET /ready HTTP/1.1\r\nHost: a\r\n\r\n"));
	assert_int_equal(peer_hear(peer, true).status, 400);
	assert_true(peer_hears_end(peer));
	peer_hang_up(&peer);
}

/* A header may have any blanks before its value. */
static void test_headers_of_one_line(void **state)
{
	static const str heads[] = {
		STR_INIT("Content-Length:1"), STR_INIT("Content-Length: 1"), STR_INIT("Content-Length:\t 1"),
		STR_INIT("A:\r\nContent-Length: 1"), STR_INIT("A: \r\nContent-Length: 1\r\nB:"),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct peer *peer = dial();
		peer_say(peer, arena_printf(arena, "POST / HTTP/1.1\r\nHost: a\r\n%.*s\r\n\r\n", STR_ARG(heads[i])));
		peer_say(peer, STR("aGET / HTTP/1.1\r\nHost: a\r\n\r\n"));
		assert_int_equal(peer_hear(peer, true).status, 200);
		assert_int_equal(peer_hear(peer, true).status, 200);
		peer_hang_up(&peer);
	}
}

static void test_large_headers_are_refused(void **state)
{
	str huge = arena_printf(arena, "GET / HTTP/1.1\r\nHost: a\r\nA: %.*s\r\n\r\n", STR_ARG(letters(20000)));
	str target = arena_printf(arena, "GET /%.*s HTTP/1.1\r\nHost: a\r\n\r\n", STR_ARG(letters(20000)));
	str usual = arena_printf(arena, "GET / HTTP/1.1\r\nHost: a\r\nA: %.*s\r\n\r\n", STR_ARG(letters(6000)));
	(void)state;
	assert_int_equal(status_of(huge), 431);
	assert_int_equal(status_of(target), 414);
	assert_int_equal(status_of(usual), 200);
}

/* Another is served before the end comes, so that the server has read what was said by then. */
static void test_broken_off_request_harms_nobody(void **state)
{
	static const str beginnings[] = {
		STR_INIT(""),
		STR_INIT("POS"),
		STR_INIT("POST / HTTP/1.1\r\nHost"),
		STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"),
		STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
		struct peer *peer = dial();
		peer_say(peer, beginnings[i]);
		assert_serves();
		peer_hang_up(&peer);
		assert_serves();
	}
}

/* Its half body stands while another is served by the same, only, HTTP thread. */
static void test_slow_sender_stalls_nobody(void **state)
{
	struct peer *slow = dial();
	(void)state;
	peer_say(slow, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nsl"));
	assert_serves();
	peer_say(slow, STR("o"));
	assert_serves();
	peer_say(slow, STR("w"));
	assert_str_equal(peer_hear(slow, true).body, STR("POST / [] slow"));
	peer_hang_up(&slow);
}

/* Each byte is in time for the gap; the whole is not. Ends by the server's doing, however long that takes. */
static void test_trickling_body_is_ended(void **state)
{
	struct peer *slow = dial();
	(void)state;
	peer_say(slow, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n"));
	size_t said = 0;
	while (said < 3000 && peer_say(slow, STR("x"))) {
		nanosleep(&(struct timespec){ .tv_nsec = 20 * 1000000 }, NULL);
		said++;
	}
	assert_true(said < 3000);
	peer_hang_up(&slow);
	assert_serves();
}

static int start_impatient(void **state)
{
	settings.idle_timeout = 1;
	return start(state);
}

static void fill_workers_and_queue(struct peer *busy[WORKERS + QUEUE])
{
	for (int i = 0; i < WORKERS + QUEUE; i++) {
		busy[i] = dial();
		peer_ask(busy[i], "GET", "/wait", "", STR(""));
		if (i < WORKERS)
			sem_wait(&entered);
	}
}

static void release(struct peer *busy[WORKERS + QUEUE])
{
	for (int i = 0; i < WORKERS + QUEUE; i++)
		sem_post(&let_go);
	for (int i = 0; i < WORKERS + QUEUE; i++) {
		assert_int_equal(peer_hear(busy[i], true).status, 200);
		peer_hang_up(&busy[i]);
	}
}

/* One HTTP thread reads in the order of arrival: the last of the busy has its place in the queue before this peer. */
static void test_full_queue_is_said_at_once(void **state)
{
	struct peer *busy[WORKERS + QUEUE];
	struct peer *peer = dial();
	(void)state;
	fill_workers_and_queue(busy);
	peer_ask(peer, "GET", "/ready", "", STR(""));
	assert_int_equal(peer_hear(peer, true).status, 200);
	peer_ask(peer, "POST", "/", "", STR("one too many"));
	struct peer_reply reply = peer_hear(peer, true);
	assert_int_equal(reply.status, 503);
	assert_str_equal(peer_header(&reply, STR("Retry-After")), STR("1"));
	assert_str_equal(peer_header(&reply, STR("x-amzn-errortype")), STR("ServiceUnavailableException"));
	assert_true(str_has_prefix(reply.body, STR("{\"__type\":\"ServiceUnavailableException\",\"message\":")));
	peer_hang_up(&peer);
	release(busy);
	assert_serves();
}

static void test_client_that_leaves_while_a_worker_runs(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_ask(peer, "GET", "/wait", "", STR(""));
	sem_wait(&entered);
	peer_hang_up(&peer);
	sem_post(&let_go);
	assert_serves();
}

static void test_preflight(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_ask(peer, "OPTIONS", "/",
		"Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n"
		"Access-Control-Request-Headers: content-type,x-amz-target\r\n",
		STR(""));
	struct peer_reply reply = peer_hear(peer, true);
	assert_int_equal(reply.status, 200);
	assert_str_equal(peer_header(&reply, STR("Access-Control-Allow-Origin")), STR("https://app.example"));
	assert_str_equal(peer_header(&reply, STR("Access-Control-Allow-Headers")), STR("content-type,x-amz-target"));
	assert_str_equal(peer_header(&reply, STR("Access-Control-Max-Age")), STR("172800"));
	peer_ask(peer, "OPTIONS", "/admin/v1/pools", "Origin: https://app.example\r\n", STR(""));
	reply = peer_hear(peer, true);
	assert_str_equal(reply.body, STR("OPTIONS /admin/v1/pools [] "));
	assert_false(str_is_set(peer_header(&reply, STR("Access-Control-Allow-Origin"))));
	peer_hang_up(&peer);
}

static void test_refusal_is_readable_across_origins(void **state)
{
	struct peer *peer = dial();
	(void)state;
	peer_ask(peer, "POST", "/", "Origin: https://app.example\r\n", letters(BODY_LIMIT + 1));
	struct peer_reply reply = peer_hear(peer, true);
	assert_int_equal(reply.status, 413);
	assert_str_equal(peer_header(&reply, STR("Access-Control-Allow-Origin")), STR("https://app.example"));
	peer_hang_up(&peer);
}

static void *stop_server(void *unused)
{
	(void)unused;
	http_server_drain_and_stop(&server);
	return NULL;
}

static void test_drain_finishes_what_runs(void **state)
{
	struct peer *peer = dial(), *idle = dial();
	pthread_t stopper;
	(void)state;
	peer_ask(idle, "GET", "/ready", "", STR(""));
	assert_int_equal(peer_hear(idle, true).status, 200);
	peer_ask(peer, "GET", "/wait", "", STR(""));
	sem_wait(&entered);
	pthread_create(&stopper, NULL, stop_server, NULL);
	sem_post(&let_go);
	struct peer_reply reply = peer_hear(peer, true);
	assert_str_equal(reply.body, STR("GET /wait [] "));
	pthread_join(stopper, NULL);
	assert_true(peer_hears_end(peer));
	assert_true(peer_hears_end(idle));
	assert_null(server);
	peer_hang_up(&peer);
	peer_hang_up(&idle);
}

/* Who asks between the two steps is answered after the second, with what was settled by then. */
static void test_listens_before_it_serves(void **state)
{
	static const struct http_handlers handlers = { .ready = answer_ready, .blocking = echo };
	str problem = STR("");
	struct http_server *patient = http_server_listen(arena, &settings, &problem);
	(void)state;
	assert_non_null(patient);
	struct peer *early = peer_dial(http_server_port(patient));
	peer_ask(early, "GET", "/ready", "", STR(""));
	assert_true(http_server_serve(arena, patient, &handlers, &problem));
	assert_str_equal(peer_hear(early, true).body, STR("ready-made"));
	http_server_drain_and_stop(&patient);
	assert_str_equal(problem, STR(""));
	peer_hang_up(&early);
}

static void test_stops_without_having_served(void **state)
{
	static const struct http_handlers handlers = { .blocking = echo };
	struct settings no_files = settings;
	str problem = STR("");
	(void)state;
	no_files.tls_cert = no_files.tls_key = STR("/nowhere/cert.pem");
	struct http_server *silent = http_server_listen(arena, &no_files, &problem);
	assert_non_null(silent);
	struct peer *peer = peer_dial(http_server_port(silent));
	assert_false(http_server_serve(arena, silent, &handlers, &problem));
	assert_true(str_has_prefix(problem, STR("cannot read /nowhere/cert.pem: ")));
	http_server_drain_and_stop(&silent);
	assert_null(silent);
	assert_true(peer_hears_end(peer));
	peer_hang_up(&peer);
}

static void test_bad_settings_are_told(void **state)
{
	static const struct http_handlers handlers = { .blocking = echo };
	struct settings taken = settings, nonsense = settings, no_files = settings;
	str listen = arena_printf(arena, "127.0.0.1:%u", http_server_port(server));
	(void)state;
	taken.listen = listen;
	nonsense.listen = STR("localhost");
	no_files.tls_cert = no_files.tls_key = STR("/nowhere/cert.pem");
	const struct {
		const struct settings *settings;
		str beginning;
	} cases[] = {
		{ &taken, STR_INIT("cannot listen on 127.0.0.1:") },
		{ &nonsense, STR_INIT("\"localhost\" is not ADDRESS:PORT") },
		{ &no_files, STR_INIT("cannot read /nowhere/cert.pem: No such file") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str problem = STR("");
		assert_null(http_server_start(arena, cases[i].settings, &handlers, &problem));
		if (!str_has_prefix(problem, cases[i].beginning))
			fail_msg("got \"%.*s\"", STR_ARG(problem));
	}
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(test_every_answer_says_who_and_how),
		SERVED(test_connection_is_kept),
		SERVED(test_connection_closes_when_asked),
		SERVED(test_pipelined_requests_are_answered_in_order),
		SERVED(test_chunked_body),
		SERVED(test_absolute_form),
		SERVED(test_head_is_get_without_body),
		SERVED(test_large_body_is_read_and_refused),
		SERVED(test_large_chunked_body_is_refused),
		SERVED(test_announced_large_body_is_refused_at_once),
		SERVED(test_expected_body_is_asked_for),
		SERVED(test_endless_body_is_cut_off),
		SERVED(test_ambiguous_or_malformed_requests_are_refused),
		SERVED(test_nothing_is_smuggled),
		SERVED(test_headers_of_one_line),
		SERVED(test_large_headers_are_refused),
		SERVED(test_broken_off_request_harms_nobody),
		SERVED(test_slow_sender_stalls_nobody),
		cmocka_unit_test_setup_teardown(test_trickling_body_is_ended, start_impatient, stop),
		SERVED(test_full_queue_is_said_at_once),
		SERVED(test_client_that_leaves_while_a_worker_runs),
		SERVED(test_preflight),
		SERVED(test_refusal_is_readable_across_origins),
		SERVED(test_drain_finishes_what_runs),
		SERVED(test_listens_before_it_serves),
		SERVED(test_stops_without_having_served),
		SERVED(test_bad_settings_are_told),
	};
	log_set_level(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
