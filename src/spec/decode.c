/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding walks type and tree together. A wrong kind ends it at once (SerializationException, as the AWS front end
   does); broken constraints are gathered in `violations` and reported in one InvalidParameterException. */
#include "spec/decode.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/utf8.h"

enum { PATH_MAX_BYTES = 256, VIOLATIONS_MAX_BYTES = 1900, SHOWN_VALUE_MAX = 200 };

struct decoder {
	struct request *request;
	struct arena *arena; /* for what is decoded */
	bool is_trusted; /* constraints hold already */
	struct buf path; /* "userAttributes.1.member.name" */
	struct buf violations;
	unsigned violation_count;
};

static RESULT decode_value(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *place);

/* --- The path shown in messages --- */

/* Member names appear with a small first letter. Returns the length to cut back to. */
static size_t enter(struct decoder *decoder, str name)
{
	size_t before = decoder->path.len;
	if (before)
		buf_add_char(&decoder->path, '.');
	size_t at = decoder->path.len;
	buf_add(&decoder->path, name);
	if (decoder->path.len > at && decoder->path.data[at] >= 'A' && decoder->path.data[at] <= 'Z')
		decoder->path.data[at] = (char)(decoder->path.data[at] + ('a' - 'A'));
	return before;
}

static size_t enter_item(struct decoder *decoder, size_t index)
{
	size_t before = decoder->path.len;
	buf_printf(&decoder->path, ".%zu.member", index + 1);
	return before;
}

static void leave(struct decoder *decoder, size_t before)
{
	decoder->path.len = before;
	decoder->path.overflowed = false;
}

/* --- Violations --- */

static void add_violation(struct decoder *decoder, const struct spec_type *type, str shown, const char *constraint)
{
	if (decoder->violation_count++)
		buf_add(&decoder->violations, STR("; "));
	buf_add(&decoder->violations, STR("Value "));
	if (!str_is_set(shown) && !type->is_sensitive)
		buf_add(&decoder->violations, STR("null "));
	else if (!type->is_sensitive && shown.len <= SHOWN_VALUE_MAX)
		buf_printf(&decoder->violations, "'%.*s' ", STR_ARG(shown));
	buf_printf(&decoder->violations, "at '%.*s' failed to satisfy constraint: Member must %s",
		STR_ARG(buf_str(&decoder->path)), constraint);
}

static void add_bound_violation(struct decoder *decoder, const struct spec_type *type, str shown, const char *measure,
	bool too_large)
{
	int64_t bound = too_large ? type->max.value : type->min.value;
	str text = arena_printf(decoder->request->arena, "have %s %s than or equal to %lld", measure,
		too_large ? "less" : "greater", (long long)bound);
	add_violation(decoder, type, shown, text.data);
}

static void check_bounds(struct decoder *decoder, const struct spec_type *type, str shown, const char *measure,
	int64_t value)
{
	if (decoder->is_trusted)
		return;
	if (type->min.set && value < type->min.value)
		add_bound_violation(decoder, type, shown, measure, false);
	if (type->max.set && value > type->max.value)
		add_bound_violation(decoder, type, shown, measure, true);
}

static RESULT report_violations(struct decoder *decoder)
{
	if (!decoder->violation_count)
		return OK;
	return FAIL(decoder->request, INVALID_PARAMETER, "%u validation error%s detected: %.*s",
		decoder->violation_count, decoder->violation_count == 1 ? "" : "s",
		STR_ARG(buf_str(&decoder->violations)));
}

/* --- Kinds --- */

static const char *const found_texts[] = {
	[JSONTREE_NULL] = "NULL_VALUE",
	[JSONTREE_BOOLEAN] = "BOOLEAN_VALUE",
	[JSONTREE_INTEGER] = "NUMBER_VALUE",
	[JSONTREE_REAL] = "DECIMAL_VALUE",
	[JSONTREE_STRING] = "STRING_VALUE",
	[JSONTREE_ARRAY] = "Start of list",
	[JSONTREE_OBJECT] = "Start of structure or map",
};

static RESULT expect(struct decoder *decoder, const struct jsontree *tree, enum jsontree_kind wanted,
	const char *wanted_name)
{
	enum jsontree_kind found = jsontree_kind(tree);
	if (found == wanted)
		return OK;
	DETAIL(decoder->request, "at %.*s", STR_ARG(buf_str(&decoder->path)));
	if (found == JSONTREE_ARRAY || found == JSONTREE_OBJECT)
		return FAIL(decoder->request, SERIALIZATION, "%s found where not expected.", found_texts[found]);
	if (wanted == JSONTREE_ARRAY || wanted == JSONTREE_OBJECT)
		return FAIL(decoder->request, SERIALIZATION, "Unexpected token %s found where a %s was expected.",
			found_texts[found], wanted_name);
	return FAIL(decoder->request, SERIALIZATION, "%s can not be converted to %s", found_texts[found],
		wanted_name);
}

