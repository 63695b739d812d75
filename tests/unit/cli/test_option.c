/* SPDX-License-Identifier: Apache-2.0 */
/* The options table: where a value may come from, which one wins, and what each kind of mistake is told. */
#include "cli/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "unit/cases.h"

enum { ARGUMENTS_MAX = 6 };

static const char *const no_switches[] = { NULL };
static const char *const root_switch[] = { "--root", NULL };

/* A fresh folder without a configuration file, removed by the test's end. */
static char folder[] = "/tmp/poolwarden-option-XXXXXX";
static char file[sizeof folder + sizeof "/poolwarden.conf"];

struct load {
	struct arena *arena;
	struct option_outcome outcome;
	str problem;
};

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof file, "%s/poolwarden.conf", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int forget(void **state)
{
	(void)state;
	unlink(file);
	unsetenv("POOLWARDEN_REGION");
	unsetenv("POOLWARDEN_DATA_DIR");
	unsetenv("POOLWARDEN_CONFIG");
	unsetenv("POOLWARDEN_ROOT_ACCESS_KEY_ID");
	unsetenv("POOLWARDEN_ROOT_SECRET_ACCESS_KEY");
	unsetenv("POOLWARDEN_SMTP_PASSWORD");
	return 0;
}

static bool load(struct load *load, const char *const *arguments)
{
	size_t count = 0;
	while (count < ARGUMENTS_MAX && arguments[count])
		count++;
	load->arena = arena_new();
	load->problem = STR_NONE;
	return option_load(load->arena, count, (char *const *)(uintptr_t)arguments, no_switches, &load->outcome,
		&load->problem);
}

static void write_file(const char *content)
{
	assert_true(file_write_durably(file, str_of(content), 0600));
}

static void defaults_are_complete(void **state)
{
	(void)state;
	struct load l;
	setenv("POOLWARDEN_DATA_DIR", folder, 1);
	assert_true(load(&l, (const char *[]){ NULL }));
	const struct settings *settings = &l.outcome.settings;
	assert_str_equal(settings->data_dir, str_of(folder));
	assert_str_equal(settings->listen, STR("127.0.0.1:4430"));
	assert_str_equal(settings->public_url, STR("http://127.0.0.1:4430"));
	assert_str_equal(settings->region, STR("us-east-1"));
	assert_str_equal(settings->account_id, STR("123456789012"));
	assert_int_equal(settings->http_threads, 1);
	assert_int_equal(settings->worker_threads, 32);
	assert_int_equal(settings->queue_limit, 1024);
	assert_int_equal(settings->body_limit, 1048576);
	assert_int_equal(settings->connection_limit, 4096);
	assert_int_equal(settings->address_connection_limit, 1024);
	assert_int_equal(settings->idle_timeout, 30);
	assert_int_equal(settings->argon2_memory_kib, 19456);
	assert_int_equal(settings->argon2_passes, 2);
	assert_str_equal(settings->log_level, STR("info"));
	assert_false(settings->aws_issuer);
	assert_str_equal(settings->quota, STR("off"));
	assert_int_equal(settings->user_rate, 0);
	assert_false(str_is_set(settings->root_access_key_id));
	assert_false(str_is_set(settings->database));
	arena_free(&l.arena);
}

