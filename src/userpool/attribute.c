/* SPDX-License-Identifier: Apache-2.0 */
/* Checking attributes. All that is wrong with the values is told at once, a line for each. */
#include "userpool/attribute.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fatal.h"
#include "base/utf8.h"
#include "message/mail.h"
#include "userpool/address_kind.h"
#include "userpool/client.h"
#include "userpool/pool.h"

/* Values are as long as AttributeValueType allows, whichever way they come. */
enum { PROBLEMS_MAX_BYTES = 1024, VALUE_MAX_LENGTH = 2048 };

/* --- Lists --- */

str attribute_value(const struct attribute_type_list *list, str name)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i].name, name))
			return list->items[i].value;
	return STR_NONE;
}

struct attribute_type_list attribute_with(
	struct arena *arena, const struct attribute_type_list *list, str name, str value)
{
	struct attribute_type change = { .name = name, .value = value };
	return attribute_merge(arena, list, &(struct attribute_type_list){ &change, 1 });
}

static int compare(const void *a, const void *b)
{
	return str_compare(
		((const struct attribute_type *)a)->name, ((const struct attribute_type *)b)->name);
}

static struct attribute_type *find(const struct attribute_type_list *list, str name)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i].name, name))
			return &list->items[i];
	return NULL;
}

static void remove_empty(struct attribute_type_list *list)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++)
		if (!str_is_empty(list->items[i].value))
			list->items[kept++] = list->items[i];
	list->count = kept;
}

struct attribute_type_list attribute_merge(struct arena *arena, const struct attribute_type_list *list,
	const struct attribute_type_list *changes)
{
	struct attribute_type_list merged = {
		ARENA_ARRAY(arena, struct attribute_type, list->count + changes->count), 0
	};
	for (size_t i = 0; i < list->count; i++)
		merged.items[merged.count++] = list->items[i];
	for (size_t i = 0; i < changes->count; i++) {
		struct attribute_type *there = find(&merged, changes->items[i].name);
		*(there ? there : &merged.items[merged.count++]) = changes->items[i];
	}
	remove_empty(&merged);
	qsort(merged.items, merged.count, sizeof *merged.items, compare);
	return merged;
}

/* Whether the changes set an address to another value and say nothing of its mark. */
static bool loses_mark(const struct attribute_type_list *list, const struct attribute_type_list *changes,
	const struct address_kind *kind)
{
	const struct attribute_type *change = find(changes, kind->attribute);
	return change && !str_equal(change->value, attribute_value(list, kind->attribute)) &&
	       str_is_empty(attribute_value(changes, kind->verified));
}

struct attribute_type_list attribute_unverify(struct arena *arena, const struct attribute_type_list *list,
	const struct attribute_type_list *changes)
{
	struct attribute_type_list marked = {
		ARENA_ARRAY(arena, struct attribute_type, changes->count + ADDRESS_KIND_COUNT), 0
	};
	for (size_t i = 0; i < changes->count; i++)
		marked.items[marked.count++] = changes->items[i];
	for (size_t i = 0; i < ADDRESS_KIND_COUNT; i++) {
		const struct address_kind *kind = address_kinds[i];
		bool is_gone = str_is_empty(attribute_value(changes, kind->attribute));
		if (loses_mark(list, changes, kind))
			marked.items[marked.count++] = (struct attribute_type){
				.name = kind->verified,
				.value = is_gone ? STR("") : STR("false"),
			};
	}
	return marked;
}

static str with_usual_case(const struct schema_attribute_type *schema, str value)
{
	static const str words[] = { STR_INIT("true"), STR_INIT("false") };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (schema && schema->attribute_data_type == ATTRIBUTE_DATA_TYPE_BOOLEAN &&
			str_equal_ignoring_ascii_case(value, words[i]))
			return words[i];
	return value;
}

struct attribute_type_list attribute_with_usual_booleans(
	struct arena *arena, const struct user_pool *pool, const struct attribute_type_list *list)
{
	struct attribute_type_list usual = { ARENA_ARRAY(arena, struct attribute_type, list->count), list->count };
	for (size_t i = 0; i < list->count; i++)
		usual.items[i] = (struct attribute_type){
			.name = list->items[i].name,
			.value = with_usual_case(
				pool_schema_attribute(pool, list->items[i].name), list->items[i].value),
		};
	return usual;
}

/* --- Values --- */

bool attribute_is_email(str value)
{
	return mail_address_is_plain(value);
}

bool attribute_is_phone_number(str value)
{
	static struct pattern e164 = PATTERN_INIT("\\+[0-9]{2,15}");
	return pattern_matches(&e164, value);
}

static const char *check_email(str value)
{
	return attribute_is_email(value) ? NULL : "Invalid email address format.";
}

static const char *check_phone_number(str value)
{
	return attribute_is_phone_number(value) ? NULL : "Invalid phone number format.";
}

/* OpenID Connect Core 5.1: the year may be 0000, for one that is not told. */
static const char *check_birthdate(str value)
{
	static struct pattern date = PATTERN_INIT("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");
	return pattern_matches(&date, value) ? NULL : "Invalid date format, it must be YYYY-MM-DD.";
}

/* Standard attributes whose values have a form of their own. */
static const struct {
	str name;
	const char *(*check)(str value);
} formats[] = {
	{ STR_INIT("email"), check_email },
	{ STR_INIT("phone_number"), check_phone_number },
	{ STR_INIT("birthdate"), check_birthdate },
};

