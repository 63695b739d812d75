/* SPDX-License-Identifier: Apache-2.0 */
/* Making a schema: the table of standard attributes, changed and extended by what a request asks for. */
#include "userpool/pool_schema.h"

#include <stdlib.h>

#include "base/fatal.h"

enum { CUSTOM_MAX = 50 };

/* Bounds are texts, as on the wire; none for types that have no length. */
struct standard_attribute {
	const char *name;
	enum attribute_data_type type;
	bool is_fixed; /* required, and never changed once it has a value */
	const char *min, *max;
};

#define TEXT(attribute) { .name = attribute, .type = ATTRIBUTE_DATA_TYPE_STRING, .min = "0", .max = "2048" }

static const struct standard_attribute standard_attributes[] = {
	{ .name = "sub", .type = ATTRIBUTE_DATA_TYPE_STRING, .is_fixed = true, .min = "1", .max = "2048" },
	TEXT("name"),
	TEXT("given_name"),
	TEXT("family_name"),
	TEXT("middle_name"),
	TEXT("nickname"),
	TEXT("preferred_username"),
	TEXT("profile"),
	TEXT("picture"),
	TEXT("website"),
	TEXT("email"),
	{ .name = "email_verified", .type = ATTRIBUTE_DATA_TYPE_BOOLEAN },
	TEXT("gender"),
	{ .name = "birthdate", .type = ATTRIBUTE_DATA_TYPE_STRING, .min = "10", .max = "10" },
	TEXT("zoneinfo"),
	TEXT("locale"),
	TEXT("phone_number"),
	{ .name = "phone_number_verified", .type = ATTRIBUTE_DATA_TYPE_BOOLEAN },
	TEXT("address"),
	{ .name = "updated_at", .type = ATTRIBUTE_DATA_TYPE_NUMBER, .min = "0" },
	{ .name = "identities", .type = ATTRIBUTE_DATA_TYPE_STRING },
};

static void set_bounds(struct arena *arena, struct schema_attribute_type *attribute, str min, str max)
{
	if (attribute->attribute_data_type == ATTRIBUTE_DATA_TYPE_STRING) {
		attribute->string_attribute_constraints = ARENA_NEW(arena, struct string_attribute_constraints_type);
		attribute->string_attribute_constraints->min_length = min;
		attribute->string_attribute_constraints->max_length = max;
	} else if (attribute->attribute_data_type == ATTRIBUTE_DATA_TYPE_NUMBER) {
		attribute->number_attribute_constraints = ARENA_NEW(arena, struct number_attribute_constraints_type);
		attribute->number_attribute_constraints->min_value = min;
		attribute->number_attribute_constraints->max_value = max;
	}
}

static void add_standard(struct arena *arena, struct schema_attribute_type_list *schema)
{
	for (size_t i = 0; i < ARRAY_LEN(standard_attributes); i++) {
		const struct standard_attribute *standard = &standard_attributes[i];
		struct schema_attribute_type *attribute = &schema->items[schema->count++];
		*attribute = (struct schema_attribute_type){
			.name = str_of(standard->name),
			.attribute_data_type = standard->type,
			.developer_only_attribute = optional_bool(false),
			.mutable = optional_bool(!standard->is_fixed),
			.required = optional_bool(standard->is_fixed),
		};
		set_bounds(arena, attribute, str_of(standard->min), str_of(standard->max));
	}
}

static struct schema_attribute_type *find(const struct schema_attribute_type_list *schema, str name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (str_equal(schema->items[i].name, name))
			return &schema->items[i];
	return NULL;
}

const struct schema_attribute_type *pool_schema_find(const struct schema_attribute_type_list *schema, str name)
{
	return find(schema, name);
}

/* A decimal number; absent is one too. The model lets bounds reach 2^1023, within a double. */
static bool is_number(str text, bool may_be_negative)
{
	if (may_be_negative && str_has_prefix(text, STR("-")))
		text = str_from(text, 1);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len > 0;
}

