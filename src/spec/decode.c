/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding walks type and tree together. A wrong kind ends it at once (SerializationException, as the AWS front end
   does); broken constraints are gathered and reported in one InvalidParameterException. */
#include "spec/decode.h"

#include "base/buf.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "spec/violation.h"

struct decoder {
	struct request *request;
	struct arena *arena; /* for what is decoded */
	bool is_trusted; /* constraints hold already */
	bool is_hidden; /* inside of what is sensitive */
	bool gathers_parts; /* inside of a list or map of scalars, which are judged together */
	bool has_broken_part;
	struct violations violations;
};

static RESULT decode_value(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *place);

/* --- Constraints --- */

static str shown(const struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree)
{
	return decoder->is_hidden ? STR_NONE : violations_show(&decoder->violations, type, tree);
}

static void add_violation(struct decoder *decoder, const struct spec_type *type, enum violation_rule rule,
	const struct jsontree *tree)
{
	if (decoder->gathers_parts)
		decoder->has_broken_part = true;
	else
		violations_add(&decoder->violations, type, rule, shown(decoder, type, tree));
}

static void check_bounds(
	struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree, int64_t value)
{
	if (decoder->is_trusted)
		return;
	if (type->min.set && value < type->min.value)
		add_violation(decoder, type, VIOLATION_MIN, tree);
	if (type->max.set && value > type->max.value)
		add_violation(decoder, type, VIOLATION_MAX, tree);
}

static void check_text(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree, str text)
{
	check_bounds(decoder, type, tree, (int64_t)utf8_length(text));
	/* A text past its limit is not worth a match: the limit is what bounds the work. */
	bool is_too_long = type->max.set && text.len > (size_t)type->max.value * 4;
	if (type->pattern && !decoder->is_trusted && !is_too_long && !pattern_matches(type->pattern, text))
		add_violation(decoder, type, VIOLATION_PATTERN, tree);
}

static void begin_parts(struct decoder *decoder)
{
	decoder->gathers_parts = true;
	decoder->has_broken_part = false;
}

static void end_parts(struct decoder *decoder, enum violation_part part, const struct spec_type *part_type,
	const struct spec_type *type, const struct jsontree *tree)
{
	decoder->gathers_parts = false;
	if (decoder->has_broken_part)
		violations_add_parts(&decoder->violations, part, part_type, shown(decoder, type, tree));
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
	DETAIL(decoder->request, "at %.*s", STR_ARG(buf_str(&decoder->violations.path)));
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
	check_text(decoder, type, tree, text);
	*place = text;
	return OK;
}

static RESULT decode_blob(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	str *place)
{
	TRY(expect(decoder, tree, JSONTREE_STRING, "a Blob"));
	if (!base64_decode(decoder->arena, jsontree_string(tree), place))
		return FAIL(decoder->request, SERIALIZATION, "Invalid base64 data found where a Blob was expected.");
	check_bounds(decoder, type, tree, (int64_t)place->len);
	return OK;
}

static RESULT decode_enum(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	int *place)
{
	TRY(expect(decoder, tree, JSONTREE_STRING, "a String"));
	str text = jsontree_string(tree);
	*place = spec_enum_value(type, text);
	if (!*place)
		add_violation(decoder, type, VIOLATION_ENUM, tree);
	return OK;
}

