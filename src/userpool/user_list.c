/* SPDX-License-Identifier: Apache-2.0 */
/* Listing users: each subject of a filter has a statement of its own, in one table. */
#include "userpool/user_list.h"

#include "base/fatal.h"
#include "store/page.h"
#include "store/statements.h"
#include "userpool/attribute.h"
#include "userpool/group.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"
#include "userpool/user_filter.h"

enum { PAGE_MAX = 60, UUID_LEN = 36 };

/* Behind everything that begins with a prefix: UTF-8 compares like code points, and nothing is past U+10FFFF.
 */
#define LAST_CHARACTER "\xf4\x8f\xbf\xbf"

struct listing {
	struct request *request;
	const struct user_pool *pool;
	struct user_filter filter;
	int64_t limit; /* of rows to read */
	str after; /* key of the last user of the page before, empty for none */
	struct store_pool_user_page_row *rows;
	size_t count;
};

static str last_of(const struct listing *listing, str first)
{
	return listing->filter.is_prefix ? arena_printf(listing->request->arena,
						   "%.*s" LAST_CHARACTER LAST_CHARACTER, STR_ARG(first))
					 : first;
}

static RESULT list_all(struct listing *listing)
{
	return store_pool_user_page(listing->request,
		&(struct store_pool_user_page_in){
			.pool_id = listing->pool->id, .after_id = listing->after, .limit = listing->limit },
		&listing->rows, &listing->count);
}

static RESULT list_by_username(struct listing *listing)
{
	str first = sign_in_name_key(listing->request, listing->pool, listing->filter.value);
	return store_pool_user_page_by_username(listing->request,
		&(struct store_pool_user_page_by_username_in){
			.name_space = listing->pool->name_space,
			.after_key = listing->after,
			.first = first,
			.last = last_of(listing, first),
			.limit = listing->limit,
		},
		&listing->rows, &listing->count);
}

static RESULT list_by_sub(struct listing *listing)
{
	return store_pool_user_page_by_id(listing->request,
		&(struct store_pool_user_page_by_id_in){
			.pool_id = listing->pool->id,
			.after_id = listing->after,
			.first = listing->filter.value,
			.last = last_of(listing, listing->filter.value),
			.limit = listing->limit,
		},
		&listing->rows, &listing->count);
}

/* Of these values alone case does not count. */
static str status_called(str name)
{
	const struct spec_type *type = &spec_type_user_status_type;
	for (size_t i = 1; i <= type->value_count; i++)
		if (str_equal_ignoring_ascii_case(type->values[i], name))
			return type->values[i];
	return name;
}

static RESULT list_by_status(struct listing *listing)
{
	return store_pool_user_page_by_status(listing->request,
		&(struct store_pool_user_page_by_status_in){
			.pool_id = listing->pool->id,
			.after_id = listing->after,
			.status = status_called(listing->filter.value),
			.limit = listing->limit,
		},
		&listing->rows, &listing->count);
}

static RESULT list_by_enabled(struct listing *listing)
{
	bool is_enabled = str_equal(listing->filter.value, STR("Enabled"));
	if (!is_enabled && !str_equal(listing->filter.value, STR("Disabled")))
		return FAIL(
			listing->request, INVALID_PARAMETER, "status must be \"Enabled\" or \"Disabled\"");
	return store_pool_user_page_by_enabled(listing->request,
		&(struct store_pool_user_page_by_enabled_in){
			.pool_id = listing->pool->id,
			.after_id = listing->after,
			.enabled = is_enabled,
			.limit = listing->limit,
		},
		&listing->rows, &listing->count);
}

/* The key is the user's id and then the value: values may repeat. */
static RESULT list_by_attribute(struct listing *listing)
{
	return store_pool_user_page_by_attribute(listing->request,
		&(struct store_pool_user_page_by_attribute_in){
			.pool_id = listing->pool->id,
			.name = listing->filter.attribute,
			.first = listing->filter.value,
			.last = last_of(listing, listing->filter.value),
			.after_id = str_slice(listing->after, 0, UUID_LEN),
			.after_value = str_from(listing->after, UUID_LEN),
			.limit = listing->limit,
		},
		&listing->rows, &listing->count);
}

static result (*const lists[])(struct listing *listing) = {
	[USER_FILTER_ALL] = list_all,
	[USER_FILTER_USERNAME] = list_by_username,
	[USER_FILTER_SUB] = list_by_sub,
	[USER_FILTER_STATUS] = list_by_status,
	[USER_FILTER_ENABLED] = list_by_enabled,
	[USER_FILTER_ATTRIBUTE] = list_by_attribute,
};