static RESULT check_bounds(struct request *request, str name, str min, str max, bool may_be_negative)
{
	if ((str_is_set(min) && !is_number(min, may_be_negative)) ||
		(str_is_set(max) && !is_number(max, may_be_negative)))
		return FAIL(request, INVALID_PARAMETER, "Constraints of attribute %.*s must be numbers.", STR_ARG(name));
	if (str_is_set(min) && str_is_set(max) &&
		strtod(arena_copy(request->arena, min).data, NULL) > strtod(arena_copy(request->arena, max).data, NULL))
		return FAIL(request, INVALID_PARAMETER,
			"The minimum of attribute %.*s cannot be greater than its maximum.", STR_ARG(name));
	return OK;
}

static str either(str first, str second)
{
	return str_is_set(first) ? first : second;
}

/* Bounds that the request gives take the place of those that stand; bounds of another type mean nothing. */
static RESULT apply_bounds(struct request *request, struct schema_attribute_type *attribute,
	const struct schema_attribute_type *change)
{
	static const struct string_attribute_constraints_type no_length;
	static const struct number_attribute_constraints_type no_value;
	struct string_attribute_constraints_type *length = attribute->string_attribute_constraints;
	struct number_attribute_constraints_type *value = attribute->number_attribute_constraints;
	if (length) {
		const struct string_attribute_constraints_type *given =
			change->string_attribute_constraints ? change->string_attribute_constraints : &no_length;
		length->min_length = either(given->min_length, length->min_length);
		length->max_length = either(given->max_length, length->max_length);
		TRY(check_bounds(request, attribute->name, length->min_length, length->max_length, false));
	}
	if (value) {
		const struct number_attribute_constraints_type *given =
			change->number_attribute_constraints ? change->number_attribute_constraints : &no_value;
		value->min_value = either(given->min_value, value->min_value);
		value->max_value = either(given->max_value, value->max_value);
		TRY(check_bounds(request, attribute->name, value->min_value, value->max_value, true));
	}
	return OK;
}

static RESULT change_standard(struct request *request, struct schema_attribute_type *attribute,
	const struct schema_attribute_type *change)
{
	bool has_other_type = change->attribute_data_type &&
		change->attribute_data_type != attribute->attribute_data_type;
	if (has_other_type || optional_bool_or(change->developer_only_attribute, false))
		return FAIL(request, INVALID_PARAMETER,
			"You can not change AttributeDataType or set developerOnlyAttribute for standard schema "
			"attribute %.*s",
			STR_ARG(attribute->name));
	/* The subject identifier is the service's own. */
	if (str_equal(attribute->name, STR("sub")))
		return OK;
	/* An attribute that the request names without saying that it is mutable is not, though it would be unnamed. */
	attribute->required = optional_bool(optional_bool_or(change->required, false));
	attribute->mutable = optional_bool(optional_bool_or(change->mutable, false));
	return apply_bounds(request, attribute, change);
}

static RESULT add_custom(struct request *request, const struct schema_attribute_type *given,
	struct schema_attribute_type_list *schema)
{
	bool is_developer_only = optional_bool_or(given->developer_only_attribute, false);
	str name = arena_printf(request->arena, "%scustom:%.*s", is_developer_only ? "dev:" : "", STR_ARG(given->name));
	if (!given->attribute_data_type)
		return FAIL(request, INVALID_PARAMETER,
			"Invalid AttributeDataType input, consider using the provided AttributeDataType enum.");
	if (optional_bool_or(given->required, false))
		return FAIL(request, INVALID_PARAMETER, "Required custom attributes are not supported currently.");
	struct schema_attribute_type *attribute = &schema->items[schema->count++];
	*attribute = (struct schema_attribute_type){
		.name = name,
		.attribute_data_type = given->attribute_data_type,
		.developer_only_attribute = optional_bool(is_developer_only),
		.mutable = optional_bool(optional_bool_or(given->mutable, false)),
		.required = optional_bool(false),
	};
	set_bounds(request->arena, attribute, STR_NONE, STR_NONE);
	return apply_bounds(request, attribute, given);
}

