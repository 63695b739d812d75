/* SPDX-License-Identifier: Apache-2.0 */
/* The credentials file. Whatever looks odd is refused, not mended: clients hold copies of the key. */
#include "cli/credentials_file.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/value.h"
#include "iam/access_key.h"
#include "iam/credentials.h"

enum { FILE_MAX = 64 * 1024 };

#define PROBLEM(...) (*problem = arena_printf(arena, __VA_ARGS__), false)

/* Makes the file if there is none. Of two processes that start at once one makes it, and both read that one.
 */
static bool make_once(struct arena *arena, const char *path, str *problem)
{
	struct stat status;
	if (stat(path, &status) == 0)
		return true;
	struct access_key key = access_key_draw(arena);
	if (file_create_durably(path, credentials_text(arena, key.id, key.secret), 0600) || errno == EEXIST)
		return true;
	return PROBLEM("the root access key cannot be written to %s: %s", path, strerror(errno));
}

static bool is_private(struct arena *arena, const char *path, str *problem)
{
	struct stat status;
	if (stat(path, &status) || !(status.st_mode & (S_IRWXG | S_IRWXO)))
		return true;
	return PROBLEM(
		"%s is open to other users (mode %03o): chmod 600 it, or, if somebody else may have read it, "
		"remove it, and the next start makes another key",
		path, (unsigned)status.st_mode & 0777);
}

static const char *path_of(struct arena *arena, str data_dir)
{
	return arena_printf(arena, "%.*s/credentials", STR_ARG(data_dir)).data;
}

bool credentials_file_read(struct arena *arena, str data_dir, str *access_key_id, str *secret, str *problem)
{
	const char *path = path_of(arena, data_dir);
	if (!is_private(arena, path, problem))
		return false;
	str text = file_read(arena, path, FILE_MAX);
	if (!str_is_set(text))
		return PROBLEM("the root access key cannot be read from %s: %s", path, strerror(errno));
	if (!credentials_parse(text, access_key_id, secret))
		return PROBLEM(
			"%s holds no aws_access_key_id and aws_secret_access_key under [default]", path);
	/* What no client could be configured with was cut off or mistyped. */
	if (!value_is_access_key_id(*access_key_id) || !value_is_secret_access_key(*secret))
		return PROBLEM("the access key in %s is malformed", path);
	return true;
}

static bool is_there(struct arena *arena, const char *path, str *problem)
{
	struct stat status;
	if (stat(path, &status) == 0 || errno != ENOENT)
		return true;
	return PROBLEM("there is no %s: servers that share a database share this file, or are given one "
		       "root_access_key_id and root_secret_access_key",
		path);
}

bool credentials_file_load(
	struct arena *arena, str data_dir, bool may_make, str *access_key_id, str *secret, str *problem)
{
	const char *path = path_of(arena, data_dir);
	bool is_ready = may_make ? make_once(arena, path, problem) : is_there(arena, path, problem);
	return is_ready && credentials_file_read(arena, data_dir, access_key_id, secret, problem);
}
