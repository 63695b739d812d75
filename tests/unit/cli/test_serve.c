/* SPDX-License-Identifier: Apache-2.0 */
/* Servers in processes of their own. */
#include "cli/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "cli/foundation.h"
#include "iam/access_key.h"
#include "iam/credentials.h"
#include "unit/cases.h"
#include "unit/delivery/folder.h"
#include "wire/peer.h"

enum { OUTPUT_MAX = 1 << 20 };

/* --- Servers --- */

struct place {
	struct arena *arena;
	str folder;
	struct settings settings;
};

struct running {
	pid_t process;
	FILE *out;
	str err_path;
	unsigned port;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct place *place = ARENA_NEW(arena, struct place);
	place->arena = arena;
	place->folder = folder_new(arena);
	place->settings = (struct settings){
		.data_dir = arena_printf(arena, "%s/data", place->folder.data),
		.listen = STR("127.0.0.1:0"),
		.region = STR("us-east-1"),
		.account_id = STR("123456789012"),
		.http_threads = 1,
		.worker_threads = 2,
		.queue_limit = 16,
		.body_limit = 4096,
		.connection_limit = 16,
		.idle_timeout = 30,
	};
	unsetenv("POOLWARDEN_MASTER_KEY");
	unsetenv("POOLWARDEN_MASTER_KEY_FILE");
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	struct arena *arena = place->arena;
	folder_remove(place->folder);
	arena_free(&arena);
	return 0;
}

/* exit() and not _exit(): a sanitizer then says what was left behind. */
static void live(const struct place *place, int out, const char *err_path)
{
	struct option_outcome outcome = { .settings = place->settings };
	if (dup2(out, STDOUT_FILENO) < 0 || !freopen(err_path, "w", stderr))
		_exit(99);
	close(out);
	exit(serve_run(&outcome));
}

static struct running start(struct place *place)
{
	static int number;
	struct running running;
	int ends[2];
	running.err_path = arena_printf(place->arena, "%s/stderr-%d", place->folder.data, number++);
	assert_int_equal(pipe(ends), 0);
	fflush(stdout);
	running.process = fork();
	if (running.process == 0) {
		close(ends[0]);
		live(place, ends[1], running.err_path.data);
	}
	close(ends[1]);
	running.out = fdopen(ends[0], "r");
	assert_non_null(running.out);
	return running;
}

static int status_of(struct running *running)
{
	int status;
	fclose(running->out);
	assert_int_equal(waitpid(running->process, &status, 0), running->process);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static struct running start_and_await(struct place *place)
{
	struct running running = start(place);
	char line[64] = "";
	if (!fgets(line, sizeof line, running.out))
		fail_msg("the server ended: %s",
			file_read(place->arena, running.err_path.data, OUTPUT_MAX).data);
	assert_int_equal(sscanf(line, "listening on http://127.0.0.1:%u", &running.port), 1);
	char wanted[64];
	snprintf(wanted, sizeof wanted, "listening on http://127.0.0.1:%u\n", running.port);
	assert_string_equal(line, wanted);
	return running;
}

/* Nothing but that one line was said on standard output. */
static void assert_ends(struct running *running, int number, int status)
{
	char rest[16];
	assert_int_equal(kill(running->process, number), 0);
	assert_null(fgets(rest, sizeof rest, running->out));
	assert_int_equal(status_of(running), status);
}

static struct peer_reply ask(struct peer *peer, const char *path)
{
	peer_ask(peer, "GET", path, "", STR(""));
	return peer_hear(peer, true);
}

/* --- Cases --- */

static void a_server_answers_and_drains(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT };
	struct place *place = *state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct running running = start_and_await(place);
		struct peer *peer = peer_dial(running.port);
		assert_str_equal(ask(peer, "/healthz").body, STR("{\"status\":\"ok\"}"));
		assert_str_equal(ask(peer, "/readyz").body, STR("{\"status\":\"ok\"}"));
		assert_int_equal(ask(peer, "/us-east-1_aaaaaaaaa/.well-known/jwks.json").status, 404);
		assert_int_equal(ask(peer, "/nowhere").status, 404);
		assert_int_equal(kill(running.process, SIGHUP), 0);
		assert_int_equal(ask(peer, "/healthz").status, 200);
		assert_ends(&running, signals[i], 0);
		assert_true(peer_hears_end(peer));
		peer_hang_up(&peer);
	}
}

static void the_root_key_outlives_the_server(void **state)
{
	struct place *place = *state;
	str path = arena_printf(place->arena, "%s/credentials", place->settings.data_dir.data);
	str first = STR_NONE, id, secret;
	for (int i = 0; i < 2; i++) {
		struct running running = start_and_await(place);
		str text = file_read(place->arena, path.data, OUTPUT_MAX);
		assert_true(credentials_parse(text, &id, &secret));
		assert_true(i == 0 || str_equal(text, first));
		first = text;
		assert_ends(&running, SIGTERM, 0);
	}
}

