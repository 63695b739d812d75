/* SPDX-License-Identifier: Apache-2.0 */
/* Memory with one life: everything made for a request comes from its arena and goes with it, wiped.
   Allocation never returns NULL; limits are checked before, and out of memory ends the process. */
#pragma once

#include "base/str.h"

struct arena;

struct arena *arena_new(void);

/* Runs the deferred calls (last first), wipes all memory, frees it and nulls the pointer. */
void arena_free(struct arena **arena);

/* Zeroed, aligned for any object. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

#define ARENA_NEW(arena, type)		((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* Ends the process when count * size overflows. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it, so that .data also serves C interfaces. Absent stays absent. */
str arena_copy(struct arena *arena, str s);

str arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Calls release(object) when the arena is freed: for library handles and references. */
void arena_defer(struct arena *arena, void (*release)(void *), void *object);