static bool is_repeated(const struct schema_attribute_type_list *changes, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_equal(changes->items[i].name, changes->items[at].name))
			return true;
	return false;
}

/* Whether the request names it well. */
static RESULT check_name(struct request *request, const struct schema_attribute_type_list *changes, size_t at)
{
	if (!str_is_set(changes->items[at].name))
		return FAIL(request, INVALID_PARAMETER, "A schema attribute has no name.");
	if (is_repeated(changes, at))
		return FAIL(request, INVALID_PARAMETER, "Schema attribute %.*s is given more than once.",
			STR_ARG(changes->items[at].name));
	return OK;
}

static RESULT apply_change(struct request *request, const struct schema_attribute_type *change,
	struct schema_attribute_type_list *schema)
{
	const struct schema_attribute_type_list standards = { schema->items, ARRAY_LEN(standard_attributes) };
	struct schema_attribute_type *standard = find(&standards, change->name);
	return standard ? change_standard(request, standard, change) : add_custom(request, change, schema);
}

result pool_schema_make(struct request *request, const struct schema_attribute_type_list *changes,
	struct schema_attribute_type_list *schema)
{
	size_t capacity = ARRAY_LEN(standard_attributes) + changes->count;
	*schema = (struct schema_attribute_type_list){
		.items = ARENA_ARRAY(request->arena, struct schema_attribute_type, capacity),
	};
	add_standard(request->arena, schema);
	for (size_t i = 0; i < changes->count; i++) {
		TRY(check_name(request, changes, i));
		TRY(apply_change(request, &changes->items[i], schema));
	}
	return OK;
}

/* --- Extending --- */

/* The custom attribute that was given that name, developer-only or not; NULL when there is none. */
static const struct schema_attribute_type *find_custom(
	struct arena *arena, const struct schema_attribute_type_list *schema, str given)
{
	str name = arena_printf(arena, "custom:%.*s", STR_ARG(given));
	const struct schema_attribute_type *attribute = find(schema, name);
	return attribute ? attribute : find(schema, arena_printf(arena, "dev:%.*s", STR_ARG(name)));
}

/* Standard attributes have no prefix. */
static size_t count_custom(const struct schema_attribute_type_list *schema)
{
	size_t count = 0;
	for (size_t i = 0; i < schema->count; i++)
		count += str_find_char(schema->items[i].name, ':') >= 0;
	return count;
}

static RESULT check_new(struct request *request, const struct schema_attribute_type_list *schema, str given)
{
	const struct schema_attribute_type *there = find_custom(request->arena, schema, given);
	if (there)
		return FAIL(request, INVALID_PARAMETER, "%.*s: Existing attribute already has name %.*s.",
			STR_ARG(there->name), STR_ARG(there->name));
	return OK;
}

result pool_schema_extend(struct request *request, const struct schema_attribute_type_list *old,
	const struct schema_attribute_type_list *added, struct schema_attribute_type_list *schema)
{
	size_t capacity = old->count + added->count;
	*schema = (struct schema_attribute_type_list){
		.items = ARENA_ARRAY(request->arena, struct schema_attribute_type, capacity),
	};
	for (; schema->count < old->count; schema->count++)
		schema->items[schema->count] = old->items[schema->count];
	for (size_t i = 0; i < added->count; i++) {
		TRY(check_name(request, added, i));
		TRY(check_new(request, old, added->items[i].name));
		TRY(add_custom(request, &added->items[i], schema));
	}
	if (count_custom(schema) > CUSTOM_MAX)
		return FAIL(request, INVALID_PARAMETER, "A user pool can have at most %d custom attributes.", CUSTOM_MAX);
	return OK;
}
