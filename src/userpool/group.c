/* SPDX-License-Identifier: Apache-2.0 */
/* Groups: rows of the store. */
#include "userpool/group.h"

#include "crypto/random.h"
#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/pool.h"

enum {
	GROUPS_MAX = 10000,
	PAGE_MAX = 60,
	ID_LEN = 16,
};

/* --- One group --- */

struct group_type group_shown(str pool_id, const struct store_pool_group_row *row)
{
	return (struct group_type){
		.group_name = row->name,
		.user_pool_id = pool_id,
		.description = row->description,
		.role_arn = row->role_arn,
		.precedence = row->precedence,
		.last_modified_date = optional_int(row->modified_at),
		.creation_date = optional_int(row->created_at),
	};
}

static RESULT refuse_unknown(struct request *request)
{
	return FAIL(request, RESOURCE_NOT_FOUND, "Group not found.");
}

static RESULT find(struct request *request, str pool_id, str name, struct store_pool_group_row *row)
{
	bool found;
	TRY(store_pool_group_by_name(request,
		&(struct store_pool_group_by_name_in){ .pool_id = pool_id, .name = name }, row, &found));
	return found ? OK : refuse_unknown(request);
}

result group_find_id(struct request *request, str pool_id, str name, str *id)
{
	struct store_pool_group_row row;
	TRY(find(request, pool_id, name, &row));
	*id = row.id;
	return OK;
}

result group_get(struct request *request, str pool_id, str name, struct group_type *group)
{
	const struct user_pool *pool;
	struct store_pool_group_row row;
	TRY(pool_find(request, pool_id, &pool));
	TRY(find(request, pool_id, name, &row));
	*group = group_shown(pool_id, &row);
	return OK;
}

/* --- Writing --- */

/* The pool may have gone since it was read. */
static RESULT count_one_more(struct request *request, str pool_id)
{
	const struct store_pool_group_count_one_more_in in = { .pool_id = pool_id, .max = GROUPS_MAX };
	struct store_user_pool_version_row pool;
	int64_t changed;
	bool found;
	TRY(store_pool_group_count_one_more(request, &in, &changed));
	if (changed)
		return OK;
	TRY(store_user_pool_version(
		request, &(struct store_user_pool_version_in){ .id = pool_id }, &pool, &found));
	if (!found)
		return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(pool_id));
	return FAIL(request, LIMIT_EXCEEDED, "A user pool can have at most %d groups.", GROUPS_MAX);
}

static RESULT insert(struct request *request, void *context)
{
	const struct create_group_request *input = context;
	const struct store_pool_group_insert_in in = {
		.id = random_text(request->arena, STR("abcdefghijklmnopqrstuvwxyz0123456789"), ID_LEN),
		.pool_id = input->user_pool_id,
		.name = input->group_name,
		.description = input->description,
		.role_arn = input->role_arn,
		.precedence = input->precedence,
		.now = request->now,
	};
	int64_t inserted;
	TRY(count_one_more(request, input->user_pool_id));
	TRY(store_pool_group_insert(request, &in, &inserted));
	return inserted ? OK : FAIL(request, GROUP_EXISTS, "A group with the name already exists.");
}

result group_create(
	struct request *request, const struct create_group_request *input, struct group_type *created)
{
	const struct user_pool *pool;
	TRY(pool_find(request, input->user_pool_id, &pool));
	TRY(store_write(request, insert, (void *)input));
	*created = (struct group_type){
		.group_name = input->group_name,
		.user_pool_id = input->user_pool_id,
		.description = input->description,
		.role_arn = input->role_arn,
		.precedence = input->precedence,
		.last_modified_date = optional_int(request->now),
		.creation_date = optional_int(request->now),
	};
	return OK;
}

struct change {
	const struct update_group_request *input;
	struct store_pool_group_row row; /* afterwards */
};

static RESULT replace(struct request *request, void *context)
{
	struct change *change = context;
	const struct update_group_request *input = change->input;
	TRY(find(request, input->user_pool_id, input->group_name, &change->row));
	TRY(store_pool_group_update(request,
		&(struct store_pool_group_update_in){
			.id = change->row.id,
			.description = input->description,
			.role_arn = input->role_arn,
			.precedence = input->precedence,
			.now = request->now,
		},
		NULL));
	return find(request, input->user_pool_id, input->group_name, &change->row);
}

result group_update(
	struct request *request, const struct update_group_request *input, struct group_type *updated)
{
	struct change change = { .input = input };
	const struct user_pool *pool;
	TRY(pool_find(request, input->user_pool_id, &pool));
	TRY(store_write(request, replace, &change));
	*updated = group_shown(input->user_pool_id, &change.row);
	return OK;
}

static RESULT remove_group(struct request *request, void *context)
{
	const struct store_pool_group_delete_in *in = context;
	int64_t changed;
	TRY(store_pool_group_delete(request, in, &changed));
	if (!changed)
		return refuse_unknown(request);
	return store_pool_group_count_one_less(
		request, &(struct store_pool_group_count_one_less_in){ .pool_id = in->pool_id }, NULL);
}

result group_delete(struct request *request, str pool_id, str name)
{
	struct store_pool_group_delete_in in = { .pool_id = pool_id, .name = name, .now = request->now };
	const struct user_pool *pool;
	TRY(pool_find(request, pool_id, &pool));
	return store_write(request, remove_group, &in);
}

/* --- Listing --- */

result group_list(
	struct request *request, const struct list_groups_request *input, struct list_groups_response *output)
{
	str list_name = arena_printf(request->arena, "ListGroups:%.*s", STR_ARG(input->user_pool_id));
	int64_t limit = optional_int_or(input->limit, 0);
	struct group_type_list *list = &output->groups;
	struct store_pool_group_row *rows;
	const struct user_pool *pool;
	size_t count;
	str after;
	if (limit == 0)
		limit = PAGE_MAX;
	TRY(pool_find(request, input->user_pool_id, &pool));
	TRY(page_key(request, list_name, input->next_token, &after));
	/* One more than asked for tells whether there is a next page. */
	TRY(store_pool_group_page(request,
		&(struct store_pool_group_page_in){ .pool_id = pool->id,
			.after_name = str_is_set(after) ? after : STR(""),
			.limit = limit + 1 },
		&rows, &count));
	list->items = ARENA_ARRAY(request->arena, struct group_type, count);
	for (; list->count < count && list->count < (size_t)limit; list->count++)
		list->items[list->count] = group_shown(pool->id, &rows[list->count]);
	if (count > (size_t)limit)
		output->next_token = page_token(request, list_name, rows[limit - 1].name);
	return OK;
}