static RESULT decode_integer(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct optional_int *place)
{
	TRY(expect(decoder, tree, JSONTREE_INTEGER, "an Integer"));
	int64_t value = jsontree_integer(tree);
	if (value < INT32_MIN || value > INT32_MAX)
		return FAIL(decoder->request, SERIALIZATION, "NUMBER_VALUE is out of the range of an Integer");
	check_bounds(decoder, type, tree, value);
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

static void check_required(struct decoder *decoder, const struct spec_field *field)
{
	if (field->required)
		violations_add_missing(&decoder->violations, decoder->is_hidden || field->type->is_sensitive);
}

static RESULT decode_structure(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *structure)
{
	TRY(expect(decoder, tree, JSONTREE_OBJECT, "structure"));
	for (size_t i = 0; i < type->field_count; i++) {
		const struct spec_field *field = &type->fields[i];
		const struct jsontree *value = jsontree_member(tree, field->name.data);
		size_t before = violations_enter_member(&decoder->violations, field->name);
		if (value && jsontree_kind(value) != JSONTREE_NULL)
			TRY(decode_value(decoder, field->type, value, spec_field_at(field, structure)));
		else
			check_required(decoder, field);
		violations_leave(&decoder->violations, before);
	}
	return OK;
}

static RESULT decode_new_structure(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void **place)
{
	*place = arena_alloc(decoder->arena, type->size);
	return decode_structure(decoder, type, tree, *place);
}

/* Structures stand inline in lists. */
static RESULT decode_item(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *place)
{
	if (jsontree_kind(tree) == JSONTREE_NULL) {
		violations_add_missing(&decoder->violations, decoder->is_hidden || type->is_sensitive);
		return OK;
	}
	if (type->kind != SPEC_STRUCTURE)
		return decode_value(decoder, type, tree, place);
	bool was_hidden = decoder->is_hidden;
	decoder->is_hidden |= type->is_sensitive;
	TRY(decode_structure(decoder, type, tree, place));
	decoder->is_hidden = was_hidden;
	return OK;
}

static RESULT decode_items(struct decoder *decoder, const struct spec_type *element, const struct jsontree *tree,
	struct spec_list *place)
{
	for (size_t i = 0; i < place->count; i++) {
		size_t before = violations_enter_item(&decoder->violations, i);
		TRY(decode_item(decoder, element, jsontree_array_at(tree, i),
			(char *)place->items + i * element->size));
		violations_leave(&decoder->violations, before);
	}
	return OK;
}

static RESULT decode_list(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct spec_list *place)
{
	TRY(expect(decoder, tree, JSONTREE_ARRAY, "list"));
	place->count = jsontree_array_size(tree);
	place->items = arena_alloc_array(decoder->arena, place->count, type->element->size);
	check_bounds(decoder, type, tree, (int64_t)place->count);
	if (!spec_is_scalar(type->element))
		return decode_items(decoder, type->element, tree, place);
	begin_parts(decoder);
	TRY(decode_items(decoder, type->element, tree, place));
	end_parts(decoder, VIOLATION_ITEM, type->element, type, tree);
	return OK;
}

static void take_keys(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct str_map *place)
{
	void *iterator = NULL;
	const struct jsontree *value;
	str name;
	begin_parts(decoder);
	while (jsontree_object_next(tree, &iterator, &name, &value)) {
		check_text(decoder, type->key, value, name);
		place->items[place->count++].name = name;
	}
	end_parts(decoder, VIOLATION_MAP_KEY, type->key, type, tree);
}

static RESULT decode_entries(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct str_map *place)
{
	begin_parts(decoder);
	for (size_t i = 0; i < place->count; i++) {
		struct str_pair *item = &place->items[i];
		size_t before = violations_enter_entry(&decoder->violations, item->name);
		TRY(decode_item(decoder, type->element, jsontree_member(tree, item->name.data), &item->value));
		violations_leave(&decoder->violations, before);
	}
	end_parts(decoder, VIOLATION_MAP_VALUE, type->element, type, tree);
	return OK;
}

static RESULT decode_map(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	struct str_map *place)
{
	TRY(expect(decoder, tree, JSONTREE_OBJECT, "map"));
	place->items = ARENA_ARRAY(decoder->arena, struct str_pair, jsontree_object_size(tree));
	check_bounds(decoder, type, tree, (int64_t)jsontree_object_size(tree));
	take_keys(decoder, type, tree, place);
	return decode_entries(decoder, type, tree, place);
}

static RESULT decode_kind(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
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

static result decode_value(struct decoder *decoder, const struct spec_type *type, const struct jsontree *tree,
	void *place)
{
	bool was_hidden = decoder->is_hidden;
	decoder->is_hidden |= type->is_sensitive;
	TRY(decode_kind(decoder, type, tree, place));
	decoder->is_hidden = was_hidden;
	return OK;
}

static struct decoder decoder_new(struct request *request, struct arena *arena)
{
	return (struct decoder){
		.request = request,
		.arena = arena,
		.violations = violations_new(request),
	};
}

result spec_decode(struct request *request, const struct spec_type *type, const struct jsontree *tree, void *structure)
{
	struct decoder decoder = decoder_new(request, request->arena);
	TRY(decode_structure(&decoder, type, tree, structure));
	return violations_report(&decoder.violations);
}

result spec_decode_stored(struct request *request, struct arena *arena, const struct spec_type *type, str text,
	void *structure)
{
	struct decoder decoder = decoder_new(request, arena);
	decoder.is_trusted = true;
	str reason = STR_NONE;
	const struct jsontree *tree = jsontree_parse(arena, text, &reason);
	if (tree && result_is_ok(decode_structure(&decoder, type, tree, structure)) &&
		result_is_ok(violations_report(&decoder.violations)))
		return OK;
	DETAIL(request, "stored %s: %.*s", type->name, STR_ARG(tree ? request->message : reason));
	return FAIL(request, INTERNAL, "A stored document cannot be read.");
}
