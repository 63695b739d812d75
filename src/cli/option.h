/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the program. One table defines each option's flag, environment variable, key in the
   configuration file, type, default, range and help. An option named data_dir is --data-dir,
   POOLWARDEN_DATA_DIR and data_dir.

   Precedence: flag, environment, file, default. The file is --config FILE, or poolwarden.conf in the data
   folder when it is there: lines of `key = value`, empty lines, and comments that start with '#'. Everything
   is strict: what is unknown, malformed or out of range is a problem, never ignored. Secrets have no flag,
   because `ps` shows flags. */
#pragma once

#include "base/arena.h"
#include "base/settings.h"

enum { OPTION_WORDS_MAX = 4 };

/* What a command line came to. */
struct option_outcome {
	struct settings settings;
	str words[OPTION_WORDS_MAX]; /* what is no option, in order, with the command's own switches
					("--root") */
	size_t word_count;
	bool wants_help; /* --help was there: nothing else was looked at */

	/* What option_reload() reads again. */
	size_t argument_count;
	char *const *arguments;
	const char *const *switches;
};

/* Reads options from `arguments` (without program and command name), from the environment and from the file.
   `switches` are the command's own flags, ended by NULL. False with a text for the operator in `*problem`.
   Texts live in the arena, or in the arguments and the environment themselves. */
bool option_load(struct arena *arena, size_t count, char *const *arguments, const char *const *switches,
	struct option_outcome *out, str *problem);

/* Does what option_load() did for `first` once more: the file may say something else by now. */
bool option_reload(
	struct arena *arena, const struct option_outcome *first, struct option_outcome *out, str *problem);

/* One option, for people. */
struct option_description {
	str key, variable; /* "data_dir", "POOLWARDEN_DATA_DIR" */
	str flag; /* "--data-dir"; absent: a secret, which has none */
	str placeholder; /* "DIR": what follows the flag; absent: nothing does */
	str default_value; /* absent: none, or the help says it */
	str help;
};

/* False past the last option. */
bool option_describe(struct arena *arena, size_t index, struct option_description *out);

/* All options for --help, two lines each. */
str option_help(struct arena *arena);

/* The URL of a server that listens on `port` when the operator named none; a wildcard address becomes
 * loopback. */
str option_default_public_url(struct arena *arena, const struct settings *settings, unsigned port);
