/* SPDX-License-Identifier: Apache-2.0 */
/* Commands, and the two that are about the program itself. */
#include "cli/command.h"

#include "config.h"

#include <stdio.h>

#include "base/fatal.h"
#include "cli/access_key_command.h"
#include "cli/option.h"
#include "cli/refusal.h"
#include "cli/serve.h"
#include "cli/status_command.h"

static int print_version(struct option_outcome *outcome);

static const char *const no_switches[] = { NULL };

static const struct command commands[] = {
	{ .name = "serve",
		.summary = "run the server",
		.description = "Runs the server in the foreground until a signal ends it. "
			       "Once it answers it prints \"listening on URL\" on standard output, and tells "
			       "systemd. "
			       "What it logs goes to standard error, or to the file of --log-file, one event "
			       "a line.",
		.switches = no_switches,
		.run = serve_run },
	{ .name = "status",
		.arguments = "[--json]",
		.summary = "how the running server is",
		.description =
			"Asks the server that runs with the same options: its version and age, the size of "
			"its database, "
			"pools, users, and messages that wait or could not be sent. "
			"The question goes to the address of --listen and is signed by the root access key. "
			"With --json it prints what the operation DescribeServer answers. "
			"The exit status is 0 when it serves, 3 when none runs there, and 1 when it does not "
			"answer as it "
			"should.",
		.switches = status_command_switches,
		.run = status_command_run },
	{ .name = "access-key",
		.arguments = "create [--root] | list | delete ID",
		.summary = "keys that sign requests",
		.description =
			"Makes, lists or deletes keys that sign requests, besides the root key of the data "
			"folder. "
			"A new key is printed as a file of AWS credentials, the only time that its secret is "
			"seen. "
			"With --root it may do everything; so far no other key is permitted anything. "
			"It works beside a running server, which knows of it from its next request on.",
		.switches = access_key_command_switches,
		.run = access_key_command_run },
	{ .name = "version",
		.summary = "print the version",
		.description = "Prints the version.",
		.run = print_version },
	{ .name = "help",
		.summary = "print this help",
		.description = "Prints all commands and options.",
		.run = command_print_help },
};

static int print_version(struct option_outcome *outcome)
{
	(void)outcome;
	puts(PACKAGE_STRING);
	return STATUS_OK;
}

static void print_command(const struct command *command)
{
	printf("  %-12s%s%s%s\n", command->name, command->arguments ? command->arguments : "",
		command->arguments ? ": " : "", command->summary);
}

int command_print_help(struct option_outcome *outcome)
{
	(void)outcome;
	struct arena *arena = arena_new();
	puts("usage: poolwarden COMMAND [OPTION]...\n\ncommands:");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		print_command(&commands[i]);
	printf("\noptions:\n%.*s", STR_ARG(option_help(arena)));
	arena_free(&arena);
	return STATUS_OK;
}

static const char *plain_name(const char *word)
{
	if (strcmp(word, "--version") == 0)
		return "version";
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ? "help" : word;
}

const struct command *command_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, plain_name(word)) == 0)
			return &commands[i];
	return NULL;
}

const struct command *command_at(size_t index)
{
	return index < ARRAY_LEN(commands) ? &commands[index] : NULL;
}
