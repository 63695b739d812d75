/* SPDX-License-Identifier: Apache-2.0 */
/* What a command says. */
#pragma once

#include "cli/option.h"

struct captured {
	int status;
	str out, err;
};

/* Runs the command with these settings and words, ended by NULL, with its outputs caught. */
struct captured capture(struct arena *arena, int (*command)(struct option_outcome *outcome),
	const struct settings *settings, const char *const *words);
