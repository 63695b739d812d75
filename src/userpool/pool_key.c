/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of pools, decoded in a cache beside the pools and renewed with their version. A pool without keys takes
   spare ones, or makes its own; whoever comes first wins, the other's new key is thrown away. */
#include "userpool/pool_key.h"

#include <pthread.h>

#include "base/encode.h"
#include "base/jsontext.h"
#include "crypto/seal.h"
#include "crypto/signing_key.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/cache.h"
#include "userpool/pool.h"
#include "userpool/pool_key_stock.h"

enum { CACHED_POOLS = 256, JWKS_MAX_BYTES = 64 * 1024 };

static const char *const usage_texts[POOL_KEY_COUNT] = { [POOL_KEY_ID] = "id", [POOL_KEY_ACCESS] = "access" };

/* --- Making keys --- */

static str identity(struct request *request, str id)
{
	return arena_printf(request->arena, "signing_key:%.*s", STR_ARG(id));
}

struct pool_key_made pool_key_make(struct request *request)
{
	struct signing_key *key = signing_key_generate();
	str id = arena_copy(request->arena, signing_key_id(key));
	str der = signing_key_to_der(request->arena, key);
	signing_key_free(&key);
	return (struct pool_key_made){
		.id = id,
		.sealed_key = seal_close(request->sealer, request->arena, der, identity(request, id)),
	};
}

/* --- Giving keys to a pool, inside a transaction --- */

static RESULT has_key(struct request *request, str pool_id, enum pool_key_usage usage, bool *has)
{
	struct store_signing_key_of_pool_row row;
	return store_signing_key_of_pool(request,
		&(struct store_signing_key_of_pool_in){ .pool_id = pool_id, .usage = str_of(usage_texts[usage]) },
		&row, has);
}

static RESULT assign_spare(struct request *request, str pool_id, enum pool_key_usage usage, int64_t *assigned)
{
	return store_signing_key_assign_spare(request,
		&(struct store_signing_key_assign_spare_in){
			.pool_id = pool_id, .usage = str_of(usage_texts[usage]), .now = request->now },
		assigned);
}

result pool_key_assign_spares(struct request *request, str pool_id)
{
	for (int usage = 0; usage < POOL_KEY_COUNT; usage++) {
		int64_t assigned;
		TRY(assign_spare(request, pool_id, usage, &assigned));
	}
	return OK;
}

/* What a pool still misses, and a key made for that, if any. */
struct gap {
	str pool_id;
	enum pool_key_usage usage;
	struct pool_key_made made;
	bool is_open;
};

static RESULT fill(struct request *request, void *context)
{
	struct gap *gap = context;
	int64_t assigned = 0;
	bool has;
	TRY(has_key(request, gap->pool_id, gap->usage, &has));
	if (!has)
		TRY(assign_spare(request, gap->pool_id, gap->usage, &assigned));
	gap->is_open = !has && !assigned;
	if (!gap->is_open || !str_is_set(gap->made.id))
		return OK;
	gap->is_open = false;
	return store_signing_key_insert(request,
		&(struct store_signing_key_insert_in){
			.id = gap->made.id,
			.pool_id = gap->pool_id,
			.usage = str_of(usage_texts[gap->usage]),
			.sealed_key = gap->made.sealed_key,
			.now = request->now,
		},
		NULL);
}

static RESULT close_gap(struct request *request, str pool_id, enum pool_key_usage usage)
{
	struct gap gap = { .pool_id = pool_id, .usage = usage };
	TRY(store_write(request, fill, &gap));
	if (!gap.is_open)
		return OK;
	gap.made = pool_key_make(request);
	return store_write(request, fill, &gap);
}

/* --- Reading --- */

static void release(void *object)
{
	struct signing_key *key = object;
	signing_key_free(&key);
}

static RESULT open_key(struct request *request, struct arena *arena, str id, str sealed,
	const struct signing_key **out)
{
	struct signing_key *key = NULL;
	str der;
	if (seal_open(request->sealer, request->arena, sealed, identity(request, id), &der))
		key = signing_key_from_der(der);
	if (!key) {
		DETAIL(request, "signing key %.*s cannot be opened", STR_ARG(id));
		return FAIL(request, INTERNAL, "A signing key of the user pool cannot be read.");
	}
	arena_defer(arena, release, key);
	*out = key;
	return OK;
}

static RESULT load_key(struct request *request, struct arena *arena, str pool_id, enum pool_key_usage usage,
	const struct signing_key **key)
{
	const struct store_signing_key_of_pool_in in = { .pool_id = pool_id, .usage = str_of(usage_texts[usage]) };
	struct store_signing_key_of_pool_row row;
	bool found;
	TRY(store_signing_key_of_pool(request, &in, &row, &found));
	if (!found) {
		TRY(close_gap(request, pool_id, usage));
		TRY(store_signing_key_of_pool(request, &in, &row, &found));
		pool_key_stock_wake();
	}
	if (!found)
		return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(pool_id));
	return open_key(request, arena, row.id, row.sealed_key, key);
}

/* RFC 7517, 4; RFC 7518, 6.3.1. */
static void add_key(struct arena *arena, struct buf *text, const struct signing_key *key)
{
	jsontext_add_separator(text);
	buf_add_char(text, '{');
	jsontext_add_string_member(text, STR("alg"), STR("RS256"));
	jsontext_add_string_member(text, STR("e"), base64url_encode(arena, signing_key_exponent(arena, key)));
	jsontext_add_string_member(text, STR("kid"), signing_key_id(key));
	jsontext_add_string_member(text, STR("kty"), STR("RSA"));
	jsontext_add_string_member(text, STR("n"), base64url_encode(arena, signing_key_modulus(arena, key)));
	jsontext_add_string_member(text, STR("use"), STR("sig"));
	buf_add_char(text, '}');
}

/* RFC 7517, 5. */
static str key_set(struct arena *arena, const struct pool_keys *keys)
{
	struct buf text = buf_new(arena, JWKS_MAX_BYTES);
	buf_add(&text, STR("{\"keys\":["));
	for (int usage = 0; usage < POOL_KEY_COUNT; usage++)
		add_key(arena, &text, keys->keys[usage]);
	buf_add(&text, STR("]}"));
	return buf_str(&text);
}

static RESULT load(struct request *request, struct arena *arena, str pool_id, const void **object)
{
	struct pool_keys *keys = ARENA_NEW(arena, struct pool_keys);
	for (int usage = 0; usage < POOL_KEY_COUNT; usage++)
		TRY(load_key(request, arena, pool_id, usage, &keys->keys[usage]));
	keys->jwks = key_set(arena, keys);
	*object = keys;
	return OK;
}

/* Lives as long as the process: threads may still hold copies when it ends. */
static struct cache *cached_keys;

static void make_cache(void)
{
	cached_keys = cache_new(CACHED_POOLS, load);
}

result pool_key_find(struct request *request, const struct user_pool *pool, const struct pool_keys **keys)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const void *object;
	pthread_once(&once, make_cache);
	TRY(cache_get(cached_keys, request, pool->id, pool->version, &object));
	*keys = object;
	return OK;
}
