/* SPDX-License-Identifier: Apache-2.0 */
/* poolwarden COMMAND: finds the command, reads its options, runs it. Exit status 2 is a mistake on
   the command line, in the environment or in the configuration file; nothing was touched then. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fatal.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/refusal.h"

static int run(struct arena *arena, const struct command *command, size_t count, char *const *arguments)
{
	struct option_outcome outcome;
	str problem = STR_NONE;
	if (!command->switches)
		return count ? refusal_usage(arena_printf(arena, "%s takes no arguments", command->name))
			     : command->run(NULL);
	if (!option_load(arena, count, arguments, command->switches, &outcome, &problem))
		return refusal_usage(problem);
	return outcome.wants_help ? command_print_help(&outcome) : command->run(&outcome);
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

/* A core would have passwords and keys in it. One byte is too little for a file, and for the kernel the sign that a
   program that takes cores shall not be run either; core(5). */
static void forbid_core_dumps(void)
{
	const struct rlimit limit = { .rlim_cur = 1, .rlim_max = 1 };
	if (setrlimit(RLIMIT_CORE, &limit) < 0)
		fprintf(stderr, "cannot forbid core dumps: %s\n", strerror(errno));
}

int main(int argc, char **argv)
{
	fill_standard_streams();
	forbid_core_dumps();
	struct arena *arena = arena_new();
	const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
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
