/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands: what the program runs, prints as help, and tells in its manual. */
#pragma once

#include <stddef.h>

struct option_outcome;

struct command {
	const char *name;
	const char *arguments; /* besides options: "create [--root] | list"; NULL: none */
	const char *summary; /* a few words for the help */
	const char *description; /* for the manual: sentences */
	const char *const *switches; /* of its own, ended by NULL; NULL itself: takes neither options nor words */
	int (*run)(struct option_outcome *outcome); /* returns the exit status */
};

/* The command that a word calls; the words that people try first ("--version") are commands too. NULL: none. */
const struct command *command_find(const char *word);

/* The command at an index, in the order of the help; NULL past the last one. */
const struct command *command_at(size_t index);

/* The command `help`, for who asks another command for it. */
int command_print_help(struct option_outcome *outcome);
