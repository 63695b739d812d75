/* SPDX-License-Identifier: Apache-2.0 */
/* Growing texts. Growth doubles, so the arena holds at most twice the final size. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/fatal.h"

enum { FIRST_CAPACITY = 512 };

struct buf buf_new(struct arena *arena, size_t max)
{
	return (struct buf){ .arena = arena, .max = max };
}

struct buf buf_over(char *memory, size_t size)
{
	return (struct buf){ .data = memory, .capacity = size, .max = size };
}

static void grow(struct buf *buf, size_t needed)
{
	size_t capacity = buf->capacity ? buf->capacity : FIRST_CAPACITY;
	while (capacity < needed)
		capacity *= 2;
	char *data = arena_alloc(buf->arena, capacity);
	if (buf->len)
		memcpy(data, buf->data, buf->len);
	buf->data = data;
	buf->capacity = capacity;
}

char *buf_reserve(struct buf *buf, size_t len)
{
	if (buf->overflowed || len > buf->max - buf->len) {
		buf->overflowed = true;
		return NULL;
	}
	if (buf->len + len > buf->capacity)
		grow(buf, buf->len + len);
	char *room = buf->data + buf->len;
	buf->len += len;
	return room;
}

void buf_add(struct buf *buf, str s)
{
	char *room = s.len ? buf_reserve(buf, s.len) : NULL;
	if (room)
		memcpy(room, s.data, s.len);
}

void buf_add_char(struct buf *buf, char c)
{
	char *room = buf_reserve(buf, 1);
	if (room)
		*room = c;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len < 0)
		fatal("vsnprintf failed");
	/* vsnprintf writes a NUL too: reserve one more and give it back. */
	char *room = buf_reserve(buf, (size_t)len + 1);
	if (room) {
		vsnprintf(room, (size_t)len + 1, format, again);
		buf->len--;
	}
	va_end(again);
}

void buf_add_int(struct buf *buf, int64_t value)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		digits[--at] = '-';
	buf_add(buf, (str){ digits + at, sizeof digits - at });
}
