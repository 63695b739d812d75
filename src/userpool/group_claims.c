/* SPDX-License-Identifier: Apache-2.0 */
/* Claims of groups. */
#include "userpool/group_claims.h"

#include "base/jsontext.h"

static void begin_list(struct buf *claims, str name)
{
	jsontext_add_name(claims, name);
	buf_add_char(claims, '[');
}

static void add_item(struct buf *claims, str item)
{
	jsontext_add_separator(claims);
	jsontext_add_string(claims, item);
}

void group_claims_add_names(struct buf *claims, const struct group_type_list *groups)
{
	if (!groups->count)
		return;
	begin_list(claims, STR("cognito:groups"));
	for (size_t i = 0; i < groups->count; i++)
		add_item(claims, groups->items[i].group_name);
	buf_add_char(claims, ']');
}

/* The first group from `from` on that has a role; the count of groups when there is none. */
static size_t next_with_role(const struct group_type_list *groups, size_t from)
{
	while (from < groups->count && !str_is_set(groups->items[from].role_arn))
		from++;
	return from;
}

static bool is_first_with_role(const struct group_type_list *groups, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_equal(groups->items[i].role_arn, groups->items[at].role_arn))
			return false;
	return true;
}

static bool have_same_precedence(const struct group_type *a, const struct group_type *b)
{
	return a->precedence.set == b->precedence.set && a->precedence.value == b->precedence.value;
}

/* Absent when equals disagree. */
static str preferred_role(const struct group_type_list *groups, size_t first)
{
	const struct group_type *best = &groups->items[first];
	for (size_t i = next_with_role(groups, first + 1); i < groups->count;
		i = next_with_role(groups, i + 1))
		if (have_same_precedence(best, &groups->items[i]) &&
			!str_equal(best->role_arn, groups->items[i].role_arn))
			return STR_NONE;
	return best->role_arn;
}

void group_claims_add_roles(struct buf *claims, const struct group_type_list *groups)
{
	size_t first = next_with_role(groups, 0);
	if (first == groups->count)
		return;
	begin_list(claims, STR("cognito:roles"));
	for (size_t i = first; i < groups->count; i = next_with_role(groups, i + 1))
		if (is_first_with_role(groups, i))
			add_item(claims, groups->items[i].role_arn);
	buf_add_char(claims, ']');
	jsontext_add_string_member(claims, STR("cognito:preferred_role"), preferred_role(groups, first));
}
