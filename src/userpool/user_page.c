/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of users: each subject of a filter has a statement of its own, in one table. */
#include "userpool/user_page.h"

#include "userpool/pool.h"
#include "userpool/sign_in_name.h"

enum { UUID_LEN = 36 };

/* Behind everything that begins with a prefix: UTF-8 compares like code points, and nothing is past U+10FFFF.
 */
#define LAST_CHARACTER "\xf4\x8f\xbf\xbf"

static str last_of(const struct user_page *page, str first)
{
	return page->filter.is_prefix ? arena_printf(page->request->arena,
						"%.*s" LAST_CHARACTER LAST_CHARACTER, STR_ARG(first))
				      : first;
}

static RESULT read_all(struct user_page *page)
{
	return store_pool_user_page(page->request,
		&(struct store_pool_user_page_in){
			.pool_id = page->pool->id, .after_id = page->after, .limit = page->limit },
		&page->rows, &page->count);
}

static RESULT read_by_username(struct user_page *page)
{
	str first = sign_in_name_key(page->request, page->pool, page->filter.value);
	return store_pool_user_page_by_username(page->request,
		&(struct store_pool_user_page_by_username_in){
			.name_space = page->pool->name_space,
			.after_key = page->after,
			.first = first,
			.last = last_of(page, first),
			.limit = page->limit,
		},
		&page->rows, &page->count);
}

static RESULT read_by_sub(struct user_page *page)
{
	return store_pool_user_page_by_id(page->request,
		&(struct store_pool_user_page_by_id_in){
			.pool_id = page->pool->id,
			.after_id = page->after,
			.first = page->filter.value,
			.last = last_of(page, page->filter.value),
			.limit = page->limit,
		},
		&page->rows, &page->count);
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

static RESULT read_by_status(struct user_page *page)
{
	return store_pool_user_page_by_status(page->request,
		&(struct store_pool_user_page_by_status_in){
			.pool_id = page->pool->id,
			.after_id = page->after,
			.status = status_called(page->filter.value),
			.limit = page->limit,
		},
		&page->rows, &page->count);
}

static RESULT read_by_enabled(struct user_page *page)
{
	bool is_enabled = str_equal(page->filter.value, STR("Enabled"));
	if (!is_enabled && !str_equal(page->filter.value, STR("Disabled")))
		return FAIL(page->request, INVALID_PARAMETER, "status must be \"Enabled\" or \"Disabled\"");
	return store_pool_user_page_by_enabled(page->request,
		&(struct store_pool_user_page_by_enabled_in){
			.pool_id = page->pool->id,
			.after_id = page->after,
			.enabled = is_enabled,
			.limit = page->limit,
		},
		&page->rows, &page->count);
}

/* The key is the user's id and then the value: values may repeat. */
static RESULT read_by_attribute(struct user_page *page)
{
	return store_pool_user_page_by_attribute(page->request,
		&(struct store_pool_user_page_by_attribute_in){
			.pool_id = page->pool->id,
			.name = page->filter.attribute,
			.first = page->filter.value,
			.last = last_of(page, page->filter.value),
			.after_id = str_slice(page->after, 0, UUID_LEN),
			.after_value = str_from(page->after, UUID_LEN),
			.limit = page->limit,
		},
		&page->rows, &page->count);
}

static RESULT read_members(struct user_page *page)
{
	return store_pool_user_page_in_group(page->request,
		&(struct store_pool_user_page_in_group_in){
			.pool_id = page->pool->id,
			.group_id = page->filter.value,
			.after_id = page->after,
			.limit = page->limit,
		},
		&page->rows, &page->count);
}

static result (*const kinds[])(struct user_page *page) = {
	[USER_FILTER_ALL] = read_all,
	[USER_FILTER_USERNAME] = read_by_username,
	[USER_FILTER_SUB] = read_by_sub,
	[USER_FILTER_STATUS] = read_by_status,
	[USER_FILTER_ENABLED] = read_by_enabled,
	[USER_FILTER_ATTRIBUTE] = read_by_attribute,
	[USER_FILTER_GROUP] = read_members,
};

result user_page_read(struct user_page *page)
{
	if (!str_is_set(page->after))
		page->after = STR("");
	return kinds[page->filter.subject](page);
}

str user_page_key(const struct user_page *page, const struct store_pool_user_page_row *row)
{
	if (page->filter.subject != USER_FILTER_ATTRIBUTE)
		return row->page_key;
	return arena_printf(page->request->arena, "%.*s%.*s", STR_ARG(row->id), STR_ARG(row->page_key));
}
