/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): well-formedness and counting. */
#pragma once

#include "base/arena.h"

/* No overlong forms, no surrogates, nothing past U+10FFFF. */
bool utf8_is_valid(str text);

/* Code points in a valid text. */
size_t utf8_length(str text);

/* At most `max` bytes of what a stranger says of itself, for others to read: no half characters at the end, and "?" in
   the place of each control character and of what changes the direction of a line or ends one. Absent when it is not
   text. */
str utf8_excerpt(struct arena *arena, str text, size_t max);
