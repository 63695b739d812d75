/* SPDX-License-Identifier: Apache-2.0 */
/* Against a server on a thread that goes wrong at a chosen command. */
#include "message/smtp.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fatal.h"
#include "unit/cases.h"

struct smtp_case {
	const char *name;
	const char *command; /* that gets the answer below; "" is the connection, "." the content */
	const char *answer; /* NULL: the connection is cut */
	enum smtp_outcome outcome;
};

static const struct smtp_case cases[] = {
	{ "all is well", "nothing", "", SMTP_SENT },
	{ "busy", "", "421 later", SMTP_DOWN },
	{ "closed", "", "554 no service", SMTP_DOWN },
	{ "cut at once", "", NULL, SMTP_DOWN },
	{ "wrong password", "AHNl", "535 wrong", SMTP_DOWN },
	{ "sender refused", "MAIL", "550 who?", SMTP_DOWN },
	{ "login wanted", "MAIL", "530 log in", SMTP_DOWN },
	{ "cut at the sender", "MAIL", NULL, SMTP_DOWN },
	{ "recipient unknown", "RCPT", "550 <you@example.com> unknown", SMTP_REFUSED },
	{ "recipient greylisted", "RCPT", "450 later", SMTP_DEFERRED },
	{ "login wanted at the recipient", "RCPT", "530 log in", SMTP_DOWN },
	{ "server closes at the recipient", "RCPT", "421 closing", SMTP_DOWN },
	{ "content not wanted", "DATA", "554 no", SMTP_REFUSED },
	{ "content refused", ".", "554 no", SMTP_REFUSED },
	{ "disk full", ".", "452 full", SMTP_DEFERRED },
	{ "cut after the content", ".", NULL, SMTP_DOWN },
};

static const struct {
	const char *command, *answer;
} usual[] = {
	{ "EHLO", "250-test\r\n250 AUTH PLAIN" },
	{ "AUTH", "334 " },
	{ "AHNlY3JldABzZWNyZXQ=", "235 welcome" }, /* name and password are "secret" */
	{ "DATA", "354 go on" },
	{ "QUIT", "221 bye" },
	{ "", "250 fine" },
};

struct server {
	const struct smtp_case *plan;
	int listener;
	pthread_t thread;
	struct arena *arena;
	struct buf heard;
};

static const char *answer_to(const struct smtp_case *plan, const char *line)
{
	size_t i = 0;
	if (strncmp(line, plan->command, strlen(plan->command)) == 0)
		return plan->answer;
	while (strncmp(line, usual[i].command, strlen(usual[i].command)) != 0)
		i++;
	return usual[i].answer;
}

static bool say(FILE *client, const char *answer)
{
	if (answer)
		fprintf(client, "%s\r\n", answer);
	return answer && fflush(client) == 0;
}

static void talk(struct server *server, FILE *client)
{
	char line[1000];
	bool in_content = false;
	if (!say(client, *server->plan->command ? "220 test" : server->plan->answer))
		return;
	while (fgets(line, sizeof line, client)) {
		buf_add(&server->heard, str_of(line));
		bool ends = in_content && strcmp(line, ".\r\n") == 0;
		if (in_content && !ends)
			continue;
		const char *answer = answer_to(server->plan, line);
		in_content = answer && strncmp(answer, "354", 3) == 0;
		if (!say(client, answer))
			return;
	}
}

static void *serve(void *argument)
{
	struct server *server = argument;
	FILE *client = fdopen(accept(server->listener, NULL, NULL), "r+");
	talk(server, client);
	fclose(client);
	return NULL;
}

static str start(struct arena *arena, struct server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof address;
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	server->heard = buf_new(server->arena, 10000);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(server->listener, 1), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
	return arena_printf(arena, "smtp://127.0.0.1:%d", ntohs(address.sin_port));
}

static str heard_by(struct server *server)
{
	pthread_join(server->thread, NULL);
	close(server->listener);
	return buf_str(&server->heard);
}

