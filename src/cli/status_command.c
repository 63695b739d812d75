/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a server. What it answers is not believed to be free of control characters: it goes to a
 * terminal. */
#include "cli/status_command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/jsontree.h"
#include "cli/credentials_file.h"
#include "cli/refusal.h"
#include "cli/value.h"
#include "delivery/aws_signer.h"
#include "message/http_client.h"

#define JSON_SWITCH "--json"

const char *const status_command_switches[] = { JSON_SWITCH, NULL };

enum { ANSWER_MAX = 64 * 1024, SECONDS = 10, OK_STATUS = 200 };

struct inquiry {
	struct arena *arena;
	const struct settings *settings;
	str url; /* of the server, without a path */
	str problem;
};

/* --- Asking --- */

/* The address is one of this machine, where certificates name the public URL if anything. */
static enum http_client_outcome get(struct inquiry *inquiry, const char *path,
	const struct message_header *headers, size_t header_count, struct http_client_answer *answer)
{
	const struct http_client_request request = {
		.method = STR("GET"),
		.url = arena_printf(inquiry->arena, "%.*s%s", STR_ARG(inquiry->url), path),
		.headers = headers,
		.header_count = header_count,
		.takes_any_certificate = true,
		.seconds = SECONDS,
		.answer_max = ANSWER_MAX,
	};
	return http_client_send(inquiry->arena, &request, answer, &inquiry->problem);
}

static bool find_key(struct inquiry *inquiry, struct aws_signer *signer)
{
	const struct settings *settings = inquiry->settings;
	*signer = (struct aws_signer){
		.region = settings->region,
		.service = STR("poolwarden"),
		.access_key_id = settings->root_access_key_id,
		.secret = settings->root_secret_access_key,
	};
	return str_is_set(signer->access_key_id) ||
	       credentials_file_read(inquiry->arena, settings->data_dir, &signer->access_key_id,
		       &signer->secret, &inquiry->problem);
}

static const struct jsontree *read_answer(struct inquiry *inquiry, const struct http_client_answer *answer)
{
	const struct jsontree *tree = jsontree_parse(inquiry->arena, answer->body, NULL);
	if (tree && jsontree_kind(tree) == JSONTREE_OBJECT && answer->status == OK_STATUS)
		return tree;
	inquiry->problem =
		arena_printf(inquiry->arena, "%.*s answers with status %u and does not describe itself",
			STR_ARG(inquiry->url), answer->status);
	return NULL;
}

/* NULL, and a problem, when it does not answer as it should. */
static const struct jsontree *ask(struct inquiry *inquiry, struct http_client_answer *answer)
{
	static const char path[] = "/admin/v1/server";
	struct aws_signer signer;
	struct message_header headers[AWS_SIGNER_HEADERS];
	if (!find_key(inquiry, &signer))
		return NULL;
	aws_signer_sign(inquiry->arena, &signer, clock_now(), STR("GET"),
		arena_printf(inquiry->arena, "%.*s%s", STR_ARG(inquiry->url), path), STR("application/json"),
		STR(""), headers);
	if (get(inquiry, path, headers, AWS_SIGNER_HEADERS, answer) != HTTP_CLIENT_ANSWERED)
		return NULL;
	return read_answer(inquiry, answer);
}

/* --- Telling --- */

static str printable(struct arena *arena, str text)
{
	char *out = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		out[i] = text.data[i] < ' ' || text.data[i] == 0x7f ? '?' : text.data[i];
	return (str){ out, text.len };
}

static int64_t integer(const struct jsontree *answer, const char *name)
{
	const struct jsontree *member = jsontree_member(answer, name);
	return member && jsontree_kind(member) == JSONTREE_INTEGER ? jsontree_integer(member) : 0;
}

