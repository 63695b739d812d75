/* SPDX-License-Identifier: Apache-2.0 */
/* Members: rows of the store that join users and groups. */
#include "userpool/membership.h"

#include <stdlib.h>

#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/group.h"
#include "userpool/pool.h"
#include "userpool/user.h"

enum { GROUPS_OF_USER_MAX = 100, PAGE_MAX = 60 };

/* --- Changing --- */

struct membership {
	struct user user;
	str group_name;
};

static RESULT find(
	struct request *request, str pool_id, str username, str group_name, struct membership *membership)
{
	const struct user_pool *pool;
	TRY(pool_find(request, pool_id, &pool));
	TRY(user_get(request, pool, username, &membership->user));
	membership->group_name = group_name;
	return OK;
}

static RESULT check_room(struct request *request, const struct user *user)
{
	struct store_group_member_count_row row;
	bool found;
	TRY(store_group_member_count(
		request, &(struct store_group_member_count_in){ .user_id = user->id }, &row, &found));
	if (row.count > GROUPS_OF_USER_MAX)
		return FAIL(
			request, LIMIT_EXCEEDED, "A user can be in at most %d groups.", GROUPS_OF_USER_MAX);
	return OK;
}

static RESULT insert(struct request *request, void *context)
{
	const struct membership *membership = context;
	struct store_group_member_insert_in in = {
		.user_id = membership->user.id,
		.group_name = membership->group_name,
	};
	int64_t inserted;
	TRY(user_check_there(request, &membership->user));
	TRY(group_find_id(request, membership->user.pool_id, membership->group_name, &in.group_id));
	TRY(store_group_member_insert(request, &in, &inserted));
	return inserted ? check_room(request, &membership->user) : OK;
}

result membership_add(struct request *request, str pool_id, str username, str group_name)
{
	struct membership membership;
	TRY(find(request, pool_id, username, group_name, &membership));
	return store_write(request, insert, &membership);
}

static RESULT remove_row(struct request *request, void *context)
{
	const struct membership *membership = context;
	struct store_group_member_delete_in in = { .user_id = membership->user.id };
	TRY(user_check_there(request, &membership->user));
	TRY(group_find_id(request, membership->user.pool_id, membership->group_name, &in.group_id));
	return store_group_member_delete(request, &in, NULL);
}

result membership_remove(struct request *request, str pool_id, str username, str group_name)
{
	struct membership membership;
	TRY(find(request, pool_id, username, group_name, &membership));
	return store_write(request, remove_row, &membership);
}

/* --- Listing --- */

static RESULT read_groups(struct request *request, const struct user *user, str after_name, int64_t limit,
	struct group_type_list *groups)
{
	const struct store_group_member_groups_in in = { user->id, after_name, limit };
	struct store_pool_group_row *rows;
	size_t count;
	TRY(store_group_member_groups(request, &in, &rows, &count));
	groups->items = ARENA_ARRAY(request->arena, struct group_type, count);
	for (groups->count = 0; groups->count < count; groups->count++)
		groups->items[groups->count] = group_shown(user->pool_id, &rows[groups->count]);
	return OK;
}

result membership_list(struct request *request, const struct admin_list_groups_for_user_request *input,
	struct admin_list_groups_for_user_response *output)
{
	int64_t limit = optional_int_or(input->limit, 0);
	struct group_type_list *groups = &output->groups;
	const struct user_pool *pool;
	struct user user;
	str after;
	if (limit == 0)
		limit = PAGE_MAX;
	TRY(pool_find(request, input->user_pool_id, &pool));
	TRY(user_get(request, pool, input->username, &user));
	str list_name = arena_printf(request->arena, "AdminListGroupsForUser:%.*s", STR_ARG(user.id));
	TRY(page_key(request, list_name, input->next_token, &after));
	/* One more than asked for tells whether there is a next page. */
	TRY(read_groups(request, &user, str_is_set(after) ? after : STR(""), limit + 1, groups));
	if (groups->count > (size_t)limit) {
		groups->count = (size_t)limit;
		output->next_token = page_token(request, list_name, groups->items[limit - 1].group_name);
	}
	return OK;
}

/* No number is past every number. */
static int64_t rank(const struct group_type *group)
{
	return optional_int_or(group->precedence, INT64_MAX);
}

static int by_precedence(const void *left, const void *right)
{
	const struct group_type *a = left, *b = right;
	if (rank(a) != rank(b))
		return rank(a) < rank(b) ? -1 : 1;
	return str_compare(a->group_name, b->group_name);
}

result membership_groups(struct request *request, const struct user *user, struct group_type_list *groups)
{
	TRY(read_groups(request, user, STR(""), GROUPS_OF_USER_MAX, groups));
	qsort(groups->items, groups->count, sizeof groups->items[0], by_precedence);
	return OK;
}