static void a_root_key_of_the_operator_makes_no_file(void **state)
{
	struct place *place = *state;
	place->settings.root_access_key_id = STR("MYOWNKEY12345678");
	place->settings.root_secret_access_key = STR("0123456789abcdef");
	struct running running = start_and_await(place);
	assert_ends(&running, SIGTERM, 0);
	str path = arena_printf(place->arena, "%s/credentials", place->settings.data_dir.data);
	assert_int_equal(access(path.data, F_OK), -1);
}

/* From then on the same signal comes again. */
static void await_stopping(struct place *place, const struct running *running)
{
	for (int i = 0; i < 10000; i++) {
		str log = file_read(place->arena, running->err_path.data, OUTPUT_MAX);
		if (str_is_set(log) && strstr(log.data, "event=stopping"))
			return;
		usleep(1000);
	}
	fail_msg("the server did not begin to stop");
}

/* Half a request keeps a drain waiting. */
static void a_signal_that_comes_again_ends_the_drain(void **state)
{
	struct running running = start_and_await(*state);
	struct peer *half = peer_dial(running.port), *whole = peer_dial(running.port);
	peer_say(half, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"));
	assert_int_equal(ask(whole, "/healthz").status, 200);
	assert_int_equal(kill(running.process, SIGTERM), 0);
	await_stopping(*state, &running);
	assert_ends(&running, SIGTERM, 128 + SIGTERM);
	peer_hang_up(&half);
	peer_hang_up(&whole);
}

static void assert_refuses(struct place *place, const char *problem)
{
	struct running running = start(place);
	char line[16];
	assert_null(fgets(line, sizeof line, running.out));
	assert_int_equal(status_of(&running), 1);
	str err = file_read(place->arena, running.err_path.data, OUTPUT_MAX);
	assert_str_equal(err, arena_printf(place->arena, "poolwarden: %s\n", problem));
}

static void one_server_has_the_folder(void **state)
{
	struct place *place = *state;
	struct running running = start_and_await(place);
	assert_refuses(place,
		arena_printf(place->arena, "another server uses %s", place->settings.data_dir.data).data);
	assert_ends(&running, SIGTERM, 0);
}

/* As the access-key command writes to the store of a server that runs. */
static void commands_work_beside_a_server(void **state)
{
	struct place *place = *state;
	struct running running = start_and_await(place);
	struct foundation foundation;
	struct access_key key;
	str problem;
	assert_true(foundation_open(place->arena, &place->settings, &foundation, &problem));
	struct request *request = foundation_request(&foundation);
	assert_true(result_is_ok(access_key_create(request, true, &key)));
	request_free(&request);
	foundation_close(&foundation);
	assert_ends(&running, SIGTERM, 0);
}

static void what_is_out_of_order_is_told_in_one_line(void **state)
{
	struct place *place = *state, taken = *place, open_file = *place, no_tls = *place;
	struct running running = start_and_await(place);
	str credentials = arena_printf(place->arena, "%s/other/credentials", place->folder.data);
	taken.settings.data_dir = arena_printf(place->arena, "%s/taken", place->folder.data);
	taken.settings.listen = arena_printf(place->arena, "127.0.0.1:%u", running.port);
	assert_refuses(&taken, arena_printf(place->arena,
				       "cannot listen on 127.0.0.1:%u: Address already in use", running.port)
				       .data);
	no_tls.settings.data_dir = taken.settings.data_dir;
	no_tls.settings.tls_cert = no_tls.settings.tls_key = STR("/nowhere/cert.pem");
	assert_refuses(&no_tls, "cannot read /nowhere/cert.pem: No such file or directory");
	open_file.settings.data_dir = arena_printf(place->arena, "%s/other", place->folder.data);
	assert_true(file_make_folder(open_file.settings.data_dir.data));
	assert_true(file_write_durably(credentials.data, STR("[default]\n"), 0600));
	assert_refuses(
		&open_file, arena_printf(place->arena,
				    "%s holds no aws_access_key_id and aws_secret_access_key under [default]",
				    credentials.data)
				    .data);
	assert_ends(&running, SIGTERM, 0);
}

static void words_are_refused(void **state)
{
	struct option_outcome outcome = { .words = { STR("now") }, .word_count = 1 };
	(void)state;
	assert_int_equal(serve_run(&outcome), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_server_answers_and_drains, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_root_key_outlives_the_server, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_root_key_of_the_operator_makes_no_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_signal_that_comes_again_ends_the_drain, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_server_has_the_folder, set_up, tear_down),
		cmocka_unit_test_setup_teardown(commands_work_beside_a_server, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_out_of_order_is_told_in_one_line, set_up, tear_down),
		cmocka_unit_test(words_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
