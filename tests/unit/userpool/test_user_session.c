/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_session.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/sign_in.h"

#define NOW    INT64_C(1738659903123)
#define NOBODY "User does not exist."
#define LOST   "Session does not exist."

static str pool_id, client_id;

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

struct beginning {
	struct user user;
	struct sign_in sign_in;
	str refresh_token;
};

static RESULT insert(struct request *request, void *context)
{
	struct beginning *beginning = context;
	return sign_in_insert(request, &beginning->sign_in, &beginning->user, beginning->refresh_token);
}

/* At that time, from that address and agent; gives the id, which lives as long as the house. */
static str sign_in(const struct house *house, const char *name, int64_t now, const char *address, str agent)
{
	struct request *request = house_request_at(house, now);
	struct beginning beginning = { .user = house_find_user(request, pool_id, name) };
	const struct client *client;
	request->client_address = str_of(address);
	request->user_agent = agent;
	assert_ok(request, client_find(request, client_id, &client));
	sign_in_prepare(request, client, &beginning.user, &beginning.sign_in, &beginning.refresh_token);
	assert_ok(request, store_write(request, insert, &beginning));
	str id = arena_copy(house->arena, beginning.sign_in.id);
	request_free(&request);
	return id;
}

static RESULT list(struct request *request, const char *name, int64_t limit, str token,
	struct list_user_sessions_response *page)
{
	const struct list_user_sessions_request input = {
		.user_pool_id = pool_id,
		.username = str_of(name),
		.max_results = { limit > 0, limit },
		.next_token = token,
	};
	*page = (struct list_user_sessions_response){ .next_token = STR_NONE };
	return user_session_list(request, &input, page);
}

static RESULT end(struct request *request, str in_pool, const char *name, str id)
{
	const struct end_user_session_request input = {
		.user_pool_id = in_pool, .username = str_of(name), .session_id = id
	};
	return user_session_end(request, &input);
}

static void shows_where_a_sign_in_came_from(void **state)
{
	struct request *request = house_request_at(*state, NOW + 5);
	struct list_user_sessions_response page;
	house_user(*state, pool_id, "jane", "");
	assert_ok(request, list(request, "jane", 0, STR_NONE, &page));
	assert_int_equal(page.sessions.count, 0);
	str id = sign_in(*state, "jane", NOW, "192.0.2.7", STR("Mozilla/5.0 (caf\xc3\xa9)"));
	assert_ok(request, list(request, "jane", 0, STR_NONE, &page));
	assert_int_equal(page.sessions.count, 1);
	const struct user_session_type *session = &page.sessions.items[0];
	assert_str_equal(session->session_id, id);
	assert_str_equal(session->client_id, client_id);
	assert_str_equal(session->client_address, STR("192.0.2.7"));
	assert_str_equal(session->user_agent, STR("Mozilla/5.0 (caf\xc3\xa9)"));
	assert_int_equal(session->sign_in_date.value, NOW);
	assert_int_equal(session->expiration_date.value, NOW + 30 * DAY);
	assert_false(session->last_refresh_date.set);
	assert_false(str_is_set(page.next_token));
	request_free(&request);
}

static void keeps_of_agents_what_can_be_shown(void **state)
{
	static const struct {
		const char *name;
		str agent;
		size_t shown; /* bytes of it */
	} cases[] = {
		{ "none", STR_INIT(""), 0 },
		{ "no text", STR_INIT("\xff\xfe"), SIZE_MAX },
		{ "Latin-1", STR_INIT("caf\xe9 au lait"), SIZE_MAX },
	};
	char longest[300];
	house_user(*state, pool_id, "agent", "");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request_at(*state, NOW + 5);
		struct list_user_sessions_response page;
		sign_in(*state, "agent", NOW, "192.0.2.7", cases[i].agent);
		assert_ok(request, list(request, "agent", 0, STR_NONE, &page));
		str shown = page.sessions.items[0].user_agent;
		assert_case(str_is_set(shown) == (cases[i].shown != SIZE_MAX), cases[i].name);
		assert_case(!str_is_set(shown) || shown.len == cases[i].shown, cases[i].name);
		assert_ok(request, end(request, pool_id, "agent", page.sessions.items[0].session_id));
		request_free(&request);
	}
	/* A character at the cut goes as a whole. */
	memset(longest, 'a', sizeof longest);
	memcpy(longest + 254, "\xe4\xb8\xad", 3);
	struct request *request = house_request_at(*state, NOW + 5);
	struct list_user_sessions_response page;
	sign_in(*state, "agent", NOW, "192.0.2.7", (str){ longest, sizeof longest });
	assert_ok(request, list(request, "agent", 0, STR_NONE, &page));
	assert_int_equal(page.sessions.items[0].user_agent.len, 254);
	request_free(&request);
}

static str times_of(struct request *request, const struct list_user_sessions_response *page)
{
	struct buf times = buf_new(request->arena, 1024);
	for (size_t i = 0; i < page->sessions.count; i++)
		buf_printf(&times, "%s%lld", i ? " " : "",
			(long long)(page->sessions.items[i].sign_in_date.value - NOW));
	return buf_str(&times);
}

