/* SPDX-License-Identifier: Apache-2.0 */
/* Listing users. */
#include "userpool/user_list.h"

#include "store/page.h"
#include "store/statements.h"
#include "userpool/attribute.h"
#include "userpool/group.h"
#include "userpool/pool.h"
#include "userpool/user.h"
#include "userpool/user_page.h"

enum { PAGE_MAX = 60 };

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
static RESULT show_page(const struct user_page *page, size_t limit, const struct str_list *names,
	struct user_type_list *users)
{
	users->items = ARENA_ARRAY(page->request->arena, struct user_type, page->count);
	for (; users->count < page->count && users->count < limit; users->count++)
		TRY(show(page->request, page->pool, &page->rows[users->count], names,
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
	struct user_page page = { .request = request, .limit = limit + 1 };
	TRY(pool_find(request, input->user_pool_id, &page.pool));
	TRY(check_names(request, page.pool, &input->attributes_to_get));
	TRY(user_filter_parse(request, input->filter, &page.filter));
	TRY(page_key(request, list_name, input->pagination_token, &page.after));
	TRY(user_page_read(&page));
	TRY(show_page(&page, (size_t)limit, &input->attributes_to_get, &output->users));
	if (page.count > (size_t)limit)
		output->pagination_token =
			page_token(request, list_name, user_page_key(&page, &page.rows[limit - 1]));
	return OK;
}

/* --- Members of a group --- */

result user_list_in_group(struct request *request, const struct list_users_in_group_request *input,
	struct list_users_in_group_response *output)
{
	static const struct str_list all_names;
	str list_name = arena_printf(request->arena, "ListUsersInGroup:%.*s:%.*s",
		STR_ARG(input->user_pool_id), STR_ARG(input->group_name));
	int64_t limit = optional_int_or(input->limit, PAGE_MAX);
	if (limit == 0)
		limit = PAGE_MAX;
	struct user_page page = { .request = request, .limit = limit + 1 };
	TRY(pool_find(request, input->user_pool_id, &page.pool));
	TRY(page_key(request, list_name, input->next_token, &page.after));
	page.filter.subject = USER_FILTER_GROUP;
	TRY(group_find_id(request, page.pool->id, input->group_name, &page.filter.value));
	TRY(user_page_read(&page));
	TRY(show_page(&page, (size_t)limit, &all_names, &output->users));
	if (page.count > (size_t)limit)
		output->next_token = page_token(request, list_name, page.rows[limit - 1].page_key);
	return OK;
}
