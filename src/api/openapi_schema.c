/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas. Patterns of the tables must match the whole text, those of JSON Schema any part of it: they get anchors. */
#include "api/openapi_schema.h"

#include "api/admin_path.h"
#include "base/jsontext.h"

#define REFERENCE "#/components/schemas/"
#define ERROR_SCHEMA "Failure"

/* --- References --- */

static void add_reference_to(struct buf *out, str name)
{
	str target = arena_printf(out->arena, REFERENCE "%.*s", STR_ARG(name));
	buf_add_char(out, '{');
	jsontext_add_string_member(out, STR("$ref"), target);
	buf_add_char(out, '}');
}

void openapi_schema_add_reference(struct buf *out, const struct spec_type *type)
{
	add_reference_to(out, str_of(type->name));
}

void openapi_schema_add_error_reference(struct buf *out)
{
	add_reference_to(out, STR(ERROR_SCHEMA));
}

/* --- Objects --- */

static void add_properties(struct buf *out, const struct spec_type *type, str rest_path)
{
	jsontext_add_name(out, STR("properties"));
	buf_add_char(out, '{');
	for (size_t i = 0; i < type->field_count; i++) {
		if (admin_path_has(rest_path, type->fields[i].name))
			continue;
		jsontext_add_name(out, type->fields[i].name);
		openapi_schema_add_reference(out, type->fields[i].type);
	}
	buf_add_char(out, '}');
}

static void add_required(struct buf *out, const struct spec_type *type, str rest_path)
{
	jsontext_add_name(out, STR("required"));
	buf_add_char(out, '[');
	for (size_t i = 0; i < type->field_count; i++) {
		const struct spec_field *field = &type->fields[i];
		if (!field->required || admin_path_has(rest_path, field->name))
			continue;
		jsontext_add_separator(out);
		jsontext_add_string(out, field->name);
	}
	buf_add_char(out, ']');
}

/* Without the members that stand in `rest_path`. */
static void add_object(struct buf *out, const struct spec_type *type, str rest_path)
{
	jsontext_add_string_member(out, STR("type"), STR("object"));
	add_properties(out, type, rest_path);
	add_required(out, type, rest_path);
}

void openapi_schema_add_body(struct buf *out, const struct spec_operation *operation)
{
	buf_add_char(out, '{');
	add_object(out, operation->input, operation->rest_path);
	buf_add_char(out, '}');
}

bool openapi_schema_requires_body(const struct spec_operation *operation)
{
	for (size_t i = 0; i < operation->input->field_count; i++) {
		const struct spec_field *field = &operation->input->fields[i];
		if (field->required && !admin_path_has(operation->rest_path, field->name))
			return true;
	}
	return false;
}

/* --- Other kinds --- */

static void add_bounds(struct buf *out, const struct spec_type *type, str min_name, str max_name)
{
	if (type->min.set)
		jsontext_add_integer_member(out, min_name, type->min.value);
	if (type->max.set)
		jsontext_add_integer_member(out, max_name, type->max.value);
}

/* An inline option, "(?s)", is no ECMA 262; such a pattern stays out of the document. */
static void add_pattern(struct buf *out, const struct spec_type *type)
{
	str expression = type->pattern ? str_of(type->pattern->expression) : STR_NONE;
	if (str_is_set(expression) && !str_has_prefix(expression, STR("(?s)")))
		jsontext_add_string_member(out, STR("pattern"),
			arena_printf(out->arena, "^(?:%.*s)$", STR_ARG(expression)));
}

static void add_string(struct buf *out, const struct spec_type *type)
{
	jsontext_add_string_member(out, STR("type"), STR("string"));
	add_bounds(out, type, STR("minLength"), STR("maxLength"));
	add_pattern(out, type);
}

static void add_blob(struct buf *out)
{
	jsontext_add_string_member(out, STR("type"), STR("string"));
	jsontext_add_string_member(out, STR("contentEncoding"), STR("base64"));
}

static void add_enum(struct buf *out, const struct spec_type *type)
{
	jsontext_add_string_member(out, STR("type"), STR("string"));
	jsontext_add_name(out, STR("enum"));
	buf_add_char(out, '[');
	for (size_t i = 1; i <= type->value_count; i++) {
		jsontext_add_separator(out);
		jsontext_add_string(out, type->values[i]);
	}
	buf_add_char(out, ']');
}

static void add_integer(struct buf *out, const struct spec_type *type)
{
	jsontext_add_string_member(out, STR("type"), STR("integer"));
	jsontext_add_string_member(out, STR("format"), STR("int32"));
	add_bounds(out, type, STR("minimum"), STR("maximum"));
}