static enum smtp_outcome send_by(struct arena *arena, str url, bool logs_in, str *problem)
{
	struct smtp_server server = { .url = url };
	if (logs_in)
		server.username = server.password = STR("secret");
	return smtp_send(&server, arena, STR("me@example.com"), STR("you@example.com"),
		STR("Subject: x\r\n\r\n.\r\nhello\r\n"), problem);
}

static void test_outcomes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct server server = { .plan = &cases[i], .arena = arena_new() };
		str problem = STR(""), url = start(*state, &server);
		enum smtp_outcome outcome = send_by(*state, url, true, &problem);
		heard_by(&server);
		assert_case(outcome == cases[i].outcome, cases[i].name);
		assert_case((outcome == SMTP_SENT) == str_is_empty(problem), cases[i].name);
		arena_free(&server.arena);
	}
}

static void test_dialogue(void **state)
{
	struct server server = { .plan = &cases[0], .arena = *state };
	str problem, url = start(*state, &server);
	assert_int_equal(send_by(*state, url, false, &problem), SMTP_SENT);
	const char *heard = arena_copy(*state, heard_by(&server)).data;
	assert_non_null(strstr(heard, "MAIL FROM:<me@example.com>"));
	assert_non_null(strstr(heard, "RCPT TO:<you@example.com>\r\n"));
	assert_non_null(strstr(heard, "Subject: x\r\n\r\n..\r\nhello\r\n.\r\n"));
}

static void test_nobody_listens(void **state)
{
	str problem = STR("");
	assert_int_equal(send_by(*state, STR("smtp://127.0.0.1:1"), false, &problem), SMTP_DOWN);
	assert_true(problem.len > 0);
}

static void test_required_tls_is_not_given_up(void **state)
{
	struct server server = { .plan = &cases[0], .arena = *state };
	struct smtp_server wanted = { .url = start(*state, &server), .require_tls = true };
	str problem = STR("");
	assert_int_equal(smtp_send(&wanted, *state, STR("me@example.com"), STR("you@example.com"),
				 STR("x\r\n"), &problem),
		SMTP_DOWN);
	assert_null(strstr(arena_copy(*state, heard_by(&server)).data, "MAIL"));
}

/* 0.0.0.0 leads here, but is no address of the loopback network. */
static void test_log_in_is_not_told_in_clear_to_another_machine(void **state)
{
	for (int logs_in = 0; logs_in < 2; logs_in++) {
		struct server server = { .plan = &cases[0], .arena = *state };
		str problem = STR(""), rest = start(*state, &server);
		while (str_find_char(rest, ':') >= 0)
			str_split(&rest, ':');
		str url = arena_printf(*state, "smtp://0.0.0.0:%.*s", STR_ARG(rest));
		enum smtp_outcome outcome = send_by(*state, url, logs_in, &problem);
		const char *heard = arena_copy(*state, heard_by(&server)).data;
		assert_int_equal(outcome, logs_in ? SMTP_DOWN : SMTP_SENT);
		assert_null(strstr(heard, "AUTH"));
	}
}

static void test_bad_addresses_are_refused(void **state)
{
	const struct smtp_server nowhere = { .url = STR("smtp://127.0.0.1:1") };
	const str good = STR("a@b"), bad = STR("a@b\r\nRCPT TO:x");
	str problem;
	assert_int_equal(smtp_send(&nowhere, *state, bad, good, STR(""), &problem), SMTP_REFUSED);
	assert_int_equal(smtp_send(&nowhere, *state, good, bad, STR(""), &problem), SMTP_REFUSED);
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
		cmocka_unit_test(test_dialogue),
		cmocka_unit_test(test_nobody_listens),
		cmocka_unit_test(test_required_tls_is_not_given_up),
		cmocka_unit_test(test_log_in_is_not_told_in_clear_to_another_machine),
		cmocka_unit_test(test_bad_addresses_are_refused),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
