/* SPDX-License-Identifier: Apache-2.0 */
/* Chunks in a list, the newest first; a large piece gets a chunk of its own. */
#define _GNU_SOURCE /* explicit_bzero */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fatal.h"

#ifdef __SANITIZE_ADDRESS__
enum { SPARES_MAX = 0 };
#else
enum { SPARES_MAX = 4 };
#endif

enum { CHUNK_SIZE = 8192, ALIGNMENT = 16 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(ALIGNMENT) char bytes[];
};

enum { COMMON_SIZE = CHUNK_SIZE - sizeof(struct chunk) };

struct deferred {
	struct deferred *next;
	void (*release)(void *);
	void *object;
};

/* Lies at the beginning of its first chunk. */
struct arena {
	struct chunk *chunks;
	struct deferred *deferred;
};

/* The last chunks of common size that this thread freed, already wiped: most arenas need one, and getting it from the
   system costs more than all that is put into it. Sanitizers shall see each one freed. */
static _Thread_local struct chunk *spares;
static _Thread_local unsigned spare_count;

static struct chunk *take_spare(size_t size)
{
	struct chunk *chunk = size == COMMON_SIZE ? spares : NULL;
	if (chunk) {
		spares = chunk->next;
		spare_count--;
	}
	return chunk;
}

static void chunk_free(struct chunk *chunk)
{
	explicit_bzero(chunk->bytes, chunk->used);
	if (chunk->size != COMMON_SIZE || spare_count == SPARES_MAX) {
		free(chunk);
		return;
	}
	chunk->next = spares;
	spares = chunk;
	spare_count++;
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *chunk = take_spare(size);
	if (!chunk)
		chunk = malloc(sizeof *chunk + size);
	if (!chunk)
		fatal("out of memory");
	chunk->next = NULL;
	chunk->size = size;
	chunk->used = 0;
	return chunk;
}

struct arena *arena_new(void)
{
	struct arena first = { .chunks = chunk_new(COMMON_SIZE) };
	struct arena *arena = ARENA_NEW(&first, struct arena);
	*arena = first;
	return arena;
}

void arena_free(struct arena **handle)
{
	struct arena *arena = *handle;
	if (!arena)
		return;
	for (struct deferred *d = arena->deferred; d; d = d->next)
		d->release(d->object);
	for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
		next = chunk->next;
		chunk_free(chunk);
	}
	*handle = NULL;
}

static struct chunk *chunk_with_room(struct arena *arena, size_t size)
{
	struct chunk *newest = arena->chunks;
	if (newest->size - newest->used >= size)
		return newest;
	if (size > CHUNK_SIZE / 4) {
		/* Behind the newest, so that the newest keeps serving small pieces. */
		struct chunk *own = chunk_new(size);
		own->next = newest->next;
		newest->next = own;
		return own;
	}
	struct chunk *fresh = chunk_new(COMMON_SIZE);
	fresh->next = newest;
	arena->chunks = fresh;
	return fresh;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - CHUNK_SIZE)
		fatal("out of memory");
	size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	struct chunk *chunk = chunk_with_room(arena, rounded);
	void *piece = chunk->bytes + chunk->used;
	chunk->used += rounded;
	return memset(piece, 0, rounded);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		fatal("out of memory");
	return arena_alloc(arena, bytes);
}

str arena_copy(struct arena *arena, str s)
{
	if (!s.data)
		return s;
	char *copy = arena_alloc(arena, s.len + 1);
	memcpy(copy, s.data, s.len);
	return (str){ copy, s.len };
}

str arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len < 0)
		fatal("vsnprintf failed");
	char *text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return (str){ text, (size_t)len };
}

void arena_defer(struct arena *arena, void (*release)(void *), void *object)
{
	struct deferred *deferred = ARENA_NEW(arena, struct deferred);
	deferred->release = release;
	deferred->object = object;
	deferred->next = arena->deferred;
	arena->deferred = deferred;
}