static void add_timestamp(struct buf *out)
{
	jsontext_add_string_member(out, STR("type"), STR("number"));
	jsontext_add_string_member(out, STR("description"), STR("Seconds since 1970-01-01T00:00:00Z"));
}

static void add_list(struct buf *out, const struct spec_type *type)
{
	jsontext_add_string_member(out, STR("type"), STR("array"));
	jsontext_add_name(out, STR("items"));
	openapi_schema_add_reference(out, type->element);
	add_bounds(out, type, STR("minItems"), STR("maxItems"));
}

static void add_map(struct buf *out, const struct spec_type *type)
{
	jsontext_add_string_member(out, STR("type"), STR("object"));
	jsontext_add_name(out, STR("propertyNames"));
	openapi_schema_add_reference(out, type->key);
	jsontext_add_name(out, STR("additionalProperties"));
	openapi_schema_add_reference(out, type->element);
	add_bounds(out, type, STR("minProperties"), STR("maxProperties"));
}

static void add_members(struct buf *out, const struct spec_type *type)
{
	switch (type->kind) {
	case SPEC_STRING:
		return add_string(out, type);
	case SPEC_BLOB:
		return add_blob(out);
	case SPEC_ENUM:
		return add_enum(out, type);
	case SPEC_INTEGER:
		return add_integer(out, type);
	case SPEC_BOOLEAN:
		return jsontext_add_string_member(out, STR("type"), STR("boolean"));
	case SPEC_TIMESTAMP:
		return add_timestamp(out);
	case SPEC_STRUCTURE:
		return add_object(out, type, STR_NONE);
	case SPEC_LIST:
		return add_list(out, type);
	case SPEC_MAP:
		return add_map(out, type);
	}
}

/* --- All of them --- */

struct schemas {
	struct buf *out;
	const struct spec_type **done; /* grows in the arena of `out` */
	size_t count, capacity;
};

/* Services may share a scalar by its name; the generator sees to it that it is the same. */
static bool is_done(const struct schemas *schemas, const struct spec_type *type)
{
	for (size_t i = 0; i < schemas->count; i++)
		if (strcmp(schemas->done[i]->name, type->name) == 0)
			return true;
	return false;
}

static void mark_done(struct schemas *schemas, const struct spec_type *type)
{
	if (schemas->count == schemas->capacity) {
		size_t capacity = schemas->capacity ? 2 * schemas->capacity : 64;
		const struct spec_type **done = ARENA_ARRAY(schemas->out->arena, const struct spec_type *, capacity);
		for (size_t i = 0; i < schemas->count; i++)
			done[i] = schemas->done[i];
		schemas->done = done;
		schemas->capacity = capacity;
	}
	schemas->done[schemas->count++] = type;
}

static void add_type(struct schemas *schemas, const struct spec_type *type);

static void add_types_of_fields(struct schemas *schemas, const struct spec_type *structure)
{
	for (size_t i = 0; i < structure->field_count; i++)
		add_type(schemas, structure->fields[i].type);
}

/* The type and all that it refers to, each once. */
static void add_type(struct schemas *schemas, const struct spec_type *type)
{
	if (!type || is_done(schemas, type))
		return;
	mark_done(schemas, type);
	jsontext_add_name(schemas->out, str_of(type->name));
	buf_add_char(schemas->out, '{');
	add_members(schemas->out, type);
	buf_add_char(schemas->out, '}');
	add_types_of_fields(schemas, type);
	add_type(schemas, type->element);
	add_type(schemas, type->key);
}

static void add_failure(struct buf *out)
{
	jsontext_add_name(out, STR(ERROR_SCHEMA));
	buf_add(out, STR("{\"type\":\"object\",\"properties\":{\"__type\":{\"type\":\"string\"},"
			 "\"message\":{\"type\":\"string\"},\"reasonCode\":{\"type\":\"string\"}},"
			 "\"required\":[\"__type\",\"message\"]}"));
}

void openapi_schema_add_all(struct buf *out)
{
	struct schemas schemas = { .out = out };
	jsontext_add_name(out, STR("schemas"));
	buf_add_char(out, '{');
	add_failure(out);
	for (size_t i = 0; spec_services[i]; i++) {
		for (size_t k = 0; k < spec_services[i]->operation_count; k++) {
			const struct spec_operation *operation = &spec_services[i]->operations[k];
			add_types_of_fields(&schemas, operation->input);
			add_type(&schemas, operation->output);
		}
	}
	buf_add_char(out, '}');
}
