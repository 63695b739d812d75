/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions with Unicode classes, as the API models use them. A pattern is a static object that compiles
   itself at first use; the expressions are ours, never from outside. */
#pragma once

#include <stdatomic.h>

#include "base/str.h"

struct pattern {
	const char *expression;
	_Atomic(void *) compiled; /* zero at start; belongs to pattern.c */
};

#define PATTERN_INIT(text) { .expression = (text) }

/* Whether the whole text matches. `text` must be valid UTF-8. A match that needs too much work counts as none. */
bool pattern_matches(struct pattern *pattern, str text);