static bool is_within(str value, str min, str max, struct arena *arena)
{
	double number = strtod(arena_copy(arena, value).data, NULL);
	return (!str_is_set(min) || number >= strtod(arena_copy(arena, min).data, NULL)) &&
	       (!str_is_set(max) || number <= strtod(arena_copy(arena, max).data, NULL));
}

static const char *check_number(struct arena *arena, const struct schema_attribute_type *schema, str value)
{
	static struct pattern number = PATTERN_INIT("-?[0-9]+");
	const struct number_attribute_constraints_type *bounds = schema->number_attribute_constraints;
	if (!pattern_matches(&number, value))
		return "The value is not a number";
	if (bounds && !is_within(value, bounds->min_value, bounds->max_value, arena))
		return "The number is out of range";
	return NULL;
}

static const char *check_string(struct arena *arena, const struct schema_attribute_type *schema, str value)
{
	const struct string_attribute_constraints_type *bounds = schema->string_attribute_constraints;
	str length = arena_printf(arena, "%zu", utf8_length(value));
	if (bounds && !is_within(length, bounds->min_length, bounds->max_length, arena))
		return "The length of the value is out of range";
	return NULL;
}

static const char *check_boolean(struct arena *arena, const struct schema_attribute_type *schema, str value)
{
	(void)arena, (void)schema;
	return str_equal_ignoring_ascii_case(value, STR("true")) ||
			       str_equal_ignoring_ascii_case(value, STR("false"))
		       ? NULL
		       : "The value is not true or false";
}

static const char *check_time(struct arena *arena, const struct schema_attribute_type *schema, str value)
{
	static struct pattern time = PATTERN_INIT("[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}("
						  "\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?");
	(void)arena, (void)schema;
	return pattern_matches(&time, value) ? NULL : "The value is not a date or a time (ISO 8601)";
}

static const char *(*const types[])(struct arena *, const struct schema_attribute_type *, str) = {
	[ATTRIBUTE_DATA_TYPE_STRING] = check_string,
	[ATTRIBUTE_DATA_TYPE_NUMBER] = check_number,
	[ATTRIBUTE_DATA_TYPE_DATE_TIME] = check_time,
	[ATTRIBUTE_DATA_TYPE_BOOLEAN] = check_boolean,
};

/* NULL when the value is right. An empty one stands for none. */
static const char *problem_of(
	struct arena *arena, const struct user_pool *pool, const struct attribute_type *attribute)
{
	const struct schema_attribute_type *schema = pool_schema_attribute(pool, attribute->name);
	if (!schema)
		return "Attribute does not exist in the schema.";
	if (utf8_length(attribute->value) > VALUE_MAX_LENGTH)
		return "The length of the value is out of range";
	return str_is_empty(attribute->value)
		       ? NULL
		       : types[schema->attribute_data_type](arena, schema, attribute->value);
}

static RESULT check_formats(struct request *request, const struct attribute_type_list *list)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		str value = attribute_value(list, formats[i].name);
		const char *problem = str_is_empty(value) ? NULL : formats[i].check(value);
		if (problem)
			return FAIL(request, INVALID_PARAMETER, "%s", problem);
	}
	return OK;
}

static RESULT check_repetitions(struct request *request, const struct attribute_type_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (find(list, list->items[i].name) != &list->items[i])
			return FAIL(request, INVALID_PARAMETER, "Attribute %.*s is given more than once.",
				STR_ARG(list->items[i].name));
	return OK;
}

static RESULT refuse(struct request *request, const struct buf *problems)
{
	return FAIL(request, INVALID_PARAMETER, "Attributes did not conform to the schema: %.*s",
		STR_ARG(buf_str(problems)));
}

/* A line that had no room is a problem all the same. */
static bool has_problems(const struct buf *problems)
{
	return problems->len || problems->overflowed;
}

result attribute_check_values(
	struct request *request, const struct user_pool *pool, const struct attribute_type_list *list)
{
	struct buf problems = buf_new(request->arena, PROBLEMS_MAX_BYTES);
	TRY(check_repetitions(request, list));
	for (size_t i = 0; i < list->count; i++) {
		const char *problem = problem_of(request->arena, pool, &list->items[i]);
		if (problem)
			buf_printf(&problems, "%.*s: %s\n", STR_ARG(list->items[i].name), problem);
	}
	return has_problems(&problems) ? refuse(request, &problems) : check_formats(request, list);
}

result attribute_check_required(
	struct request *request, const struct user_pool *pool, const struct attribute_type_list *list)
{
	const struct schema_attribute_type_list *schema = &pool->settings.schema_attributes;
	struct buf problems = buf_new(request->arena, PROBLEMS_MAX_BYTES);
	for (size_t i = 0; i < schema->count; i++)
		if (optional_bool_or(schema->items[i].required, false) &&
			!str_equal(schema->items[i].name, STR("sub")) &&
			str_is_empty(attribute_value(list, schema->items[i].name)))
			buf_printf(&problems, "%.*s: The attribute is required\n",
				STR_ARG(schema->items[i].name));
	return has_problems(&problems) ? refuse(request, &problems) : OK;
}

/* --- Permission --- */

bool attribute_is_kept_from_users(str name)
{
	for (size_t i = 0; i < ADDRESS_KIND_COUNT; i++)
		if (str_equal(name, address_kinds[i]->verified))
			return true;
	return str_equal(name, STR("sub")) || str_equal(name, STR("identities"));
}

result attribute_check_writable(
	struct request *request, const struct client *client, const struct attribute_type_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (attribute_is_kept_from_users(list->items[i].name) ||
			!client_may_write(client, list->items[i].name))
			return FAIL(request, NOT_AUTHORIZED,
				"A client attempted to write unauthorized attribute");
	return OK;
}