static str key_of(const struct listing *listing, const struct store_pool_user_page_row *row)
{
	if (listing->filter.subject != USER_FILTER_ATTRIBUTE)
		return row->page_key;
	return arena_printf(listing->request->arena, "%.*s%.*s", STR_ARG(row->id), STR_ARG(row->page_key));
}

/* --- Showing --- */

static bool is_wanted(const struct str_list *names, str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(names->items[i], name))
			return true;
	/* An empty list is one that wants nothing. */
	return !names->items;
}

static void keep_wanted(const struct str_list *names, struct attribute_type_list *attributes)
{
	size_t kept = 0;
	for (size_t i = 0; i < attributes->count; i++)
		if (is_wanted(names, attributes->items[i].name))
			attributes->items[kept++] = attributes->items[i];
	attributes->count = kept;
}

static RESULT show(struct request *request, const struct user_pool *pool,
	const struct store_pool_user_page_row *row, const struct str_list *names, struct user_type *shown)
{
	struct user user = {
		.id = row->id,
		.pool_id = pool->id,
		.username = row->username,
		.status = spec_enum_value(&spec_type_user_status_type, row->status),
		.is_enabled = row->enabled,
		.created_at = row->created_at,
		.modified_at = row->modified_at,
	};
	TRY(user_load_attributes(request, &user));
	*shown = user_shown(request, &user);
	keep_wanted(names, &shown->attributes);
	return OK;
}

static RESULT check_names(struct request *request, const struct user_pool *pool, const struct str_list *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (!pool_schema_attribute(pool, names->items[i]))
			return FAIL(
				request, INVALID_PARAMETER, "One or more requested attributes do not exist.");
	return OK;
}

/* The first `limit` of the rows, which are one more when there is a next page. */
static RESULT show_page(const struct listing *listing, size_t limit, const struct str_list *names,
	struct user_type_list *users)
{
	users->items = ARENA_ARRAY(listing->request->arena, struct user_type, listing->count);
	for (; users->count < listing->count && users->count < limit; users->count++)
		TRY(show(listing->request, listing->pool, &listing->rows[users->count], names,
			&users->items[users->count]));
	return OK;
}

result user_list(
	struct request *request, const struct list_users_request *input, struct list_users_response *output)
{
	/* A token is good for the same pool and filter alone. */
	str list_name = arena_printf(
		request->arena, "ListUsers:%.*s:%.*s", STR_ARG(input->user_pool_id), STR_ARG(input->filter));
	int64_t limit = optional_int_or(input->limit, PAGE_MAX);
	if (limit == 0)
		limit = PAGE_MAX;
	/* One more than asked for tells whether there is a next page. */
	struct listing listing = { .request = request, .limit = limit + 1 };
	TRY(pool_find(request, input->user_pool_id, &listing.pool));
	TRY(check_names(request, listing.pool, &input->attributes_to_get));
	TRY(user_filter_parse(request, input->filter, &listing.filter));
	TRY(page_key(request, list_name, input->pagination_token, &listing.after));
	if (!str_is_set(listing.after))
		listing.after = STR("");
	TRY(lists[listing.filter.subject](&listing));
	TRY(show_page(&listing, (size_t)limit, &input->attributes_to_get, &output->users));
	if (listing.count > (size_t)limit)
		output->pagination_token =
			page_token(request, list_name, key_of(&listing, &listing.rows[limit - 1]));
	return OK;
}

/* --- Members of a group --- */

static RESULT list_members(struct listing *listing, str group_name)
{
	struct store_pool_user_page_in_group_in in = { .after_id = listing->after, .limit = listing->limit };
	TRY(group_find_id(listing->request, listing->pool->id, group_name, &in.group_id));
	return store_pool_user_page_in_group(listing->request, &in, &listing->rows, &listing->count);
}

result user_list_in_group(struct request *request, const struct list_users_in_group_request *input,
	struct list_users_in_group_response *output)
{
	static const struct str_list all_names;
	str list_name = arena_printf(request->arena, "ListUsersInGroup:%.*s:%.*s",
		STR_ARG(input->user_pool_id), STR_ARG(input->group_name));
	int64_t limit = optional_int_or(input->limit, PAGE_MAX);
	if (limit == 0)
		limit = PAGE_MAX;
	struct listing listing = { .request = request, .limit = limit + 1 };
	TRY(pool_find(request, input->user_pool_id, &listing.pool));
	TRY(page_key(request, list_name, input->next_token, &listing.after));
	if (!str_is_set(listing.after))
		listing.after = STR("");
	TRY(list_members(&listing, input->group_name));
	TRY(show_page(&listing, (size_t)limit, &all_names, &output->users));
	if (listing.count > (size_t)limit)
		output->next_token = page_token(request, list_name, listing.rows[limit - 1].page_key);
	return OK;
}
