/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON (RFC 8259): a parsed tree that lives as long as its arena. The only room that knows the parser
   behind it. (The prefix json_ belongs to that parser.) */
#pragma once

#include "base/arena.h"

enum jsontree_kind {
	JSONTREE_NULL,
	JSONTREE_BOOLEAN,
	JSONTREE_INTEGER,
	JSONTREE_REAL,
	JSONTREE_STRING,
	JSONTREE_ARRAY,
	JSONTREE_OBJECT,
};

/* A node of a parsed text. */
struct jsontree;

/* Deepest nesting that jsontree_parse accepts. */
enum { JSONTREE_DEPTH_MAX = 64 };

/* Parses a whole text: one value, valid UTF-8, no NUL character, no repeated member, at most JSONTREE_DEPTH_MAX
   deep. On failure returns NULL and says why in `*reason`, unless that is NULL. */
const struct jsontree *jsontree_parse(struct arena *arena, str text, str *reason);

enum jsontree_kind jsontree_kind(const struct jsontree *value);

/* The value's content; the kind must fit, jsontree_number takes both number kinds. Strings are views into the tree. */
bool jsontree_boolean(const struct jsontree *value);
int64_t jsontree_integer(const struct jsontree *value);
double jsontree_number(const struct jsontree *value);
str jsontree_string(const struct jsontree *value);

size_t jsontree_array_size(const struct jsontree *array);
const struct jsontree *jsontree_array_at(const struct jsontree *array, size_t index);

size_t jsontree_object_size(const struct jsontree *object);

/* NULL when there is no such member. */
const struct jsontree *jsontree_member(const struct jsontree *object, const char *name);

/* The member when it is a string, else absent. */
str jsontree_member_string(const struct jsontree *object, const char *name);

/* Visits members in the order of the text: start with *iterator NULL; false at the end. */
bool jsontree_object_next(const struct jsontree *object, void **iterator, str *name,
	const struct jsontree **value);
