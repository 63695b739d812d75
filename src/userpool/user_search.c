/* SPDX-License-Identifier: Apache-2.0 */
/* Searching: a condition leads, all others are held against each user that it gives. */
#define _GNU_SOURCE /* memmem */
#include "userpool/user_search.h"

#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "base/fold.h"
#include "crypto/seal.h"
#include "spec/render.h"
#include "store/page.h"
#include "userpool/attribute.h"
#include "userpool/group.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"
#include "userpool/user_page.h"

enum {
	PAGE_MAX = 60,
	CHUNK = 250, /* users read at once, when a first look was not enough */
	CONDITIONS_TEXT_MAX = 1024 * 1024, /* more than a request can have */
};

struct condition {
	enum user_filter_subject subject; /* USER_FILTER_USERNAME, _SUB, _ATTRIBUTE */
	enum user_condition_operator_type operator;
	str name;
	str given, value; /* as it came, and as it is compared */
};

struct search {
	struct request *request;
	const struct search_users_request *input;
	struct condition *conditions;
	size_t condition_count;
	const struct condition *settled; /* what the index leaves no doubt of; NULL: nothing */
	str group_id; /* absent: any or none */
	struct user_page page;
	size_t limit; /* of users in the answer */
	size_t examined;
};

/* --- Conditions --- */

static enum user_filter_subject subject_of(str name)
{
	if (str_equal(name, STR("username")))
		return USER_FILTER_USERNAME;
	return str_equal(name, STR("sub")) ? USER_FILTER_SUB : USER_FILTER_ATTRIBUTE;
}

static bool takes_value(enum user_condition_operator_type operator)
{
	return operator!= USER_CONDITION_OPERATOR_TYPE_EXISTS && operator!=
		USER_CONDITION_OPERATOR_TYPE_ABSENT;
}

static str comparable(struct search *search, const struct condition *condition, str value)
{
	if (condition->subject == USER_FILTER_USERNAME)
		value = sign_in_name_key(search->request, search->page.pool, value);
	return condition->operator== USER_CONDITION_OPERATOR_TYPE_CONTAINS
		       ? fold_case(search->request->arena, value)
		       : value;
}

static RESULT take_condition(
	struct search *search, const struct user_condition_type *given, struct condition *condition)
{
	struct request *request = search->request;
	*condition = (struct condition){
		.subject = subject_of(given->name),
		.operator= given->operator,
		.name = given->name,
		.given = given->value,
	};
	if (condition->subject == USER_FILTER_ATTRIBUTE &&
		!pool_schema_attribute(search->page.pool, given->name))
		return FAIL(request, INVALID_PARAMETER, "The user pool has no attribute %.*s.",
			STR_ARG(given->name));
	if (takes_value(given->operator) != str_is_set(given->value))
		return FAIL(request, INVALID_PARAMETER,
			"A condition has a value, unless it is EXISTS or ABSENT.");
	if (str_is_set(given->value))
		condition->value = comparable(search, condition, given->value);
	return OK;
}

static RESULT take_conditions(struct search *search)
{
	const struct user_condition_type_list *given = &search->input->conditions;
	search->conditions = ARENA_ARRAY(search->request->arena, struct condition, given->count);
	for (; search->condition_count < given->count; search->condition_count++)
		TRY(take_condition(search, &given->items[search->condition_count],
			&search->conditions[search->condition_count]));
	if (!str_is_set(search->input->group_name))
		return OK;
	return group_find_id(
		search->request, search->page.pool->id, search->input->group_name, &search->group_id);
}

static bool value_fits(struct search *search, const struct condition *condition, str value)
{
	value = comparable(search, condition, value);
	switch (condition->operator) {
	case USER_CONDITION_OPERATOR_TYPE_EQUALS:
		return str_equal(value, condition->value);
	case USER_CONDITION_OPERATOR_TYPE_STARTS_WITH:
		return str_has_prefix(value, condition->value);
	case USER_CONDITION_OPERATOR_TYPE_CONTAINS:
		return memmem(value.data, value.len, condition->value.data, condition->value.len) != NULL;
	case USER_CONDITION_OPERATOR_TYPE_EXISTS:
		return true;
	case USER_CONDITION_OPERATOR_TYPE_ABSENT:
	case USER_CONDITION_OPERATOR_TYPE_UNSET:
		break;
	}
	return false;
}

static bool condition_holds(struct search *search, const struct condition *condition, const struct user *user)
{
	str value = user->username;
	if (condition->subject == USER_FILTER_SUB)
		value = user->id;
	if (condition->subject == USER_FILTER_ATTRIBUTE)
		value = user_attribute(user, condition->name);
	if (!str_is_set(value))
		return condition->operator== USER_CONDITION_OPERATOR_TYPE_ABSENT;
	return value_fits(search, condition, value);
}

/* --- What leads --- */