static void a_flag_wins_over_environment_over_file(void **state)
{
	(void)state;
	static const struct {
		const char *name, *content, *variable, *flag, *region;
	} cases[] = {
		{ "all three", "region = r-file\n", "r-env", "--region=r-flag", "r-flag" },
		{ "no flag", "region = r-file\n", "r-env", NULL, "r-env" },
		{ "file alone", "# comment\n\n region=r-file \r\n", NULL, NULL, "r-file" },
		{ "empty variable", "region = r-file\n", "", NULL, "r-file" },
		{ "none", "", NULL, NULL, "us-east-1" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct load l;
		write_file(cases[i].content);
		if (cases[i].variable)
			setenv("POOLWARDEN_REGION", cases[i].variable, 1);
		else
			unsetenv("POOLWARDEN_REGION");
		assert_case(load(&l, (const char *[]){ "--data-dir", folder, cases[i].flag, NULL }), cases[i].name);
		assert_str_equal(l.outcome.settings.region, str_of(cases[i].region));
		arena_free(&l.arena);
	}
}

static void mistakes_on_the_command_line_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *arguments[ARGUMENTS_MAX];
		const char *problem; /* how it starts */
	} cases[] = {
		{ { "--nonsense" }, "unknown option --nonsense" },
		{ { "-x" }, "unknown option -x" },
		{ { "--region" }, "--region needs a value" },
		{ { "--region", "a-1", "--region=b-1" }, "--region is given twice" },
		{ { "--region", "Not A Region" }, "--region: \"Not A Region\" is malformed" },
		{ { "--region=" }, "--region: \"\" is malformed" },
		{ { "--account-id", "12345678901" }, "--account-id: \"12345678901\" is malformed" },
		{ { "--listen", "localhost:80" }, "--listen: \"localhost:80\" is malformed" },
		{ { "--listen", "127.0.0.1" }, "--listen: \"127.0.0.1\" is malformed" },
		{ { "--listen", "127.0.0.1:65536" }, "--listen: \"127.0.0.1:65536\" is malformed" },
		{ { "--listen", "127.0.0.1:-1" }, "--listen: \"127.0.0.1:-1\" is malformed" },
		{ { "--listen", "[::1:80" }, "--listen: \"[::1:80\" is malformed" },
		{ { "--listen", "[::1]80" }, "--listen: \"[::1]80\" is malformed" },
		{ { "--worker-threads", "0" }, "--worker-threads: \"0\" is not a number from 1 to 1024" },
		{ { "--worker-threads", "many" }, "--worker-threads: \"many\" is not a number" },
		{ { "--body-limit", "99999999999999999999" }, "--body-limit: \"99999999999999999999\" is not" },
		{ { "--aws-issuer=maybe" }, "--aws-issuer: \"maybe\" is neither true nor false" },
		{ { "--public-url", "ftp://x" }, "--public-url: \"ftp://x\" is malformed" },
		{ { "--public-url", "http://x/" }, "--public-url: \"http://x/\" is malformed" },
		{ { "--public-url", "http://u@x" }, "--public-url: \"http://u@x\" is malformed" },
		{ { "--database", "mysql://x" }, "--database: \"mysql://x\" is malformed" },
		{ { "--quota", "UserList=x" }, "--quota: \"UserList=x\" is malformed" },
		{ { "--user-rate=-1" }, "--user-rate: \"-1\" is not a number from 0 to 100000" },
		{ { "--tls-cert", "x.pem" }, "tls_cert and tls_key go together" },
		{ { "--smtp-url", "smtp://x" }, "smtp_url needs smtp_from" },
		{ { "--smtp-url", "http://x", "--smtp-from", "a@b" }, "--smtp-url: \"http://x\" is malformed" },
		{ { "--sms-webhook-url", "http://sms.example.com/" },
			"--sms-webhook-url: \"http://sms.example.com/\" is malformed" },
		{ { "--sms-webhook-url", "http://127.0.0.1.example.com/" }, "--sms-webhook-url: \"http://127" },
		{ { "--sms-webhook-url", "https://user@sms.example.com/" }, "--sms-webhook-url: \"https://user" },
		{ { "--sms-webhook-url", "https://sms.example.com/#a" }, "--sms-webhook-url: \"https://sms" },
		{ { "--sms-webhook-url", "https://" }, "--sms-webhook-url: \"https://\" is malformed" },
		{ { "--sms-webhook-url", "https://a", "--sns-url", "https://b" },
			"sms_webhook_url and sns_url exclude each other" },
		{ { "--sns-url", "https://sns.eu-west-1.amazonaws.com" }, "sns_url needs sns_access_key_id" },
		{ { "--sns-access-key-id", "AKIDEXAMPLE12345" }, "unknown option --sns-access-key-id" },
		{ { "--sms-webhook-secret", "secret" }, "unknown option --sms-webhook-secret" },
		{ { "--outgoing-proxy", "http://proxy" }, "--outgoing-proxy: \"http://proxy\" is malformed" },
		{ { "--outgoing-proxy", "http://proxy:1/x" }, "--outgoing-proxy: \"http://proxy:1/x\" is malformed" },
		{ { "--log-level", "loud" }, "--log-level: \"loud\" is malformed" },
		{ { "--smtp-password", "secret" }, "unknown option --smtp-password" },
		{ { "--root-secret-access-key=x" }, "unknown option --root-secret-access-key" },
		{ { "--config", "/nonexistent/file" }, "cannot read /nonexistent/file: No such file" },
		{ { "1", "2", "3", "4", "5" }, "too many words: 5" },
		{ { "--root" }, "unknown option --root" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct load l;
		setenv("POOLWARDEN_DATA_DIR", folder, 1);
		assert_case(!load(&l, cases[i].arguments), cases[i].problem);
		if (!str_has_prefix(l.problem, str_of(cases[i].problem)))
			fail_msg("got \"%.*s\", wanted \"%s\"", STR_ARG(l.problem), cases[i].problem);
		arena_free(&l.arena);
	}
}

