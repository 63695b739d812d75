/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing, the last first. */
#include "cli/foundation.h"

#include <errno.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/settings.h"
#include "crypto/master_key.h"
#include "crypto/seal.h"
#include "store/key_check.h"
#include "store/store.h"

static bool make_data_folder(struct arena *arena, str data_dir, str *problem)
{
	if (file_make_folder(arena_copy(arena, data_dir).data))
		return true;
	*problem = arena_printf(arena, "cannot make the folder %.*s: %s", STR_ARG(data_dir), strerror(errno));
	return false;
}

static void free_arena(struct arena **arena)
{
	arena_free(arena);
}

static struct sealer *open_sealer(struct arena *arena, str data_dir, str *problem)
{
	/* The master key is wiped at once; the caller's arena may live as long as the server. */
	CLEANUP(free_arena) struct arena *brief = arena_new();
	str key;
	if (master_key_load(brief, data_dir, &key, problem))
		return sealer_new(key);
	*problem = arena_copy(arena, *problem);
	return NULL;
}

static bool check_key(struct arena *arena, struct foundation *foundation, str *problem)
{
	struct request *request = foundation_request(foundation);
	bool fits = key_check(request, &foundation->is_first, problem);
	if (!fits)
		*problem = arena_copy(arena, *problem);
	request_free(&request);
	return fits;
}

bool foundation_open(
	struct arena *arena, const struct settings *settings, struct foundation *out, str *problem)
{
	*out = (struct foundation){ .settings = settings };
	if (!make_data_folder(arena, settings->data_dir, problem))
		return false;
	out->sealer = open_sealer(arena, settings->data_dir, problem);
	out->store = out->sealer ? store_open(arena, settings, problem) : NULL;
	if (out->store && check_key(arena, out, problem))
		return true;
	foundation_close(out);
	return false;
}

void foundation_close(struct foundation *foundation)
{
	store_close(&foundation->store);
	if (foundation->sealer)
		sealer_free(&foundation->sealer);
}

void foundation_lend(struct request *request, void *context)
{
	const struct foundation *foundation = context;
	request->settings = foundation->settings;
	request->sealer = foundation->sealer;
	request->store = foundation->store;
}

struct request *foundation_request(struct foundation *foundation)
{
	struct request *request = request_new();
	foundation_lend(request, foundation);
	return request;
}