/* "3d 04:05:06" since the start, which the answer has in seconds. */
static str age(struct arena *arena, const struct jsontree *answer)
{
	const struct jsontree *member = jsontree_member(answer, "StartDate");
	bool is_number = member && (jsontree_kind(member) == JSONTREE_REAL ||
					   jsontree_kind(member) == JSONTREE_INTEGER);
	if (!is_number)
		return STR("an unknown time");
	int64_t age = clock_now() / SECOND - (int64_t)jsontree_number(member);
	age = age < 0 ? 0 : age;
	return arena_printf(arena, "%" PRId64 "d %02d:%02d:%02d", age / (DAY / SECOND),
		(int)(age / 3600 % 24), (int)(age / 60 % 60), (int)(age % 60));
}

/* A database of another server has its own ways to tell its size. */
static void print_database(const struct jsontree *answer)
{
	if (jsontree_member(answer, "DatabaseKilobytes"))
		printf("database     %" PRId64 " KiB, schema %" PRId64 "\n",
			integer(answer, "DatabaseKilobytes"), integer(answer, "SchemaVersion"));
	else
		printf("database     on its own server, schema %" PRId64 "\n",
			integer(answer, "SchemaVersion"));
}

static void print_for_people(struct inquiry *inquiry, const struct jsontree *answer)
{
	struct arena *arena = inquiry->arena;
	printf("poolwarden %.*s serves at %.*s for %.*s\n",
		STR_ARG(printable(arena, jsontree_member_string(answer, "Version"))), STR_ARG(inquiry->url),
		STR_ARG(age(arena, answer)));
	printf("public URL   %.*s\n", STR_ARG(printable(arena, jsontree_member_string(answer, "PublicUrl"))));
	print_database(answer);
	printf("user pools   %" PRId64 "\n", integer(answer, "UserPools"));
	printf("users        %" PRId64 "\n", integer(answer, "Users"));
	printf("messages     %" PRId64 " waiting, %" PRId64 " dead\n", integer(answer, "WaitingMessages"),
		integer(answer, "DeadMessages"));
	printf("spare keys   %" PRId64 "\n", integer(answer, "SpareSigningKeys"));
}

/* --- Doing it --- */

static int tell(struct inquiry *inquiry, bool as_json)
{
	struct http_client_answer answer;
	const struct jsontree *tree = ask(inquiry, &answer);
	if (!tree)
		return refusal_failed(inquiry->problem);
	if (as_json)
		printf("%.*s\n", STR_ARG(answer.body));
	else
		print_for_people(inquiry, tree);
	if (fflush(stdout) || ferror(stdout))
		return refusal_failed(
			arena_printf(inquiry->arena, "cannot write to standard output: %s", strerror(errno)));
	return STATUS_OK;
}

/* By a probe that needs no key: there may be neither server nor key. */
static int tell_if_it_runs(struct inquiry *inquiry, bool as_json)
{
	struct http_client_answer answer;
	switch (get(inquiry, "/healthz", NULL, 0, &answer)) {
	case HTTP_CLIENT_ANSWERED:
		return tell(inquiry, as_json);
	case HTTP_CLIENT_UNREACHABLE:
		refusal_failed(arena_printf(inquiry->arena, "no server runs at %.*s", STR_ARG(inquiry->url)));
		return STATUS_NOT_RUNNING;
	case HTTP_CLIENT_UNANSWERED:
		break;
	}
	return refusal_failed(inquiry->problem);
}

static bool find_url(struct inquiry *inquiry)
{
	str address;
	unsigned port = 0;
	if (!value_split_listen_address(inquiry->settings->listen, &address, &port) || !port)
		return false;
	inquiry->url = option_default_public_url(inquiry->arena, inquiry->settings, port);
	return true;
}

static bool is_understood(const struct option_outcome *outcome)
{
	return outcome->word_count == 0 ||
	       (outcome->word_count == 1 && str_equal(outcome->words[0], STR(JSON_SWITCH)));
}

int status_command_run(struct option_outcome *outcome)
{
	if (!is_understood(outcome))
		return refusal_usage(STR("status takes: [" JSON_SWITCH "]"));
	struct arena *arena = arena_new();
	struct inquiry inquiry = { .arena = arena, .settings = &outcome->settings };
	int status = find_url(&inquiry) ? tell_if_it_runs(&inquiry, outcome->word_count > 0)
					: refusal_usage(STR("--listen names no port to ask at"));
	arena_free(&arena);
	return status;
}
