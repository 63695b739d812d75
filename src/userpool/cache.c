/* SPDX-License-Identifier: Apache-2.0 */
/* The cache: a hash table with chains, one lock held for look-ups only. Loading runs outside the lock; when two
   requests load the same copy, the later one replaces the earlier, which is harmless. */
#include "userpool/cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/fatal.h"

struct entry {
	struct entry *next;
	struct arena *arena;
	str key;
	int64_t version;
	const void *object;
	uint64_t used_at;
	unsigned references; /* the table's own one counts */
	struct cache *cache;
};

struct cache {
	pthread_mutex_t lock;
	cache_load *load;
	uint64_t uses;
	size_t capacity, count;
	struct entry *buckets[];
};

struct cache *cache_new(size_t capacity, cache_load *load)
{
	struct cache *cache = calloc(1, sizeof *cache + capacity * sizeof cache->buckets[0]);
	if (!cache)
		fatal("out of memory");
	pthread_mutex_init(&cache->lock, NULL);
	cache->capacity = capacity;
	cache->load = load;
	return cache;
}

static struct entry **bucket_of(struct cache *cache, str key)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a; keys are ids of ours, nobody chooses collisions */
	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.data[i]) * 1099511628211u;
	return &cache->buckets[hash % cache->capacity];
}

/* With the lock held. The memory goes outside of it, by the caller, when true. */
static bool drop(struct entry *entry)
{
	return --entry->references == 0;
}

static void destroy(struct entry *entry)
{
	struct arena *arena = entry->arena;
	arena_free(&arena);
}

static void release(void *object)
{
	struct entry *entry = object;
	struct cache *cache = entry->cache;
	pthread_mutex_lock(&cache->lock);
	bool is_last = drop(entry);
	pthread_mutex_unlock(&cache->lock);
	if (is_last)
		destroy(entry);
}

static struct entry *lookup(struct cache *cache, str key, int64_t version)
{
	pthread_mutex_lock(&cache->lock);
	struct entry *entry = *bucket_of(cache, key);
	while (entry && !str_equal(entry->key, key))
		entry = entry->next;
	if (entry && entry->version == version) {
		entry->references++;
		entry->used_at = ++cache->uses;
	} else {
		entry = NULL;
	}
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

/* With the lock held: takes the entry of that place out of the table. */
static struct entry *unlink_entry(struct cache *cache, struct entry **place)
{
	struct entry *entry = *place;
	*place = entry->next;
	cache->count--;
	return drop(entry) ? entry : NULL;
}

static struct entry **oldest_place(struct cache *cache)
{
	struct entry **oldest = NULL;
	for (size_t i = 0; i < cache->capacity; i++)
		for (struct entry **place = &cache->buckets[i]; *place; place = &(*place)->next)
			if (!oldest || (*place)->used_at < (*oldest)->used_at)
				oldest = place;
	return oldest;
}

static void insert(struct cache *cache, struct entry *entry)
{
	struct entry *replaced = NULL, *evicted = NULL;
	pthread_mutex_lock(&cache->lock);
	struct entry **place = bucket_of(cache, entry->key);
	while (*place && !str_equal((*place)->key, entry->key))
		place = &(*place)->next;
	if (*place)
		replaced = unlink_entry(cache, place);
	else if (cache->count == cache->capacity)
		evicted = unlink_entry(cache, oldest_place(cache));
	struct entry **head = bucket_of(cache, entry->key);
	entry->next = *head;
	*head = entry;
	entry->used_at = ++cache->uses;
	cache->count++;
	pthread_mutex_unlock(&cache->lock);
	if (replaced)
		destroy(replaced);
	if (evicted)
		destroy(evicted);
}

static RESULT load(struct cache *cache, struct request *request, str key, int64_t version, struct entry **out)
{
	struct arena *arena = arena_new();
	struct entry *entry = ARENA_NEW(arena, struct entry);
	entry->arena = arena;
	entry->key = arena_copy(arena, key);
	entry->version = version;
	entry->references = 2; /* the table and the request */
	entry->cache = cache;
	result loaded = cache->load(request, arena, key, &entry->object);
	if (!result_is_ok(loaded)) {
		arena_free(&arena);
		return loaded;
	}
	insert(cache, entry);
	*out = entry;
	return OK;
}

result cache_get(struct cache *cache, struct request *request, str key, int64_t version, const void **object)
{
	struct entry *entry = lookup(cache, key, version);
	if (!entry)
		TRY(load(cache, request, key, version, &entry));
	arena_defer(request->arena, release, entry);
	*object = entry->object;
	return OK;
}

bool cache_peek(struct cache *cache, struct request *request, str key, int64_t version, const void **object)
{
	struct entry *entry = lookup(cache, key, version);
	if (!entry)
		return false;
	arena_defer(request->arena, release, entry);
	*object = entry->object;
	return true;
}

void cache_free(struct cache **handle)
{
	struct cache *cache = *handle;
	if (!cache)
		return;
	for (size_t i = 0; i < cache->capacity; i++)
		while (cache->buckets[i]) {
			struct entry *entry = unlink_entry(cache, &cache->buckets[i]);
			if (entry)
				destroy(entry);
		}
	pthread_mutex_destroy(&cache->lock);
	free(cache);
	*handle = NULL;
}
