/* SPDX-License-Identifier: Apache-2.0 */
/* A counted view of bytes, owned by somebody else (an arena, a literal, a row). `data` NULL means
   absent, which is not the same as empty. Text is UTF-8 unless a contract says otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	const char *data;
	size_t len;
} str;

/* A view of a string literal; also usable in static initialisers through STR_INIT. */
#define STR(literal)	  ((str){ (literal), sizeof(literal) - 1 })
#define STR_INIT(literal) { (literal), sizeof(literal) - 1 }
#define STR_NONE	  ((str){ NULL, 0 })

/* For printf formats: "%.*s", STR_ARG(name). */
#define STR_ARG(s) (int)(s).len, ((s).data ? (s).data : "")

/* A view of a NUL-terminated string; NULL becomes absent. */
static inline str str_of(const char *text)
{
	return (str){ text, text ? strlen(text) : 0 };
}

static inline bool str_is_set(str s)
{
	return s.data != NULL;
}

static inline bool str_is_empty(str s)
{
	return s.len == 0;
}

/* Not for secrets: see secret_equal() in crypto/secret.h. Absent equals empty. */
static inline bool str_equal(str a, str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* The part of `s` from byte `from` (clamped) to its end. */
str str_from(str s, size_t from);

/* At most `len` bytes of `s` from byte `from`, both clamped. */
str str_slice(str s, size_t from, size_t len);

bool str_has_prefix(str s, str prefix);
bool str_has_suffix(str s, str suffix);

/* ASCII letters compare without case; for protocol tokens (header names, schemes), not for user names. */
bool str_equal_ignoring_ascii_case(str a, str b);

/* Byte order, shorter first on a tie: <0, 0, >0, as for qsort. */
int str_compare(str a, str b);

/* Index of the first `c`, or -1. */
ptrdiff_t str_find_char(str s, char c);

/* Cuts `*rest` at the first `separator`: returns what stood before it and moves `*rest` behind it.
   Without one, returns all and leaves `*rest` absent; loop while str_is_set(*rest). */
str str_split(str *rest, char separator);

/* Without leading and trailing space and horizontal tab. */
str str_trim(str s);

/* A decimal number that fills `s` and fits; no sign but '-', no space. */
bool str_to_int64(str s, int64_t *out);