static void gives_pages_from_the_newest_on(void **state)
{
	static const char *const pages[] = { "9 8", "7 7", "6", "" };
	struct request *request = house_request_at(*state, NOW + 20);
	struct list_user_sessions_response page = { .next_token = STR_NONE };
	house_user(*state, pool_id, "paul", "");
	house_user(*state, pool_id, "other", "");
	str revoked = sign_in(*state, "paul", NOW + 5, "192.0.2.7", STR("a"));
	assert_ok(request, end(request, pool_id, "paul", revoked));
	for (int64_t at = 6; at <= 9; at++)
		sign_in(*state, "paul", NOW + at, "192.0.2.7", STR("a"));
	sign_in(*state, "paul", NOW + 7, "192.0.2.7", STR("a"));
	sign_in(*state, "paul", NOW - 31 * DAY, "192.0.2.7", STR("a"));
	sign_in(*state, "other", NOW + 7, "192.0.2.7", STR("a"));
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		assert_ok(request, list(request, "paul", 2, page.next_token, &page));
		assert_str_equal(times_of(request, &page), str_of(pages[i]));
		assert_case(str_is_set(page.next_token) == (i + 1 < ARRAY_LEN(pages)), pages[i]);
	}
	request_free(&request);
}

static void tokens_are_good_for_their_own_list(void **state)
{
	struct request *request = house_request_at(*state, NOW + 20);
	struct list_user_sessions_response page;
	house_user(*state, pool_id, "peter", "");
	sign_in(*state, "peter", NOW, "192.0.2.7", STR("a"));
	sign_in(*state, "peter", NOW, "192.0.2.7", STR("a"));
	assert_ok(request, list(request, "peter", 1, STR_NONE, &page));
	str token = page.next_token;
	house_user(*state, pool_id, "petra", "");
	assert_refused(request, list(request, "petra", 1, token, &page), ERROR_INVALID_PARAMETER,
		"Invalid pagination token.");
	assert_refused(request, list(request, "peter", 1, STR("x"), &page), ERROR_INVALID_PARAMETER,
		"Invalid pagination token.");
	request_free(&request);
}

static void signing_out_ends_all(void **state)
{
	struct request *request = house_request_at(*state, NOW + 20);
	struct list_user_sessions_response page;
	str sub = house_user(*state, pool_id, "sue", "");
	sign_in(*state, "sue", NOW, "192.0.2.7", STR("a"));
	assert_ok(request, user_sign_out(request, sub));
	assert_ok(request, list(request, "sue", 0, STR_NONE, &page));
	assert_int_equal(page.sessions.count, 0);
	request_free(&request);
}

static void ends_one_and_no_other(void **state)
{
	struct request *request = house_request_at(*state, NOW + 20);
	struct list_user_sessions_response page;
	struct sign_in found;
	bool is_found;
	house_user(*state, pool_id, "tom", "");
	house_user(*state, pool_id, "tim", "");
	str one = sign_in(*state, "tom", NOW, "192.0.2.7", STR("a"));
	str other = sign_in(*state, "tom", NOW + 1, "192.0.2.7", STR("a"));
	assert_refused(request, end(request, pool_id, "tim", one), ERROR_RESOURCE_NOT_FOUND, LOST);
	assert_refused(request, end(request, pool_id, "tom", STR("0")), ERROR_RESOURCE_NOT_FOUND, LOST);
	assert_ok(request, end(request, pool_id, "tom", one));
	assert_ok(request, end(request, pool_id, "tom", one));
	assert_ok(request, sign_in_by_id(request, one, &found, &is_found));
	assert_true(found.is_revoked);
	assert_ok(request, list(request, "tom", 0, STR_NONE, &page));
	assert_int_equal(page.sessions.count, 1);
	assert_str_equal(page.sessions.items[0].session_id, other);
	request_free(&request);
}

static void refuses_users_and_pools_that_there_are_not(void **state)
{
	struct request *request = house_request(*state);
	struct list_user_sessions_response page;
	assert_refused(request, list(request, "nobody", 0, STR_NONE, &page), ERROR_USER_NOT_FOUND, NOBODY);
	assert_refused(request, end(request, pool_id, "nobody", STR("0")), ERROR_USER_NOT_FOUND, NOBODY);
	assert_refused(request, end(request, STR("us-east-1_x"), "jane", STR("0")), ERROR_RESOURCE_NOT_FOUND,
		"User pool us-east-1_x does not exist.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_where_a_sign_in_came_from),
		cmocka_unit_test(keeps_of_agents_what_can_be_shown),
		cmocka_unit_test(gives_pages_from_the_newest_on),
		cmocka_unit_test(tokens_are_good_for_their_own_list),
		cmocka_unit_test(signing_out_ends_all),
		cmocka_unit_test(ends_one_and_no_other),
		cmocka_unit_test(refuses_users_and_pools_that_there_are_not),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