static void mistakes_in_the_file_are_named(void **state)
{
	(void)state;
	static const struct {
		const char *content, *problem;
	} cases[] = {
		{ "regoin = x\n", ":1: unknown key regoin" },
		{ "\nregion\n", ":2: a line is `key = value`" },
		{ "region = a-1\nregion = a-1\n", ":2: region is given twice" },
		{ "region =\n", ":1: region: \"\" is malformed" },
		{ "worker_threads = 9999\n", ":1: worker_threads: \"9999\" is not a number from 1 to 1024" },
		{ "worker-threads = 1\n", ":1: unknown key worker-threads" },
		{ "config = other\n", ":1: unknown key config" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct load l;
		write_file(cases[i].content);
		assert_case(!load(&l, (const char *[]){ "--data-dir", folder, NULL }), cases[i].problem);
		str behind_path = str_from(l.problem, strlen(file));
		if (!str_has_prefix(l.problem, str_of(file)) || !str_has_prefix(behind_path, str_of(cases[i].problem)))
			fail_msg("got \"%.*s\", wanted \"%s\"", STR_ARG(l.problem), cases[i].problem);
		arena_free(&l.arena);
	}
}

static void secrets_come_by_environment_or_file_and_stay_out_of_messages(void **state)
{
	(void)state;
	struct load l;
	write_file("root_access_key_id = AKIAAAAAAAAAAAAAAAAA\n");
	setenv("POOLWARDEN_ROOT_SECRET_ACCESS_KEY", "0123456789/+abcdefghijABCDEFGHIJ01234567", 1);
	assert_true(load(&l, (const char *[]){ "--data-dir", folder, NULL }));
	assert_str_equal(l.outcome.settings.root_access_key_id, STR("AKIAAAAAAAAAAAAAAAAA"));
	assert_str_equal(l.outcome.settings.root_secret_access_key, STR("0123456789/+abcdefghijABCDEFGHIJ01234567"));
	arena_free(&l.arena);

	setenv("POOLWARDEN_ROOT_SECRET_ACCESS_KEY", "too short", 1);
	assert_false(load(&l, (const char *[]){ "--data-dir", folder, NULL }));
	assert_str_equal(l.problem, STR("POOLWARDEN_ROOT_SECRET_ACCESS_KEY is malformed"));
	arena_free(&l.arena);

	unsetenv("POOLWARDEN_ROOT_SECRET_ACCESS_KEY");
	assert_false(load(&l, (const char *[]){ "--data-dir", folder, NULL }));
	assert_str_equal(l.problem, STR("root_access_key_id and root_secret_access_key go together: both or none"));
	arena_free(&l.arena);
}

static void the_data_folder_is_not_moved_by_a_file_inside_it(void **state)
{
	(void)state;
	struct load l;
	write_file("data_dir = /elsewhere\n");
	assert_true(load(&l, (const char *[]){ "--config", file, NULL }));
	assert_str_equal(l.outcome.settings.data_dir, STR("/elsewhere"));
	arena_free(&l.arena);
}

static void words_and_switches_are_kept_apart_from_options(void **state)
{
	(void)state;
	struct option_outcome outcome;
	str problem;
	struct arena *arena = arena_new();
	char *const arguments[] = { (char[]){ "create" }, (char[]){ "--root" }, (char[]){ "--data-dir" }, folder };
	assert_true(option_load(arena, ARRAY_LEN(arguments), arguments, root_switch, &outcome, &problem));
	assert_int_equal(outcome.word_count, 2);
	assert_str_equal(outcome.words[0], STR("create"));
	assert_str_equal(outcome.words[1], STR("--root"));
	arena_free(&arena);
}

static void the_public_url_follows_the_listener(void **state)
{
	(void)state;
	static const struct {
		const char *listen, *url;
	} cases[] = {
		{ "127.0.0.1:80", "http://127.0.0.1:80" },
		{ "0.0.0.0:4430", "http://127.0.0.1:4430" },
		{ "[::]:4430", "http://[::1]:4430" },
		{ "[2001:db8::1]:1", "http://[2001:db8::1]:1" },
		{ "127.0.0.1:0", NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct load l;
		assert_true(load(&l, (const char *[]){ "--data-dir", folder, "--listen", cases[i].listen, NULL }));
		assert_str_equal(l.outcome.settings.public_url, str_of(cases[i].url));
		arena_free(&l.arena);
	}
}

static void services_are_reached_safely(void **state)
{
	(void)state;
	static const char *const urls[] = { "https://sms.example.com", "https://sms.example.com:8443/a/b?c=d",
		"http://127.0.0.1:8080/sms", "http://localhost", "http://localhost:1/", "http://[::1]:80/sms", "http://[::1]" };
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct load l;
		assert_case(load(&l, (const char *[]){ "--data-dir", folder, "--sms-webhook-url", urls[i], NULL }), urls[i]);
		assert_str_equal(l.outcome.settings.sms_webhook_url, str_of(urls[i]));
		assert_str_equal(l.outcome.settings.sns_region, STR("us-east-1"));
		arena_free(&l.arena);
	}
}

static void options_are_read_again(void **state)
{
	(void)state;
	struct load l;
	struct option_outcome again;
	write_file("log_level = error\nregion = eu-west-1\n");
	assert_true(load(&l, (const char *[]){ "--data-dir", folder, "--region", "eu-west-2", NULL }));
	assert_str_equal(l.outcome.settings.log_level, STR("error"));
	write_file("log_level = debug\nregion = eu-west-3\n");
	assert_true(option_reload(l.arena, &l.outcome, &again, &l.problem));
	assert_str_equal(again.settings.log_level, STR("debug"));
	assert_str_equal(again.settings.region, STR("eu-west-2"));
	write_file("log_level = loud\n");
	assert_false(option_reload(l.arena, &l.outcome, &again, &l.problem));
	assert_true(str_has_prefix(l.problem, str_of(file)));
	arena_free(&l.arena);
}

static void help_names_every_way(void **state)
{
	(void)state;
	struct load l;
	assert_true(load(&l, (const char *[]){ "--nonsense", "--help", NULL }));
	assert_true(l.outcome.wants_help);
	str help = arena_copy(l.arena, option_help(l.arena));
	assert_non_null(strstr(help.data, "--data-dir DIR"));
	assert_non_null(strstr(help.data, "POOLWARDEN_SMTP_PASSWORD"));
	assert_null(strstr(help.data, "--smtp-password"));
	arena_free(&l.arena);
}

#define TEST(function) cmocka_unit_test_teardown(function, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(defaults_are_complete),
		TEST(a_flag_wins_over_environment_over_file),
		TEST(mistakes_on_the_command_line_are_named),
		TEST(mistakes_in_the_file_are_named),
		TEST(secrets_come_by_environment_or_file_and_stay_out_of_messages),
		TEST(the_data_folder_is_not_moved_by_a_file_inside_it),
		TEST(words_and_switches_are_kept_apart_from_options),
		TEST(the_public_url_follows_the_listener),
		TEST(services_are_reached_safely),
		TEST(options_are_read_again),
		TEST(help_names_every_way),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
