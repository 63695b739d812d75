/* SPDX-License-Identifier: Apache-2.0 */
/* JSON trees on jansson. `struct jsontree` is jansson's json_t under a name of our own. */
#include "base/jsontree.h"

#include <jansson.h>

static const json_t *node(const struct jsontree *value)
{
	return (const json_t *)value;
}

static const struct jsontree *wrap(const json_t *value)
{
	return (const struct jsontree *)value;
}

static void release(void *root)
{
	json_decref(root);
}

/* jansson recurses to 2,048 levels; this bounds the stack before it starts. */
static bool is_too_deep(str text)
{
	int depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > JSONTREE_DEPTH_MAX)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

const struct jsontree *jsontree_parse(struct arena *arena, str text, str *reason)
{
	json_error_t error;
	if (is_too_deep(text)) {
		if (reason)
			*reason = STR("nested too deeply");
		return NULL;
	}
	json_t *root = json_loadb(text.data ? text.data : "", text.len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
		&error);
	if (!root) {
		if (reason)
			*reason = arena_copy(arena, str_of(error.text));
		return NULL;
	}
	arena_defer(arena, release, root);
	return wrap(root);
}

enum jsontree_kind jsontree_kind(const struct jsontree *value)
{
	switch (json_typeof(node(value))) {
	case JSON_OBJECT:
		return JSONTREE_OBJECT;
	case JSON_ARRAY:
		return JSONTREE_ARRAY;
	case JSON_STRING:
		return JSONTREE_STRING;
	case JSON_INTEGER:
		return JSONTREE_INTEGER;
	case JSON_REAL:
		return JSONTREE_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSONTREE_BOOLEAN;
	case JSON_NULL:
		break;
	}
	return JSONTREE_NULL;
}

bool jsontree_boolean(const struct jsontree *value)
{
	return json_is_true(node(value));
}

int64_t jsontree_integer(const struct jsontree *value)
{
	return json_integer_value(node(value));
}

double jsontree_number(const struct jsontree *value)
{
	return json_number_value(node(value));
}

str jsontree_string(const struct jsontree *value)
{
	return (str){ json_string_value(node(value)), json_string_length(node(value)) };
}

size_t jsontree_array_size(const struct jsontree *array)
{
	return json_array_size(node(array));
}

const struct jsontree *jsontree_array_at(const struct jsontree *array, size_t index)
{
	return wrap(json_array_get(node(array), index));
}

size_t jsontree_object_size(const struct jsontree *object)
{
	return json_object_size(node(object));
}

const struct jsontree *jsontree_member(const struct jsontree *object, const char *name)
{
	return wrap(json_object_get(node(object), name));
}

str jsontree_member_string(const struct jsontree *object, const char *name)
{
	const struct jsontree *value = jsontree_member(object, name);
	return value && jsontree_kind(value) == JSONTREE_STRING ? jsontree_string(value) : STR_NONE;
}

bool jsontree_object_next(const struct jsontree *object, void **iterator, str *name,
	const struct jsontree **value)
{
	json_t *members = (json_t *)(uintptr_t)object; /* jansson's iterators take no const; nothing is changed */
	*iterator = *iterator ? json_object_iter_next(members, *iterator) : json_object_iter(members);
	if (!*iterator)
		return false;
	const char *key = json_object_iter_key(*iterator);
	*name = str_of(key);
	*value = wrap(json_object_iter_value(*iterator));
	return true;
}
