/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the master key. Losing it loses all that was sealed with it, so whatever looks odd is refused, not
   mended: a new key is made only where there was none. */
#include "crypto/master_key.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/encode.h"
#include "base/file.h"
#include "crypto/random.h"
#include "crypto/seal.h"

enum { KEY_FILE_MAX = 256 };

/* The text behind `source`, which only serves to name it. */
static bool read_text(struct arena *arena, str text, const char *source, str *key, str *problem)
{
	if (str_has_suffix(text, STR("\n")))
		text = str_slice(text, 0, text.len - 1);
	if (base64_decode(arena, text, key) && key->len == MASTER_KEY_LEN)
		return true;
	*problem = arena_printf(arena, "%s does not hold a master key: base64 of %d bytes is wanted", source,
		MASTER_KEY_LEN);
	return false;
}

static bool read_key_file(struct arena *arena, const char *path, str *key, str *problem)
{
	str text = file_read(arena, path, KEY_FILE_MAX);
	if (str_is_set(text))
		return read_text(arena, text, path, key, problem);
	*problem = arena_printf(arena, "the master key cannot be read from %s: %s", path, strerror(errno));
	return false;
}

/* Whether our own file is closed to others. Not asked of POOLWARDEN_MASTER_KEY_FILE: container platforms mount
   secrets readable for all, in a place where nobody else is. */
static bool is_private(struct arena *arena, const char *path, str *problem)
{
	struct stat status;
	if (stat(path, &status) || !(status.st_mode & (S_IRWXG | S_IRWXO)))
		return true;
	*problem = arena_printf(arena, "%s is open to other users (mode %03o): chmod 600 it, and change the key if "
		"somebody else may have read it", path, (unsigned)status.st_mode & 0777);
	return false;
}

/* Makes the key if there is none. Of two processes that start at once one makes it, and both read that one. */
static bool make_once(struct arena *arena, const char *path, str *problem)
{
	struct stat status;
	if (stat(path, &status) == 0)
		return true;
	str text = base64_encode(arena, random_bytes(arena, MASTER_KEY_LEN));
	str line = arena_printf(arena, "%.*s\n", STR_ARG(text));
	if (file_create_durably(path, line, 0600) || errno == EEXIST)
		return true;
	*problem = arena_printf(arena, "the master key cannot be written to %s: %s", path, strerror(errno));
	return false;
}

bool master_key_load(struct arena *arena, str data_dir, str *key, str *problem)
{
	const char *text = getenv("POOLWARDEN_MASTER_KEY"), *file = getenv("POOLWARDEN_MASTER_KEY_FILE");
	if (text)
		return read_text(arena, str_of(text), "POOLWARDEN_MASTER_KEY", key, problem);
	if (file)
		return read_key_file(arena, file, key, problem);
	const char *path = arena_printf(arena, "%.*s/master.key", STR_ARG(data_dir)).data;
	return make_once(arena, path, problem) && is_private(arena, path, problem) &&
		read_key_file(arena, path, key, problem);
}
