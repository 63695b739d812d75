/* SPDX-License-Identifier: Apache-2.0 */
/* A message is written and synced in tmp/ under a name that nobody else uses, and only then moved to new/:
   a reader never sees a part of one. */
#define _GNU_SOURCE /* gethostname */
#include "delivery/maildir.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "base/file.h"

enum { HOST_NAME_BYTES = 65 };

static const char *const parts[] = { "tmp", "new", "cur" };

static bool make_folders(struct arena *arena, str folder)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!file_make_folder(arena_printf(arena, "%.*s/%s", STR_ARG(folder), parts[i]).data))
			return false;
	return true;
}

/* The host's name as the convention wants it: "/" and ":" would mean something in a file's name. */
static str host_name(struct arena *arena)
{
	char name[HOST_NAME_BYTES] = "";
	struct buf out = buf_new(arena, 4 * sizeof name);
	if (gethostname(name, sizeof name - 1) || !*name)
		return STR("localhost");
	for (const char *c = name; *c; c++) {
		if (*c == '/' || *c == ':')
			buf_printf(&out, "\\%03o", (unsigned)*c);
		else
			buf_add_char(&out, *c);
	}
	return buf_str(&out);
}

/* Seconds, then what makes it unique: microseconds, process and random bits; then the host. */
static str unique_name(struct arena *arena)
{
	int64_t now = clock_now();
	uint64_t random;
	entropy_fill(&random, sizeof random);
	return arena_printf(arena, "%lld.M%lldP%ldR%016llx.%.*s", (long long)(now / SECOND),
		(long long)(now % SECOND) * 1000, (long)getpid(), (unsigned long long)random,
		STR_ARG(host_name(arena)));
}

bool maildir_deliver(struct arena *arena, str folder, str content, str *problem)
{
	str name = unique_name(arena);
	str written = arena_printf(arena, "%.*s/tmp/%.*s", STR_ARG(folder), STR_ARG(name));
	str delivered = arena_printf(arena, "%.*s/new/%.*s", STR_ARG(folder), STR_ARG(name));
	if (make_folders(arena, folder) && file_write_durably(written.data, content, 0600)) {
		if (file_move_durably(written.data, delivered.data))
			return true;
		int reason = errno;
		unlink(written.data);
		errno = reason;
	}
	*problem = arena_printf(arena, "cannot write into %.*s: %s", STR_ARG(folder), strerror(errno));
	return false;
}
