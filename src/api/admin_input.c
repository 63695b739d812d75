/* SPDX-License-Identifier: Apache-2.0 */
/* Each member becomes JSON text first, so that the same value is the same text wherever it came from. The texts
   together are parsed once more and decoded like any other input. */
#include "api/admin_input.h"

#include "api/admin_path.h"
#include "api/call.h"
#include "base/jsontext.h"
#include "base/utf8.h"
#include "message/url.h"

enum {
	PARAMETERS_MAX = 200,
	TIMESTAMP_MAX = 24,
	/* How much longer than a message its JSON may be: an escape makes six bytes of one, a number less. */
	TEXT_GROWTH = 8,
	TEXT_EXTRA = 4096,
};

struct member {
	const struct spec_field *field;
	str json;
};

struct gathering {
	struct request *request;
	const struct spec_type *type; /* of the input */
	size_t text_max;
	struct member *members; /* room for one per field of the type */
	size_t count;
};

/* --- One value --- */

static RESULT add_integer(struct request *request, struct buf *json, str name, str text)
{
	int64_t value;
	if (!str_to_int64(text, &value))
		return FAIL(request, INVALID_PARAMETER, "Parameter %.*s must be an integer.", STR_ARG(name));
	buf_add_int(json, value);
	return OK;
}