static bool is_address(str name)
{
	return str_equal(name, STR("email")) || str_equal(name, STR("phone_number")) ||
	       str_equal(name, STR("preferred_username"));
}

/* Few pass a low one. */
static unsigned rank_of(const struct condition *condition)
{
	enum { BEGINNING = 10, PRESENCE = 20, NEVER = UINT_MAX };
	unsigned by_subject = condition->subject == USER_FILTER_SUB ? 0 : 1;
	if (condition->subject == USER_FILTER_ATTRIBUTE)
		by_subject = is_address(condition->name) ? 2 : 3;
	switch (condition->operator) {
	case USER_CONDITION_OPERATOR_TYPE_EQUALS:
		return by_subject;
	case USER_CONDITION_OPERATOR_TYPE_STARTS_WITH:
		return BEGINNING + by_subject;
	case USER_CONDITION_OPERATOR_TYPE_CONTAINS:
	case USER_CONDITION_OPERATOR_TYPE_EXISTS:
		return condition->subject == USER_FILTER_ATTRIBUTE ? PRESENCE + by_subject : NEVER;
	case USER_CONDITION_OPERATOR_TYPE_ABSENT:
	case USER_CONDITION_OPERATOR_TYPE_UNSET:
		break;
	}
	return NEVER;
}

struct lead {
	unsigned rank;
	struct user_filter filter;
	const struct condition *settled;
};

static void consider(
	struct lead *best, unsigned rank, struct user_filter filter, const struct condition *settled)
{
	if (rank < best->rank)
		*best = (struct lead){ rank, filter, settled };
}

/* To be there is to begin with nothing. */
static struct user_filter filter_of(const struct condition *condition)
{
	bool is_beginning = condition->operator== USER_CONDITION_OPERATOR_TYPE_STARTS_WITH;
	bool is_value = condition->operator== USER_CONDITION_OPERATOR_TYPE_EQUALS || is_beginning;
	return (struct user_filter){
		.subject = condition->subject,
		.attribute = condition->subject == USER_FILTER_ATTRIBUTE ? condition->name : STR_NONE,
		.value = is_value ? condition->given : STR(""),
		.is_prefix = is_beginning || !is_value,
	};
}

static void choose_lead(struct search *search)
{
	enum { GROUP = 15, RARE = 16, USUAL = 30 };
	const struct search_users_request *input = search->input;
	struct lead best = { .rank = UINT_MAX };
	for (size_t i = 0; i < search->condition_count; i++) {
		const struct condition *condition = &search->conditions[i];
		bool is_in_doubt = condition->operator== USER_CONDITION_OPERATOR_TYPE_CONTAINS;
		consider(&best, rank_of(condition), filter_of(condition), is_in_doubt ? NULL : condition);
	}
	if (str_is_set(search->group_id))
		consider(&best, GROUP,
			(struct user_filter){ .subject = USER_FILTER_GROUP, .value = search->group_id },
			NULL);
	if (input->status)
		consider(&best, input->status == FOUND_USER_STATUS_TYPE_CONFIRMED ? USUAL : RARE,
			(struct user_filter){
				.subject = USER_FILTER_STATUS,
				.value = spec_enum_text(&spec_type_found_user_status_type, input->status),
			},
			NULL);
	if (input->enabled.set)
		consider(&best, input->enabled.value ? USUAL : RARE,
			(struct user_filter){
				.subject = USER_FILTER_ENABLED,
				.value = input->enabled.value ? STR("Enabled") : STR("Disabled"),
			},
			NULL);
	search->page.filter = best.filter;
	search->settled = best.settled;
}

/* --- Examining --- */

static bool is_between(int64_t time, struct optional_int from, struct optional_int before)
{
	return (!from.set || time >= from.value) && (!before.set || time < before.value);
}

static bool row_passes(const struct search *search, const struct store_pool_user_page_row *row)
{
	const struct search_users_request *input = search->input;
	int status = spec_enum_value(&spec_type_found_user_status_type, row->status);
	return (!input->status || status == (int)input->status) &&
	       (!input->enabled.set || input->enabled.value == row->enabled) &&
	       is_between(row->created_at, input->created_from, input->created_before) &&
	       is_between(row->modified_at, input->modified_from, input->modified_before);
}

static RESULT check_membership(struct search *search, const struct user *user, bool *passes)
{
	struct store_group_member_find_row row;
	*passes = true;
	if (!str_is_set(search->group_id) || search->page.filter.subject == USER_FILTER_GROUP)
		return OK;
	return store_group_member_find(search->request,
		&(struct store_group_member_find_in){ .group_id = search->group_id, .user_id = user->id },
		&row, passes);
}

static bool needs_attributes(const struct search *search)
{
	for (size_t i = 0; i < search->condition_count; i++)
		if (&search->conditions[i] != search->settled &&
			search->conditions[i].subject == USER_FILTER_ATTRIBUTE)
			return true;
	return false;
}

