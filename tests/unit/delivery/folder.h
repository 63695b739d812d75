/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of a test's own, and the files in it. */
#pragma once

#include "base/arena.h"

/* A new empty folder. */
str folder_new(struct arena *arena);

/* Removes it with all that is in it. */
void folder_remove(str folder);

/* The content of every file in and below it that has a name beginning with `prefix`, one behind the other. */
str folder_read(struct arena *arena, str folder, const char *prefix);

/* Files and folders directly in it. */
size_t folder_count(str folder);
