/* SPDX-License-Identifier: Apache-2.0 */
/* Rules, out of settings and into them. The enums of this service have the values of Cognito's. */
#include "userpool/pool_rules.h"

#include "base/fatal.h"
#include "spec/decode.h"
#include "spec/render.h"
#include "userpool/attribute.h"
#include "userpool/pool_schema.h"
#include "userpool/pool_settings.h"

enum { TEXT_MAX_BYTES = 16 * 1024 };

_Static_assert((int)USER_POOL_ALIAS_TYPE_PREFERRED_USERNAME == (int)ALIAS_ATTRIBUTE_TYPE_PREFERRED_USERNAME &&
		       (int)USER_POOL_ALIAS_TYPE_EMAIL == (int)ALIAS_ATTRIBUTE_TYPE_EMAIL &&
		       (int)USER_POOL_ALIAS_TYPE_PHONE_NUMBER == (int)ALIAS_ATTRIBUTE_TYPE_PHONE_NUMBER,
	"aliases are numbered alike");
_Static_assert(
	(int)USER_POOL_ADDRESS_NAME_TYPE_EMAIL == (int)USERNAME_ATTRIBUTE_TYPE_EMAIL &&
		(int)USER_POOL_ADDRESS_NAME_TYPE_PHONE_NUMBER == (int)USERNAME_ATTRIBUTE_TYPE_PHONE_NUMBER,
	"addresses are numbered alike");

/* --- Out of settings --- */

bool pool_rules_is_case_sensitive(const struct user_pool_type *settings)
{
	return !settings->username_configuration ||
	       optional_bool_or(settings->username_configuration->case_sensitive, true);
}

/* The service gives every user a sub. */
static bool is_rule(str attribute)
{
	return !str_equal(attribute, STR("sub"));
}

static struct str_list required_attributes(
	struct arena *arena, const struct schema_attribute_type_list *schema)
{
	struct str_list names = { ARENA_ARRAY(arena, str, schema->count), 0 };
	for (size_t i = 0; i < schema->count; i++)
		if (optional_bool_or(schema->items[i].required, false) && is_rule(schema->items[i].name))
			names.items[names.count++] = schema->items[i].name;
	return names;
}

struct user_pool_rules_type pool_rules_of(struct arena *arena, const struct user_pool_type *settings)
{
	const struct alias_attribute_type_list *aliases = &settings->alias_attributes;
	const struct username_attribute_type_list *usernames = &settings->username_attributes;
	struct user_pool_rules_type rules = {
		.required_attributes = required_attributes(arena, &settings->schema_attributes),
		.alias_attributes.items = ARENA_ARRAY(arena, enum user_pool_alias_type, aliases->count),
		.username_attributes.items =
			ARENA_ARRAY(arena, enum user_pool_address_name_type, usernames->count),
		.case_sensitive = optional_bool(pool_rules_is_case_sensitive(settings)),
	};
	for (size_t i = 0; i < aliases->count; i++)
		rules.alias_attributes.items[rules.alias_attributes.count++] =
			(enum user_pool_alias_type)aliases->items[i];
	for (size_t i = 0; i < usernames->count; i++)
		rules.username_attributes.items[rules.username_attributes.count++] =
			(enum user_pool_address_name_type)usernames->items[i];
	return rules;
}

/* --- Into settings --- */

static bool contains(const struct str_list *names, str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(names->items[i], name))
			return true;
	return false;
}

static void apply_required(
	struct arena *arena, const struct str_list *required, struct schema_attribute_type_list *schema)
{
	struct schema_attribute_type_list changed = {
		ARENA_ARRAY(arena, struct schema_attribute_type, schema->count), schema->count
	};
	for (size_t i = 0; i < schema->count; i++) {
		changed.items[i] = schema->items[i];
		if (is_rule(changed.items[i].name))
			changed.items[i].required = optional_bool(contains(required, changed.items[i].name));
	}
	*schema = changed;
}

static void apply_names(
	struct arena *arena, const struct user_pool_rules_type *rules, struct user_pool_type *settings)
{
	struct alias_attribute_type_list *aliases = &settings->alias_attributes;
	struct username_attribute_type_list *usernames = &settings->username_attributes;
	size_t alias_count = rules->alias_attributes.count, username_count = rules->username_attributes.count;
	/* A pool without any does not show an empty list. */
	*aliases = (struct alias_attribute_type_list){
		alias_count ? ARENA_ARRAY(arena, enum alias_attribute_type, alias_count) : NULL, alias_count
	};
	*usernames = (struct username_attribute_type_list){
		username_count ? ARENA_ARRAY(arena, enum username_attribute_type, username_count) : NULL,
		username_count
	};
	for (size_t i = 0; i < alias_count; i++)
		aliases->items[i] = (enum alias_attribute_type)rules->alias_attributes.items[i];
	for (size_t i = 0; i < username_count; i++)
		usernames->items[i] = (enum username_attribute_type)rules->username_attributes.items[i];
}

