/* SPDX-License-Identifier: Apache-2.0 */
/* JSON written straight into a text. */
#include "base/jsontext.h"

#include <math.h>

static void add_escape(struct buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add(out, STR("\\\""));
		break;
	case '\\':
		buf_add(out, STR("\\\\"));
		break;
	case '\n':
		buf_add(out, STR("\\n"));
		break;
	case '\r':
		buf_add(out, STR("\\r"));
		break;
	case '\t':
		buf_add(out, STR("\\t"));
		break;
	default:
		buf_printf(out, "\\u%04x", c);
	}
}

void jsontext_add_string(struct buf *out, str text)
{
	size_t plain = 0;
	buf_add_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		buf_add(out, str_slice(text, plain, i - plain));
		add_escape(out, c);
		plain = i + 1;
	}
	buf_add(out, str_from(text, plain));
	buf_add_char(out, '"');
}

void jsontext_add_separator(struct buf *out)
{
	char last = out->len ? out->data[out->len - 1] : '[';
	if (last != '[' && last != '{' && last != ':')
		buf_add_char(out, ',');
}

void jsontext_add_name(struct buf *out, str name)
{
	jsontext_add_separator(out);
	jsontext_add_string(out, name);
	buf_add_char(out, ':');
}

void jsontext_add_string_member(struct buf *out, str name, str value)
{
	if (!str_is_set(value))
		return;
	jsontext_add_name(out, name);
	jsontext_add_string(out, value);
}

void jsontext_add_integer_member(struct buf *out, str name, int64_t value)
{
	jsontext_add_name(out, name);
	buf_add_int(out, value);
}

void jsontext_add_boolean_member(struct buf *out, str name, bool value)
{
	jsontext_add_name(out, name);
	buf_add(out, value ? STR("true") : STR("false"));
}

void jsontext_add_timestamp(struct buf *out, int64_t milliseconds)
{
	int64_t magnitude = milliseconds < 0 ? -milliseconds : milliseconds;
	buf_printf(out, "%s%lld.%03d", milliseconds < 0 ? "-" : "", (long long)(magnitude / 1000),
		(int)(magnitude % 1000));
}

static void add_real(struct buf *out, double value)
{
	/* 17 digits bring every double back; JSON has no infinity, and the parser never yields one. */
	buf_printf(out, "%.17g", value);
	if (floor(value) == value && fabs(value) < 1e15)
		buf_add(out, STR(".0"));
}

static void add_array(struct buf *out, const struct jsontree *array)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < jsontree_array_size(array); i++) {
		jsontext_add_separator(out);
		jsontext_add_tree(out, jsontree_array_at(array, i));
	}
	buf_add_char(out, ']');
}

static void add_object(struct buf *out, const struct jsontree *object)
{
	void *iterator = NULL;
	const struct jsontree *value;
	str name;
	buf_add_char(out, '{');
	while (jsontree_object_next(object, &iterator, &name, &value)) {
		jsontext_add_name(out, name);
		jsontext_add_tree(out, value);
	}
	buf_add_char(out, '}');
}

void jsontext_add_tree(struct buf *out, const struct jsontree *value)
{
	switch (jsontree_kind(value)) {
	case JSONTREE_NULL:
		buf_add(out, STR("null"));
		break;
	case JSONTREE_BOOLEAN:
		buf_add(out, jsontree_boolean(value) ? STR("true") : STR("false"));
		break;
	case JSONTREE_INTEGER:
		buf_add_int(out, jsontree_integer(value));
		break;
	case JSONTREE_REAL:
		add_real(out, jsontree_number(value));
		break;
	case JSONTREE_STRING:
		jsontext_add_string(out, jsontree_string(value));
		break;
	case JSONTREE_ARRAY:
		add_array(out, value);
		break;
	case JSONTREE_OBJECT:
		add_object(out, value);
		break;
	}
}