static RESULT check_conditions(struct search *search, struct user *user, bool *passes)
{
	if (needs_attributes(search))
		TRY(user_load_attributes(search->request, user));
	for (size_t i = 0; i < search->condition_count && *passes; i++)
		*passes = &search->conditions[i] == search->settled ||
			  condition_holds(search, &search->conditions[i], user);
	return OK;
}

static struct found_user_type shown(struct request *request, const struct user *user)
{
	struct attribute_type_list attributes = user_shown_attributes(request, user);
	struct found_user_type found = {
		.username = user->username,
		.user_sub = user->id,
		.attributes.items =
			ARENA_ARRAY(request->arena, struct found_attribute_type, attributes.count),
		.attributes.count = attributes.count,
		.status = spec_enum_value(&spec_type_found_user_status_type,
			spec_enum_text(&spec_type_user_status_type, user->status)),
		.enabled = optional_bool(user->is_enabled),
		.creation_date = optional_int(user->created_at),
		.modification_date = optional_int(user->modified_at),
	};
	for (size_t i = 0; i < attributes.count; i++)
		found.attributes.items[i] = (struct found_attribute_type){ .name = attributes.items[i].name,
			.value = attributes.items[i].value };
	return found;
}

static bool is_counting(const struct search *search)
{
	return search->input->select == USER_SELECTION_TYPE_COUNT;
}

static RESULT show(struct search *search, struct user *user, struct search_users_response *output)
{
	output->count.value++;
	if (is_counting(search))
		return OK;
	if (!needs_attributes(search))
		TRY(user_load_attributes(search->request, user));
	output->users.items[output->users.count++] = shown(search->request, user);
	return OK;
}

static RESULT examine(struct search *search, const struct store_pool_user_page_row *row,
	struct search_users_response *output)
{
	bool passes;
	struct user user = {
		.id = row->id,
		.pool_id = search->page.pool->id,
		.username = row->username,
		.status = spec_enum_value(&spec_type_user_status_type, row->status),
		.is_enabled = row->enabled,
		.created_at = row->created_at,
		.modified_at = row->modified_at,
	};
	search->examined++;
	if (!row_passes(search, row))
		return OK;
	TRY(check_membership(search, &user, &passes));
	if (passes)
		TRY(check_conditions(search, &user, &passes));
	return passes ? show(search, &user, output) : OK;
}

/* --- Pages --- */

static bool is_full(const struct search *search, const struct search_users_response *output)
{
	return output->users.count == search->limit || search->examined == USER_SEARCH_EXAMINED_MAX;
}

/* Reads a chunk and examines it until the page is full; `*is_more`: somebody may be left. */
static RESULT examine_chunk(struct search *search, struct search_users_response *output, bool *is_more)
{
	struct user_page *page = &search->page;
	size_t i = 0;
	TRY(user_page_read(page));
	for (; i < page->count && !is_full(search, output); i++)
		TRY(examine(search, &page->rows[i], output));
	*is_more = i < page->count || page->count == (size_t)page->limit;
	if (i)
		page->after = user_page_key(page, &page->rows[i - 1]);
	return OK;
}

/* A token is good for the same conditions alone. */
static str name_of(struct request *request, const struct search_users_request *input)
{
	struct search_users_request conditions = *input;
	struct buf text = buf_new(request->arena, CONDITIONS_TEXT_MAX);
	conditions.select = USER_SELECTION_TYPE_UNSET;
	conditions.max_results = (struct optional_int){ .set = false };
	conditions.next_token = STR_NONE;
	spec_render(&text, &spec_type_search_users_request, &conditions);
	struct digest hash = seal_hash(request->sealer, STR("search_users"), buf_str(&text));
	return arena_printf(
		request->arena, "SearchUsers:%.*s", STR_ARG(hex_encode(request->arena, digest_str(&hash))));
}

result user_search(struct request *request, const struct search_users_request *input,
	struct search_users_response *output)
{
	struct search search = { .request = request, .input = input, .page.request = request };
	str name = name_of(request, input);
	bool is_more;
	search.limit = (size_t)optional_int_or(input->max_results, PAGE_MAX);
	TRY(pool_find(request, input->user_pool_id, &search.page.pool));
	TRY(page_key(request, name, input->next_token, &search.page.after));
	TRY(take_conditions(&search));
	choose_lead(&search);
	output->users.items = ARENA_ARRAY(request->arena, struct found_user_type, search.limit);
	output->count = optional_int(0);
	/* One more than asked for tells whether there is a next page, where nobody is left out. */
	search.page.limit = (int64_t)search.limit + 1;
	do {
		TRY(examine_chunk(&search, output, &is_more));
		search.page.limit = CHUNK;
	} while (is_more && !is_full(&search, output));
	output->examined_count = optional_int((int64_t)search.examined);
	if (is_more)
		output->next_token = page_token(request, name, search.page.after);
	return OK;
}
