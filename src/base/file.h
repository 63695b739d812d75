/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files: read, and written so that a crash leaves the old content or the new, never a part. */
#pragma once

#include "base/arena.h"

/* The content of a regular file of at most `max` bytes. Absent, with errno set, when it cannot be read. */
str file_read(struct arena *arena, const char *path, size_t max);

/* Writes a temporary file beside `path`, syncs it, renames it and syncs the folder. False with errno set. */
bool file_write_durably(const char *path, str content, unsigned mode);

/* The same, but never replaces: false with errno EEXIST when there is a file at `path`. */
bool file_create_durably(const char *path, str content, unsigned mode);

/* Renames within a file system and syncs the folder that then holds it; a file at `to` is replaced. False with
   errno set. */
bool file_move_durably(const char *from, const char *to);

/* Makes a folder (mode 0700) and its parents; true when it stands afterwards. */
bool file_make_folder(const char *path);
