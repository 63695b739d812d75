/* SPDX-License-Identifier: Apache-2.0 */
/* poolwarden COMMAND: finds the command in a table, reads its options, runs it. Exit status 2 is a mistake on
   the command line, in the environment or in the configuration file; nothing was touched then. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fatal.h"
#include "cli/access_key_command.h"
#include "cli/option.h"
#include "cli/refusal.h"
#include "cli/serve.h"

static int print_help(struct option_outcome *outcome);
static int print_version(struct option_outcome *outcome);

static const char *const no_switches[] = { NULL };

static const struct command {
	const char *name;
	const char *summary;
	const char *const *switches; /* of its own; NULL: takes neither options nor words */
	int (*run)(struct option_outcome *outcome);
} commands[] = {
	{ .name = "serve", .summary = "run the server", .switches = no_switches, .run = serve_run },
	{ .name = "access-key",
		.summary = "create [--root] | list | delete ID: keys that sign requests",
		.switches = access_key_command_switches,
		.run = access_key_command_run },
	{ .name = "version", .summary = "print the version", .run = print_version },
	{ .name = "help", .summary = "print this help", .run = print_help },
};

static int print_help(struct option_outcome *outcome)
{
	(void)outcome;
	struct arena *arena = arena_new();
	puts("usage: poolwarden COMMAND [OPTION]...\n\ncommands:");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("  %-12s%s\n", commands[i].name, commands[i].summary);
	printf("\noptions:\n%.*s", STR_ARG(option_help(arena)));
	arena_free(&arena);
	return STATUS_OK;
}

static int print_version(struct option_outcome *outcome)
{
	(void)outcome;
	puts(PACKAGE_STRING);
	return STATUS_OK;
}

/* The words that people try first are commands too. */
static const char *plain_name(const char *word)
{
	if (strcmp(word, "--version") == 0)
		return "version";
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ? "help" : word;
}

static const struct command *find_command(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, plain_name(word)) == 0)
			return &commands[i];
	return NULL;
}

static int run(struct arena *arena, const struct command *command, size_t count, char *const *arguments)
{
	struct option_outcome outcome;
	str problem = STR_NONE;
	if (!command->switches)
		return count ? refusal_usage(arena_printf(arena, "%s takes no arguments", command->name)) :
			       command->run(NULL);
	if (!option_load(arena, count, arguments, command->switches, &outcome, &problem))
		return refusal_usage(problem);
	return outcome.wants_help ? print_help(&outcome) : command->run(&outcome);
}

/* What is opened first takes the place of a standard stream that is closed, and what is printed would go
   there: to a client, or to the database. */
static void fill_standard_streams(void)
{
	int opened;
	do
		opened = open("/dev/null", O_RDWR);
	while (opened >= 0 && opened <= STDERR_FILENO);
	if (opened >= 0)
		close(opened);
}

int main(int argc, char **argv)
{
	fill_standard_streams();
	struct arena *arena = arena_new();
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
	int status;
	if (argc < 2)
		status = refusal_usage(STR("a command is missing"));
	else if (!command)
		status = refusal_usage(arena_printf(arena, "unknown command %s", argv[1]));
	else
		status = run(arena, command, (size_t)argc - 2, argv + 2);
	arena_free(&arena);
	return status;
}
