/* SPDX-License-Identifier: Apache-2.0 */
/* Access keys on the command line. */
#include "cli/access_key_command.h"

#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "cli/foundation.h"
#include "cli/refusal.h"
#include "iam/access_key.h"
#include "iam/credentials.h"

#define ROOT_SWITCH "--root"

const char *const access_key_command_switches[] = { ROOT_SWITCH, NULL };

struct order {
	struct arena *arena; /* of the command */
	str id;
	bool is_root;
};

/* --- What it can do --- */

static void print_new_key(struct arena *arena, const struct access_key *key)
{
	str text = credentials_text(arena, key->id, key->secret);
	fwrite(text.data, 1, text.len, stdout);
	if (!key->is_root)
		fprintf(stderr,
			"poolwarden: so far only keys made with " ROOT_SWITCH " are permitted anything\n");
}

static int create(struct foundation *foundation, const struct order *order)
{
	struct request *request = foundation_request(foundation);
	struct access_key key;
	int status = STATUS_OK;
	if (result_is_ok(access_key_create(request, order->is_root, &key)))
		print_new_key(request->arena, &key);
	else
		status = refusal_of_request(request);
	request_free(&request);
	return status;
}

static RESULT print_page(struct request *request, struct arena *arena, str *last, bool *is_last)
{
	struct access_key *keys;
	size_t count;
	TRY(access_key_list(request, *last, &keys, &count));
	for (size_t i = 0; i < count; i++)
		printf("%.*s  %-4s  %.*s\n", STR_ARG(keys[i].id), keys[i].is_root ? "root" : "-",
			STR_ARG(clock_iso8601(request->arena, keys[i].created_at)));
	*is_last = count == 0;
	if (count)
		*last = arena_copy(arena, keys[count - 1].id);
	return OK;
}

/* There may be many: each page goes with its request. */
static int list(struct foundation *foundation, const struct order *order)
{
	str last = STR("");
	bool is_last = false;
	int status = STATUS_OK;
	while (!is_last && status == STATUS_OK) {
		struct request *request = foundation_request(foundation);
		if (!result_is_ok(print_page(request, order->arena, &last, &is_last)))
			status = refusal_of_request(request);
		request_free(&request);
	}
	return status;
}

static int delete (struct foundation *foundation, const struct order *order)
{
	struct request *request = foundation_request(foundation);
	bool found = false;
	int status = STATUS_OK;
	if (!result_is_ok(access_key_delete(request, order->id, &found)))
		status = refusal_of_request(request);
	else if (!found)
		status = refusal_failed(
			arena_printf(request->arena, "there is no access key %.*s", STR_ARG(order->id)));
	request_free(&request);
	return status;
}

/* --- What it was told --- */

static const struct verb {
	const char *name;
	bool takes_id, takes_root;
	int (*run)(struct foundation *foundation, const struct order *order);
} verbs[] = {
	{ .name = "create", .takes_root = true, .run = create },
	{ .name = "list", .run = list },
	{ .name = "delete", .takes_id = true, .run = delete },
};

static const struct verb *find_verb(str name)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_equal(name, str_of(verbs[i].name)))
			return &verbs[i];
	return NULL;
}

/* NULL when the words make no sense. */
static const struct verb *read_order(const struct option_outcome *outcome, struct order *order)
{
	str words[OPTION_WORDS_MAX] = { STR_NONE };
	size_t count = 0;
	for (size_t i = 0; i < outcome->word_count; i++)
		if (str_equal(outcome->words[i], STR(ROOT_SWITCH)))
			order->is_root = true;
		else
			words[count++] = outcome->words[i];
	const struct verb *verb = find_verb(words[0]);
	if (!verb || count != (verb->takes_id ? 2 : 1) || (order->is_root && !verb->takes_root))
		return NULL;
	order->id = words[1];
	return verb;
}

/* --- Doing it --- */

static int run(const struct verb *verb, const struct settings *settings, const struct order *order)
{
	struct foundation foundation;
	str problem;
	if (!foundation_open(order->arena, settings, &foundation, &problem))
		return refusal_failed(problem);
	int status = verb->run(&foundation, order);
	foundation_close(&foundation);
	if (status == STATUS_OK && (fflush(stdout) || ferror(stdout)))
		return refusal_failed(
			arena_printf(order->arena, "cannot write to standard output: %s", strerror(errno)));
	return status;
}

int access_key_command_run(struct option_outcome *outcome)
{
	struct arena *arena = arena_new();
	struct order order = { .arena = arena };
	const struct verb *verb = read_order(outcome, &order);
	int status =
		verb ? run(verb, &outcome->settings, &order)
		     : refusal_usage(STR("access-key takes: create [" ROOT_SWITCH "] | list | delete ID"));
	arena_free(&arena);
	return status;
}
