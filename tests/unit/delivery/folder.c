/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "unit/delivery/folder.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "unit/cases.h"

enum { LONGEST_FILE = 1 << 24 };

str folder_new(struct arena *arena)
{
	const char *parent = getenv("TMPDIR");
	str folder = arena_printf(arena, "%s/delivery-XXXXXX", parent ? parent : "/tmp");
	assert_non_null(mkdtemp((char *)folder.data));
	return folder;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	return remove(path);
}

void folder_remove(str folder)
{
	assert_int_equal(nftw(folder.data, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void add_content(struct buf *out, str folder, const struct dirent *entry, const char *prefix)
{
	str path = arena_printf(out->arena, "%.*s/%s", STR_ARG(folder), entry->d_name);
	if (entry->d_type == DT_DIR)
		buf_add(out, folder_read(out->arena, path, prefix));
	else if (str_has_prefix(str_of(entry->d_name), str_of(prefix)))
		buf_add(out, file_read(out->arena, path.data, LONGEST_FILE));
}

static bool is_itself(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
}

str folder_read(struct arena *arena, str folder, const char *prefix)
{
	struct buf out = buf_new(arena, LONGEST_FILE);
	DIR *open = opendir(folder.data);
	assert_non_null(open);
	for (struct dirent *entry; (entry = readdir(open));)
		if (!is_itself(entry))
			add_content(&out, folder, entry, prefix);
	closedir(open);
	return buf_str(&out);
}

size_t folder_count(str folder)
{
	size_t count = 0;
	DIR *open = opendir(folder.data);
	assert_non_null(open);
	for (struct dirent *entry; (entry = readdir(open));)
		count += !is_itself(entry);
	closedir(open);
	return count;
}