static RESULT decode_string(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	str *place)
{
	TRY(expect(decoder, tree, JSONTREE_STRING, "a String"));
	str text = jsontree_string(tree);
	check_bounds(decoder, type, text, "length", (int64_t)utf8_length(text));
	/* A text past its limit is not worth a match: the limit is what bounds the work. */
	bool is_too_long = type->max.set && text.len > (size_t)type->max.value * 4;
	if (type->pattern && !decoder->is_trusted && !is_too_long && !pattern_matches(type->pattern, text)) {
		str constraint = arena_printf(decoder->request->arena, "satisfy regular expression pattern: %s",
			type->pattern->expression);
		add_violation(decoder, type, text, constraint.data);
	}
	*place = text;
	return OK;
}

static RESULT decode_blob(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	str *place)
{
	TRY(expect(decoder, tree, JSONTREE_STRING, "a Blob"));
	if (!base64_decode(decoder->arena, jsontree_string(tree), place))
		return FAIL(decoder->request, SERIALIZATION, "Invalid base64 data found where a Blob was expected.");
	check_bounds(decoder, type, STR(""), "length", (int64_t)place->len);
	return OK;
}

static void add_enum_violation(struct decoder *decoder, const struct spec_type *type, str text)
{
	struct buf constraint = buf_new(decoder->request->arena, VIOLATIONS_MAX_BYTES);
	buf_add(&constraint, STR("satisfy enum value set: ["));
	for (size_t i = 1; i <= type->value_count; i++)
		buf_printf(&constraint, "%s%.*s", i > 1 ? ", " : "", STR_ARG(type->values[i]));
	buf_add(&constraint, STR("]"));
	add_violation(decoder, type, text, arena_copy(decoder->request->arena, buf_str(&constraint)).data);
}

static RESULT decode_enum(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	int *place)
{
	TRY(expect(decoder, tree, JSONTREE_STRING, "a String"));
	str text = jsontree_string(tree);
	*place = spec_enum_value(type, text);
	if (!*place)
		add_enum_violation(decoder, type, text);
	return OK;
}

static void check_integer(struct decoder *decoder, const struct spec_type *type, int64_t value)
{
	if ((type->min.set && value < type->min.value) || (type->max.set && value > type->max.value)) {
		str shown = arena_printf(decoder->request->arena, "%lld", (long long)value);
		check_bounds(decoder, type, shown, "value", value);
	}
}

static RESULT decode_integer(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct optional_int *place)
{
	TRY(expect(decoder, tree, JSONTREE_INTEGER, "an Integer"));
	int64_t value = jsontree_integer(tree);
	if (value < INT32_MIN || value > INT32_MAX)
		return FAIL(decoder->request, SERIALIZATION, "NUMBER_VALUE is out of the range of an Integer");
	check_integer(decoder, type, value);
	*place = optional_int(value);
	return OK;
}

static RESULT decode_boolean(struct decoder *decoder, const struct jsontree *tree, struct optional_bool *place)
{
	TRY(expect(decoder, tree, JSONTREE_BOOLEAN, "a Boolean"));
	*place = optional_bool(jsontree_boolean(tree));
	return OK;
}

static RESULT decode_timestamp(struct decoder *decoder, const struct jsontree *tree, struct optional_int *place)
{
	enum jsontree_kind kind = jsontree_kind(tree);
	if (kind != JSONTREE_INTEGER && kind != JSONTREE_REAL)
		return expect(decoder, tree, JSONTREE_REAL, "a Timestamp");
	double seconds = jsontree_number(tree);
	/* Past the year 9999 in either direction nothing is a date. */
	if (!(seconds > -253402300800.0 && seconds < 253402300800.0))
		return FAIL(decoder->request, SERIALIZATION, "NUMBER_VALUE is out of the range of a Timestamp");
	*place = optional_int((int64_t)(seconds * 1000.0 + (seconds < 0 ? -0.5 : 0.5)));
	return OK;
}

