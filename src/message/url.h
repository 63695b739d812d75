/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding (RFC 3986, 2.1) and the name=value pairs of queries and forms. */
#pragma once

#include "base/arena.h"

/* Undoes percent-encoding; with `plus_is_space` also '+', which is right in forms and queries and wrong in paths.
   False for a bad escape, and for a NUL, escaped or not. */
bool url_decode(struct arena *arena, str text, bool plus_is_space, str *out);

/* Keeps unreserved characters and those in `keep`; all else becomes %XX, upper case. This is the encoding of
   Signature Version 4: keep "/" for paths, nothing for query names and values. */
str url_encode(struct arena *arena, str text, str keep);

struct url_pair {
	str name;
	str value; /* empty without '=' */
};

/* The pairs of a query or an application/x-www-form-urlencoded body, decoded, in their order; an absent text has
   none. False when there are more than `max`, or when one does not decode. */
bool url_pairs(struct arena *arena, str text, size_t max, struct url_pair **pairs, size_t *count);

/* The value of the first pair of that name, absent when there is none. */
str url_pair_value(const struct url_pair *pairs, size_t count, str name);
