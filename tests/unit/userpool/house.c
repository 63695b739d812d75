/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "unit/userpool/house.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "crypto/seal.h"
#include "spec/decode.h"
#include "spec/render.h"
#include "store/store.h"
#include "userpool/client.h"
#include "userpool/pool.h"

int house_set_up(void **state)
{
	struct arena *arena = arena_new();
	struct house *house = ARENA_NEW(arena, struct house);
	const char *parent = getenv("TMPDIR");
	char *folder = (char *)arena_printf(arena, "%s/house-XXXXXX", parent ? parent : "/tmp").data;
	str problem = STR("");
	assert_non_null(mkdtemp(folder));
	house->arena = arena;
	house->settings = (struct settings){
		.data_dir = str_of(folder),
		.region = STR("us-east-1"),
		.account_id = STR("123456789012"),
		.public_url = STR("http://127.0.0.1:4430"),
	};
	house->sealer = sealer_new(STR("0123456789abcdef0123456789abcdef"));
	house->store = store_open(arena, &house->settings, &problem);
	if (!house->store)
		fail_msg("%.*s", STR_ARG(problem));
	*state = house;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	return remove(path);
}

int house_tear_down(void **state)
{
	struct house *house = *state;
	struct arena *arena = house->arena;
	store_close(&house->store);
	sealer_free(&house->sealer);
	assert_int_equal(nftw(house->settings.data_dir.data, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
	arena_free(&arena);
	return 0;
}

struct request *house_request(const struct house *house)
{
	struct request *request = request_new();
	request->settings = &house->settings;
	request->sealer = house->sealer;
	request->store = house->store;
	return request;
}

void house_decode(struct request *request, const struct spec_type *type, const char *json, void *structure)
{
	const struct jsontree *tree = jsontree_parse(request->arena, str_of(json), NULL);
	if (!tree || !result_is_ok(spec_decode(request, type, tree, structure)))
		fail_msg("%s: %.*s", json, STR_ARG(request->message));
}

result house_create_pool(struct request *request, const char *json, struct user_pool_type *created)
{
	struct create_user_pool_request input = { .pool_name = STR_NONE };
	house_decode(request, &spec_type_create_user_pool_request, json, &input);
	return pool_create(request, &input, created);
}

result house_create_client(struct request *request, str pool_id, const char *json,
	struct user_pool_client_type *created)
{
	struct create_user_pool_client_request input = { .user_pool_id = STR_NONE };
	str whole = arena_printf(
		request->arena, "{\"UserPoolId\":\"%.*s\",%s", STR_ARG(pool_id), strchr(json, '{') + 1);
	house_decode(request, &spec_type_create_user_pool_client_request, whole.data, &input);
	return client_create(request, &input, created);
}

str house_render(struct request *request, const struct spec_type *type, const void *structure)
{
	struct buf text = buf_new(request->arena, 1024 * 1024);
	spec_render(&text, type, structure);
	return buf_str(&text);
}