static RESULT decode_structure(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *structure)
{
	TRY(expect(decoder, tree, JSONTREE_OBJECT, "structure"));
	for (size_t i = 0; i < type->field_count; i++) {
		const struct spec_field *field = &type->fields[i];
		const struct jsontree *value = jsontree_member(tree, field->name.data);
		size_t before = enter(decoder, field->name);
		if (value && jsontree_kind(value) != JSONTREE_NULL)
			TRY(decode_value(decoder, field->type, value, spec_field_at(field, structure)));
		else if (field->required)
			add_violation(decoder, field->type, STR_NONE, "not be null");
		leave(decoder, before);
	}
	return OK;
}

static RESULT decode_new_structure(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void **place)
{
	*place = arena_alloc(decoder->arena, type->size);
	return decode_structure(decoder, type, tree, *place);
}

static RESULT decode_item(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *place)
{
	if (jsontree_kind(tree) == JSONTREE_NULL) {
		add_violation(decoder, type, STR_NONE, "not be null");
		return OK;
	}
	if (type->kind == SPEC_STRUCTURE)
		return decode_structure(decoder, type, tree, place);
	return decode_value(decoder, type, tree, place);
}

static RESULT decode_list(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct spec_list *place)
{
	TRY(expect(decoder, tree, JSONTREE_ARRAY, "list"));
	size_t count = jsontree_array_size(tree);
	check_bounds(decoder, type, STR("[]"), "length", (int64_t)count);
	place->items = arena_alloc_array(decoder->arena, count, type->element->size);
	place->count = count;
	for (size_t i = 0; i < count; i++) {
		size_t before = enter_item(decoder, i);
		TRY(decode_item(decoder, type->element, jsontree_array_at(tree, i),
			(char *)place->items + i * type->element->size));
		leave(decoder, before);
	}
	return OK;
}

static RESULT decode_map(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct str_map *place)
{
	void *iterator = NULL;
	const struct jsontree *value;
	str name;
	TRY(expect(decoder, tree, JSONTREE_OBJECT, "map"));
	check_bounds(decoder, type, STR("{}"), "length", (int64_t)jsontree_object_size(tree));
	place->items = ARENA_ARRAY(decoder->arena, struct str_pair, jsontree_object_size(tree));
	while (jsontree_object_next(tree, &iterator, &name, &value)) {
		struct str_pair *item = &place->items[place->count++];
		size_t before = enter(decoder, name);
		check_bounds(decoder, type->key, name, "length", (int64_t)utf8_length(name));
		item->name = name;
		TRY(decode_item(decoder, type->element, value, &item->value));
		leave(decoder, before);
	}
	return OK;
}

static result decode_value(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *place)
{
	switch (type->kind) {
	case SPEC_STRING:
		return decode_string(decoder, type, tree, place);
	case SPEC_BLOB:
		return decode_blob(decoder, type, tree, place);
	case SPEC_ENUM:
		return decode_enum(decoder, type, tree, place);
	case SPEC_INTEGER:
		return decode_integer(decoder, type, tree, place);
	case SPEC_BOOLEAN:
		return decode_boolean(decoder, tree, place);
	case SPEC_TIMESTAMP:
		return decode_timestamp(decoder, tree, place);
	case SPEC_STRUCTURE:
		return decode_new_structure(decoder, type, tree, place);
	case SPEC_LIST:
		return decode_list(decoder, type, tree, place);
	case SPEC_MAP:
		return decode_map(decoder, type, tree, place);
	}
	return FAIL(decoder->request, INTERNAL, "Unknown type in an operation's table");
}

static struct decoder decoder_new(struct request *request, struct arena *arena)
{
	return (struct decoder){
		.request = request,
		.arena = arena,
		.path = buf_new(request->arena, PATH_MAX_BYTES),
		.violations = buf_new(request->arena, VIOLATIONS_MAX_BYTES),
	};
}

result spec_decode(struct request *request, const struct spec_type *type, const struct jsontree *tree, void *structure)
{
	struct decoder decoder = decoder_new(request, request->arena);
	TRY(decode_structure(&decoder, type, tree, structure));
	return report_violations(&decoder);
}

result spec_decode_stored(struct request *request, struct arena *arena, const struct spec_type *type, str text,
	void *structure)
{
	struct decoder decoder = decoder_new(request, arena);
	decoder.is_trusted = true;
	str reason = STR_NONE;
	const struct jsontree *tree = jsontree_parse(arena, text, &reason);
	if (tree && result_is_ok(decode_structure(&decoder, type, tree, structure)) &&
		result_is_ok(report_violations(&decoder)))
		return OK;
	DETAIL(request, "stored %s: %.*s", type->name, STR_ARG(tree ? request->message : reason));
	return FAIL(request, INTERNAL, "A stored document cannot be read.");
}