static bool has_digits_alone(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

/* The number as JSON writes it, as far as a date needs it: "1738659903", "1738659903.123", "-1". */
static bool is_decimal(str text)
{
	str rest = text;
	str whole = str_split(&rest, '.');
	if (str_has_prefix(whole, STR("-")))
		whole = str_from(whole, 1);
	bool has_zero_in_front = whole.len > 1 && whole.data[0] == '0';
	return !str_is_empty(whole) && !has_zero_in_front && has_digits_alone(whole) &&
		(!str_is_set(rest) || (!str_is_empty(rest) && has_digits_alone(rest)));
}

static RESULT add_timestamp(struct request *request, struct buf *json, str name, str text)
{
	if (text.len > TIMESTAMP_MAX || !is_decimal(text))
		return FAIL(request, INVALID_PARAMETER, "Parameter %.*s must be a number of seconds.", STR_ARG(name));
	buf_add(json, text);
	return OK;
}

static RESULT add_boolean(struct request *request, struct buf *json, str name, str text)
{
	if (!str_equal(text, STR("true")) && !str_equal(text, STR("false")))
		return FAIL(request, INVALID_PARAMETER, "Parameter %.*s must be true or false.", STR_ARG(name));
	buf_add(json, text);
	return OK;
}

static RESULT add_value(struct request *request, struct buf *json, const struct spec_type *type, str name, str text)
{
	if (!utf8_is_valid(text))
		return FAIL(request, SERIALIZATION, "Parameter %.*s is not valid UTF-8.", STR_ARG(name));
	switch (type->kind) {
	case SPEC_STRING:
	case SPEC_BLOB:
	case SPEC_ENUM:
		jsontext_add_string(json, text);
		return OK;
	case SPEC_INTEGER:
		return add_integer(request, json, name, text);
	case SPEC_TIMESTAMP:
		return add_timestamp(request, json, name, text);
	case SPEC_BOOLEAN:
		return add_boolean(request, json, name, text);
	case SPEC_STRUCTURE:
	case SPEC_LIST:
	case SPEC_MAP:
		break;
	}
	return FAIL(request, INVALID_PARAMETER, "Parameter %.*s must stand in the body.", STR_ARG(name));
}

/* --- All members --- */

static struct member *find_member(const struct gathering *gathering, str name)
{
	for (size_t i = 0; i < gathering->count; i++)
		if (str_equal(gathering->members[i].field->name, name))
			return &gathering->members[i];
	return NULL;
}

static RESULT check_same(struct request *request, const struct member *member, str json)
{
	if (str_equal(member->json, json))
		return OK;
	return FAIL(request, INVALID_PARAMETER, "%.*s is given twice with different values.",
		STR_ARG(member->field->name));
}

static RESULT add_member(struct gathering *gathering, const struct spec_field *field, str json)
{
	const struct member *given = find_member(gathering, field->name);
	if (given)
		return check_same(gathering->request, given, json);
	gathering->members[gathering->count++] = (struct member){ field, json };
	return OK;
}

static RESULT read_segment(struct gathering *gathering, str name, str segment)
{
	struct request *request = gathering->request;
	const struct spec_field *field = spec_field_by_name(gathering->type, name);
	struct buf json = buf_new(request->arena, gathering->text_max);
	str text;
	if (!url_decode(request->arena, segment, false, &text))
		return FAIL(request, INVALID_PARAMETER, "The path has an invalid escape.");
	TRY(add_value(request, &json, field->type, name, text));
	return add_member(gathering, field, buf_str(&json));
}

static RESULT read_path(struct gathering *gathering, str rest_path, str path)
{
	str placeholder;
	path = str_from(path, sizeof ADMIN_PATH_ROOT - 1);
	while (admin_path_next(&rest_path, &placeholder)) {
		str segment = str_split(&path, '/');
		if (str_is_set(placeholder))
			TRY(read_segment(gathering, placeholder, segment));
	}
	return OK;
}

bool admin_input_is_for_query(const struct spec_type *type)
{
	const struct spec_type *scalar = type->kind == SPEC_LIST ? type->element : type;
	return !scalar->is_sensitive && spec_is_scalar(scalar);
}

/* The values of all parameters with one name: a list has any number, anything else one. */
static RESULT read_parameter(struct gathering *gathering, const struct url_pair *pairs, size_t count, str name)
{
	struct request *request = gathering->request;
	const struct spec_field *field = spec_field_by_name(gathering->type, name);
	if (!field)
		return FAIL(request, INVALID_PARAMETER, "Unknown parameter in the query.");
	if (!admin_input_is_for_query(field->type))
		return FAIL(request, INVALID_PARAMETER, "Parameter %.*s must stand in the body.", STR_ARG(name));
	bool is_list = field->type->kind == SPEC_LIST;
	struct buf json = buf_new(request->arena, gathering->text_max);
	for (size_t i = 0; i < count; i++) {
		if (!str_equal(pairs[i].name, name))
			continue;
		if (json.len && !is_list)
			return FAIL(request, INVALID_PARAMETER, "Parameter %.*s is given twice.", STR_ARG(name));
		buf_add(&json, !is_list ? STR("") : json.len ? STR(",") : STR("["));
		TRY(add_value(request, &json, is_list ? field->type->element : field->type, name, pairs[i].value));
	}
	if (is_list)
		buf_add_char(&json, ']');
	return add_member(gathering, field, buf_str(&json));
}

static bool is_repeated(const struct url_pair *pairs, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (str_equal(pairs[i].name, pairs[index].name))
			return true;
	return false;
}

static RESULT read_query(struct gathering *gathering, str query)
{
	struct url_pair *pairs;
	size_t count;
	if (!url_pairs(gathering->request->arena, query, PARAMETERS_MAX, &pairs, &count))
		return FAIL(gathering->request, INVALID_PARAMETER,
			"The query has an invalid escape or more than %d parameters.", PARAMETERS_MAX);
	for (size_t i = 0; i < count; i++)
		if (!is_repeated(pairs, i) && !str_has_prefix(pairs[i].name, STR("X-Amz-")))
			TRY(read_parameter(gathering, pairs, count, pairs[i].name));
	return OK;
}

/* Adds the body's members to a text that has the others; null is as good as absent. */
static RESULT merge_body(const struct gathering *gathering, const struct jsontree *body, struct buf *text)
{
	void *iterator = NULL;
	const struct jsontree *value;
	str name;
	while (jsontree_object_next(body, &iterator, &name, &value)) {
		const struct member *given = find_member(gathering, name);
		struct buf json = buf_new(gathering->request->arena, gathering->text_max);
		jsontext_add_tree(&json, value);
		if (given && jsontree_kind(value) != JSONTREE_NULL)
			TRY(check_same(gathering->request, given, buf_str(&json)));
		if (given)
			continue;
		jsontext_add_name(text, name);
		buf_add(text, buf_str(&json));
	}
	return OK;
}

static RESULT merge(const struct gathering *gathering, const struct jsontree *body, const struct jsontree **input)
{
	struct buf text = buf_new(gathering->request->arena, gathering->text_max);
	buf_add_char(&text, '{');
	for (size_t i = 0; i < gathering->count; i++) {
		jsontext_add_name(&text, gathering->members[i].field->name);
		buf_add(&text, gathering->members[i].json);
	}
	TRY(merge_body(gathering, body, &text));
	buf_add_char(&text, '}');
	return call_parse(gathering->request, buf_str(&text), input);
}

result admin_input_read(struct request *request, const struct spec_operation *operation,
	const struct message_request *message, const struct jsontree **input)
{
	struct gathering gathering = {
		.request = request,
		.type = operation->input,
		.text_max = TEXT_GROWTH * (message->path.len + message->query.len + message->body.len) + TEXT_EXTRA,
		.members = ARENA_ARRAY(request->arena, struct member, operation->input->field_count),
	};
	if (message->body.len && !message_has_media_type(message, STR("application/json")))
		return FAIL(request, UNSUPPORTED_MEDIA_TYPE, "The Content-Type must be application/json.");
	TRY(read_path(&gathering, operation->rest_path, message->path));
	TRY(read_query(&gathering, message->query));
	TRY(call_parse(request, message->body, input));
	/* Anything but an object is for the decoder to refuse. */
	if (jsontree_kind(*input) != JSONTREE_OBJECT)
		return OK;
	return merge(&gathering, *input, input);
}
