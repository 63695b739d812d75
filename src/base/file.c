/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files. */
#define _GNU_SOURCE
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_descriptor(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}

static bool read_all(int descriptor, char *out, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t got = read(descriptor, out + done, len - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

str file_read(struct arena *arena, const char *path, size_t max)
{
	__attribute__((cleanup(close_descriptor))) int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (descriptor < 0 || fstat(descriptor, &status))
		return STR_NONE;
	if (!S_ISREG(status.st_mode) || (size_t)status.st_size > max) {
		errno = S_ISREG(status.st_mode) ? EFBIG : EINVAL;
		return STR_NONE;
	}
	size_t len = (size_t)status.st_size;
	char *content = arena_alloc(arena, len + 1);
	return read_all(descriptor, content, len) ? (str){ content, len } : STR_NONE;
}

static bool write_all(int descriptor, str content)
{
	while (content.len) {
		ssize_t written = write(descriptor, content.data, content.len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		content = str_from(content, (size_t)written);
	}
	return true;
}

static bool sync_folder_of(const char *path)
{
	char copy[PATH_MAX];
	if (strlen(path) >= sizeof copy)
		return false;
	strcpy(copy, path);
	__attribute__((cleanup(close_descriptor))) int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder >= 0 && fsync(folder) == 0;
}

bool file_move_durably(const char *from, const char *to)
{
	return rename(from, to) == 0 && sync_folder_of(to);
}

/* Leaves the whole content in a new file beside `path`, synced, and its name in `temporary`. */
static bool write_beside(const char *path, str content, unsigned mode, char temporary[PATH_MAX])
{
	int len = snprintf(temporary, PATH_MAX, "%s.%ld.tmp", path, (long)getpid());
	if (len < 0 || len >= PATH_MAX) {
		temporary[0] = '\0'; /* no part of a name: the caller removes what it says */
		errno = ENAMETOOLONG;
		return false;
	}
	int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
	if (descriptor < 0)
		return false;
	bool written = write_all(descriptor, content) && fsync(descriptor) == 0;
	return close(descriptor) == 0 && written;
}

/* Removes what is of no more use, without hiding why it came to that. */
static void remove_quietly(const char *path)
{
	int reason = errno;
	unlink(path);
	errno = reason;
}

bool file_write_durably(const char *path, str content, unsigned mode)
{
	char temporary[PATH_MAX];
	if (write_beside(path, content, mode, temporary) && rename(temporary, path) == 0)
		return sync_folder_of(path);
	remove_quietly(temporary);
	return false;
}

bool file_create_durably(const char *path, str content, unsigned mode)
{
	char temporary[PATH_MAX];
	/* Unlike rename(), link() never replaces. */
	bool created = write_beside(path, content, mode, temporary) && link(temporary, path) == 0;
	remove_quietly(temporary);
	return created && sync_folder_of(path);
}

bool file_make_folder(const char *path)
{
	char copy[PATH_MAX];
	struct stat status;
	if (mkdir(path, 0700) == 0)
		return true;
	if (errno == ENOENT && strlen(path) < sizeof copy) {
		strcpy(copy, path);
		char *parent = dirname(copy);
		return strcmp(parent, path) != 0 && file_make_folder(parent) && mkdir(path, 0700) == 0;
	}
	return errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
