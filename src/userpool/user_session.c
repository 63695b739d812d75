/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions. A page reads as many rows as it may show and leaves out those that were revoked or have expired, so it
   costs the same however many there are of these. */
#include "userpool/user_session.h"

#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/pool.h"
#include "userpool/sign_in.h"
#include "userpool/user.h"

enum { PAGE_MAX = 60 };

static RESULT find_user(struct request *request, str pool_id, str username, struct user *user)
{
	const struct user_pool *pool;
	TRY(pool_find(request, pool_id, &pool));
	return user_get(request, pool, username, user);
}

/* --- Listing --- */

/* Where a page begins: behind the sign-in of that time and id. */
struct place {
	int64_t before;
	str before_id;
};

static RESULT read_place(struct request *request, str list_name, str token, struct place *place)
{
	str key;
	*place = (struct place){ .before = INT64_MAX, .before_id = STR("") };
	TRY(page_key(request, list_name, token, &key));
	if (!str_is_set(key))
		return OK;
	str time = str_split(&key, ':');
	place->before_id = key;
	if (!str_to_int64(time, &place->before))
		return FAIL(request, INTERNAL, "A page token of our own has no time");
	return OK;
}

static str place_after(struct request *request, const struct store_sign_in_page_row *row)
{
	return arena_printf(request->arena, "%lld:%.*s", (long long)row->authenticated_at, STR_ARG(row->id));
}

static bool goes_on(const struct request *request, const struct store_sign_in_page_row *row)
{
	return !row->revoked && row->expires_at > request->now;
}

static struct user_session_type shown(const struct store_sign_in_page_row *row)
{
	return (struct user_session_type){
		.session_id = row->id,
		.client_id = row->client_id,
		.sign_in_date = optional_int(row->authenticated_at),
		.last_refresh_date = row->refreshed_at,
		.expiration_date = optional_int(row->expires_at),
		.client_address = row->client_address,
		.user_agent = row->user_agent,
	};
}

result user_session_list(struct request *request, const struct list_user_sessions_request *input,
	struct list_user_sessions_response *output)
{
	int64_t limit = optional_int_or(input->max_results, PAGE_MAX);
	struct store_sign_in_page_row *rows;
	struct place place;
	struct user user;
	size_t count;
	TRY(find_user(request, input->user_pool_id, input->username, &user));
	str list_name = arena_printf(request->arena, "ListUserSessions:%.*s", STR_ARG(user.id));
	TRY(read_place(request, list_name, input->next_token, &place));
	/* One more than asked for tells whether there is a next page. */
	TRY(store_sign_in_page(request,
		&(struct store_sign_in_page_in){
			.user_id = user.id,
			.not_before = user.tokens_valid_after,
			.before = place.before,
			.before_id = place.before_id,
			.limit = limit + 1,
		},
		&rows, &count));
	output->sessions.items = ARENA_ARRAY(request->arena, struct user_session_type, count);
	for (size_t i = 0; i < count && i < (size_t)limit; i++)
		if (goes_on(request, &rows[i]))
			output->sessions.items[output->sessions.count++] = shown(&rows[i]);
	if (count > (size_t)limit)
		output->next_token = page_token(request, list_name, place_after(request, &rows[limit - 1]));
	return OK;
}

/* --- Ending --- */

static RESULT end(struct request *request, void *context)
{
	const str *id = context;
	return store_sign_in_revoke(request, &(struct store_sign_in_revoke_in){ .id = *id }, NULL);
}

result user_session_end(struct request *request, const struct end_user_session_request *input)
{
	struct sign_in sign_in = { .id = STR_NONE };
	struct user user;
	bool found;
	TRY(find_user(request, input->user_pool_id, input->username, &user));
	TRY(sign_in_by_id(request, input->session_id, &sign_in, &found));
	if (!found || !str_equal(sign_in.user_id, user.id))
		return FAIL(request, RESOURCE_NOT_FOUND, "Session does not exist.");
	return store_write(request, end, &sign_in.id);
}