void pool_rules_apply(
	struct arena *arena, const struct user_pool_rules_type *rules, struct user_pool_type *settings)
{
	apply_required(arena, &rules->required_attributes, &settings->schema_attributes);
	apply_names(arena, rules, settings);
	if (rules->case_sensitive.value == pool_rules_is_case_sensitive(settings))
		return;
	settings->username_configuration = ARENA_NEW(arena, struct username_configuration_type);
	settings->username_configuration->case_sensitive = rules->case_sensitive;
}

/* --- What a request asks for --- */

static RESULT check_required(
	struct request *request, const struct user_pool_type *settings, const struct str_list *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct str_list before = { names->items, i };
		str name = names->items[i];
		bool is_standard =
			str_find_char(name, ':') < 0 && pool_schema_find(&settings->schema_attributes, name);
		if (!is_standard || attribute_is_kept_from_users(name))
			return FAIL(request, INVALID_PARAMETER, "Attribute %.*s cannot be required.",
				STR_ARG(name));
		if (contains(&before, name))
			return FAIL(request, INVALID_PARAMETER, "Attribute %.*s is given more than once.",
				STR_ARG(name));
	}
	return OK;
}

static bool has_repetition(const int *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (items[i] == items[k])
				return true;
	return false;
}

static RESULT check_names(struct request *request, const struct user_pool_rules_type *rules)
{
	if (has_repetition((const int *)rules->alias_attributes.items, rules->alias_attributes.count) ||
		has_repetition(
			(const int *)rules->username_attributes.items, rules->username_attributes.count))
		return FAIL(request, INVALID_PARAMETER, "A sign-in name is given more than once.");
	return OK;
}

static uint32_t names_in(const struct user_pool_rules_type *rules)
{
	enum { ADDRESS_NAMES = 16 };
	uint32_t names = 0;
	for (size_t i = 0; i < rules->alias_attributes.count; i++)
		names |= UINT32_C(1) << rules->alias_attributes.items[i];
	for (size_t i = 0; i < rules->username_attributes.count; i++)
		names |= UINT32_C(1) << (ADDRESS_NAMES + rules->username_attributes.items[i]);
	return names;
}

/* Whatever the order of what they list; no list names anything twice. */
static bool are_same(const struct user_pool_rules_type *a, const struct user_pool_rules_type *b)
{
	bool are_same = a->required_attributes.count == b->required_attributes.count &&
			names_in(a) == names_in(b) && a->case_sensitive.value == b->case_sensitive.value;
	for (size_t i = 0; are_same && i < a->required_attributes.count; i++)
		are_same = contains(&b->required_attributes, a->required_attributes.items[i]);
	return are_same;
}

static RESULT check(struct request *request, const struct user_pool_type *settings,
	const struct user_pool_rules_type *rules)
{
	struct user_pool_type with = *settings;
	const struct user_pool_rules_type now = pool_rules_of(request->arena, settings);
	TRY(check_names(request, rules));
	pool_rules_apply(request->arena, rules, &with);
	TRY(pool_settings_check(request, &with));
	if (are_same(rules, &now))
		return FAIL(request, INVALID_PARAMETER, "The user pool has these rules already.");
	return OK;
}

/* An empty list is one that wants nothing; an absent one has no items. */
result pool_rules_change(struct request *request, const struct user_pool_type *settings,
	const struct migrate_user_pool_request *input, struct user_pool_rules_type *rules)
{
	*rules = pool_rules_of(request->arena, settings);
	TRY(check_required(request, settings, &input->required_attributes));
	if (input->required_attributes.items)
		rules->required_attributes = input->required_attributes;
	if (input->alias_attributes.items)
		rules->alias_attributes = input->alias_attributes;
	if (input->username_attributes.items)
		rules->username_attributes = input->username_attributes;
	if (input->case_sensitive.set)
		rules->case_sensitive = input->case_sensitive;
	return check(request, settings, rules);
}

/* --- Rows --- */

str pool_rules_text(struct arena *arena, const struct user_pool_rules_type *rules)
{
	struct buf text = buf_new(arena, TEXT_MAX_BYTES);
	spec_render(&text, &spec_type_user_pool_rules_type, rules);
	if (text.overflowed)
		fatal("the rules of a pool are larger than their schema allows");
	return buf_str(&text);
}

result pool_rules_read(struct request *request, str text, struct user_pool_rules_type *rules)
{
	return spec_decode_stored(request, request->arena, &spec_type_user_pool_rules_type, text, rules);
}
