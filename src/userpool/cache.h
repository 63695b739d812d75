/* SPDX-License-Identifier: Apache-2.0 */
/* Decoded copies of rows that most requests need: pools, clients, keys. Each copy has an arena of its own and is
   shared read-only; it goes when it was replaced and the last request that used it has ended. Every look-up compares
   the copy's version with the row's, so a change is seen by the next request, whoever made it. */
#pragma once

#include "base/request.h"

struct cache;

/* Makes the object for `key` in `arena`, valid as long as that arena. Raises what its owner wants raised. */
typedef RESULT cache_load(struct request *request, struct arena *arena, str key, const void **object);

/* At most `capacity` copies; past that the least recently used one goes. */
struct cache *cache_new(size_t capacity, cache_load *load);
void cache_free(struct cache **cache);

/* The copy of that version, loaded when it is not there; held until the request ends. */
RESULT cache_get(struct cache *cache, struct request *request, str key, int64_t version, const void **object);

/* The same, but false where it would have to be loaded: never blocks. */
bool cache_peek(struct cache *cache, struct request *request, str key, int64_t version, const void **object);
