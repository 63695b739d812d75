/* SPDX-License-Identifier: Apache-2.0 */
/* A growing text in an arena with a maximum that is set when it is made. Past the maximum it keeps what it has,
   takes nothing more and remembers that: check `overflowed` once at the end. */
#pragma once

#include "base/arena.h"

struct buf {
	struct arena *arena; /* NULL where the memory is the caller's */
	char *data;
	size_t len, capacity, max;
	bool overflowed;
};

/* An empty text of at most `max` bytes. */
struct buf buf_new(struct arena *arena, size_t max);

/* An empty text in memory of the caller's, which bounds it. */
struct buf buf_over(char *memory, size_t size);

void buf_add(struct buf *buf, str s);
void buf_add_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Decimal; much faster than buf_printf. */
void buf_add_int(struct buf *buf, int64_t value);

/* Room for `len` more bytes, already counted as written, to be filled by the caller; NULL past the maximum. */
char *buf_reserve(struct buf *buf, size_t len);

/* What was written so far; valid until the next write. Always set, never absent. */
static inline str buf_str(const struct buf *buf)
{
	return (str){ buf->data ? buf->data : "", buf->len };
}
