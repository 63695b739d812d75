/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/membership.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/group.h"
#include "userpool/pool.h"
#include "userpool/user_admin.h"

#define NO_GROUP "Group not found."
#define NO_USER  "User does not exist."
#define TOO_MANY "A user can be in at most 100 groups."

static str pool_id, other_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\"],"
				     "\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	house_user(*state, pool_id, "jane", "email=jane@example.com,email_verified=true");
	house_user(*state, pool_id, "joe", "");
	house_user(*state, other_pool_id, "zoe", "");
	return 0;
}

/* --- Lists --- */

static RESULT list(struct request *request, const char *username, int64_t limit, str token,
	struct admin_list_groups_for_user_response *page)
{
	const struct admin_list_groups_for_user_request input = {
		.user_pool_id = pool_id,
		.username = str_of(username),
		.limit = { limit >= 0, limit },
		.next_token = token,
	};
	*page = (struct admin_list_groups_for_user_response){ .next_token = STR_NONE };
	return membership_list(request, &input, page);
}

static void add_names(struct buf *names, const struct group_type_list *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		buf_printf(names, "%s%.*s", names->len ? " " : "", STR_ARG(groups->items[i].group_name));
}

static void check_groups(const struct house *house, const char *username, const char *names)
{
	struct request *request = house_request(house);
	struct buf found = buf_new(request->arena, 4096);
	struct admin_list_groups_for_user_response page;
	assert_ok(request, list(request, username, -1, STR_NONE, &page));
	add_names(&found, &page.groups);
	assert_str_equal(buf_str(&found), str_of(names));
	assert_false(str_is_set(page.next_token));
	request_free(&request);
}

/* --- Changing --- */

static void test_add_and_remove(void **state)
{
	struct request *request = house_request(*state);
	house_group(*state, pool_id, "crew", "");
	house_group(*state, pool_id, "a/b", "");
	check_groups(*state, "jane", "");
	assert_ok(request, membership_add(request, pool_id, STR("jane"), STR("crew")));
	assert_ok(request, membership_add(request, pool_id, STR("JANE@example.com"), STR("a/b")));
	check_groups(*state, "jane", "a/b crew");
	check_groups(*state, "joe", "");
	/* Once more is as good as once. */
	assert_ok(request, membership_add(request, pool_id, STR("jane"), STR("crew")));
	check_groups(*state, "jane", "a/b crew");
	assert_ok(request, membership_remove(request, pool_id, STR("Jane"), STR("crew")));
	check_groups(*state, "jane", "a/b");
	assert_ok(request, membership_remove(request, pool_id, STR("jane"), STR("crew")));
	assert_ok(request, membership_remove(request, pool_id, STR("joe"), STR("a/b")));
	check_groups(*state, "jane", "a/b");
	request_free(&request);
}

static void test_shown(void **state)
{
	struct request *request = house_request(*state);
	struct admin_list_groups_for_user_response page;
	struct group_type group;
	house_group(*state, pool_id, "crew",
		",\"Description\":\"d\",\"Precedence\":4,\"RoleArn\":\"arn:aws:iam::123456789012:role/r\"");
	house_join(*state, pool_id, "jane", "crew");
	assert_ok(request, group_get(request, pool_id, STR("crew"), &group));
	assert_ok(request, list(request, "jane", -1, STR_NONE, &page));
	assert_int_equal(page.groups.count, 1);
	assert_str_equal(house_render(request, &spec_type_group_type, &page.groups.items[0]),
		house_render(request, &spec_type_group_type, &group));
	request_free(&request);
}

static void test_nothing_there(void **state)
{
	house_group(*state, pool_id, "crew", "");
	house_group(*state, other_pool_id, "guests", "");
	const struct {
		str pool_id;
		const char *username, *group, *message;
		enum error_code code;
	} cases[] = {
		{ STR("x_y"), "jane", "crew", "User pool x_y does not exist.", ERROR_RESOURCE_NOT_FOUND },
		{ pool_id, "nobody", "crew", NO_USER, ERROR_USER_NOT_FOUND },
		{ pool_id, "zoe", "crew", NO_USER, ERROR_USER_NOT_FOUND },
		{ pool_id, "nobody", "nothing", NO_USER, ERROR_USER_NOT_FOUND },
		{ pool_id, "jane", "nothing", NO_GROUP, ERROR_RESOURCE_NOT_FOUND },
		{ pool_id, "jane", "Crew", NO_GROUP, ERROR_RESOURCE_NOT_FOUND },
		{ pool_id, "jane", "guests", NO_GROUP, ERROR_RESOURCE_NOT_FOUND },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str username = str_of(cases[i].username), group = str_of(cases[i].group);
		assert_refused(request, membership_add(request, cases[i].pool_id, username, group),
			cases[i].code, cases[i].message);
		assert_refused(request, membership_remove(request, cases[i].pool_id, username, group),
			cases[i].code, cases[i].message);
		request_free(&request);
	}
	assert_int_equal(house_count(*state, "group_member"), 0);
}

static void test_nobody_is_listed(void **state)
{
	struct request *request = house_request(*state);
	const struct admin_list_groups_for_user_request input = { .user_pool_id = STR("x_y"),
		.username = STR("jane") };
	struct admin_list_groups_for_user_response page;
	assert_refused(request, list(request, "nobody", -1, STR_NONE, &page), ERROR_USER_NOT_FOUND, NO_USER);
	assert_refused(request, membership_list(request, &input, &page), ERROR_RESOURCE_NOT_FOUND,
		"User pool x_y does not exist.");
	request_free(&request);
}

/* --- What goes, and when --- */

static void delete_user(const void *context)
{
	struct request *request = house_request(context);
	assert_ok(request, user_admin_delete(request, pool_id, STR("joe")));
	request_free(&request);
}

static void delete_group(const void *context)
{
	struct request *request = house_request(context);
	assert_ok(request, group_delete(request, pool_id, STR("crew")));
	request_free(&request);
}

static void test_the_user_goes_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	house_group(*state, pool_id, "crew", "");
	interruption_set(delete_user, *state);
	assert_refused(request, membership_add(request, pool_id, STR("joe"), STR("crew")),
		ERROR_USER_NOT_FOUND, NO_USER);
	house_user(*state, pool_id, "joe", "");
	interruption_set(delete_user, *state);
	assert_refused(request, membership_remove(request, pool_id, STR("joe"), STR("crew")),
		ERROR_USER_NOT_FOUND, NO_USER);
	request_free(&request);
}

static void test_the_group_goes_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	house_group(*state, pool_id, "crew", "");
	interruption_set(delete_group, *state);
	assert_refused(request, membership_add(request, pool_id, STR("jane"), STR("crew")),
		ERROR_RESOURCE_NOT_FOUND, NO_GROUP);
	assert_int_equal(house_count(*state, "group_member"), 0);
	request_free(&request);
}

static void test_deleted_users_leave_no_rows(void **state)
{
	struct request *request = house_request(*state);
	house_group(*state, pool_id, "crew", "");
	house_join(*state, pool_id, "jane", "crew");
	house_join(*state, pool_id, "joe", "crew");
	assert_ok(request, user_admin_delete(request, pool_id, STR("joe")));
	assert_int_equal(house_count(*state, "group_member"), 1);
	house_user(*state, pool_id, "joe", "");
	check_groups(*state, "joe", "");
	request_free(&request);
}

static void test_deleted_pools_leave_no_rows(void **state)
{
	struct request *request = house_request(*state);
	house_group(*state, pool_id, "crew", "");
	house_group(*state, pool_id, "gone", "");
	house_join(*state, pool_id, "jane", "crew");
	house_join(*state, pool_id, "jane", "gone");
	assert_ok(request, group_delete(request, pool_id, STR("gone")));
	assert_ok(request, pool_delete(request, pool_id));
	assert_int_equal(house_count(*state, "group_member"), 0);
	assert_int_equal(house_count(*state, "pool_group"), 0);
	request_free(&request);
}

static void test_nobody_is_in_a_deleted_group(void **state)
{
	struct request *request = house_request(*state);
	struct user user = house_find_user(request, pool_id, "jane");
	struct group_type_list groups;
	house_group(*state, pool_id, "crew", "");
	house_join(*state, pool_id, "jane", "crew");
	house_join(*state, pool_id, "joe", "crew");
	assert_ok(request, group_delete(request, pool_id, STR("crew")));
	check_groups(*state, "jane", "");
	assert_ok(request, membership_groups(request, &user, &groups));
	assert_int_equal(groups.count, 0);
	/* Neither in another of its name. */
	house_group(*state, pool_id, "crew", "");
	check_groups(*state, "jane", "");
	house_join(*state, pool_id, "jane", "crew");
	check_groups(*state, "jane", "crew");
	check_groups(*state, "joe", "");
	assert_ok(request, membership_groups(request, &user, &groups));
	assert_int_equal(groups.count, 1);
	request_free(&request);
}

/* --- Limit --- */

static void test_limit(void **state)
{
	struct request *request = house_request(*state);
	for (int i = 0; i < 101; i++) {
		const char *name = arena_printf(request->arena, "group-%03d", i).data;
		house_group(*state, pool_id, name, "");
		if (i < 100)
			house_join(*state, pool_id, "jane", name);
	}
	assert_refused(request, membership_add(request, pool_id, STR("jane"), STR("group-100")),
		ERROR_LIMIT_EXCEEDED, TOO_MANY);
	assert_int_equal(house_count(*state, "group_member"), 100);
	/* Who is in it already stays, and others are not concerned. */
	house_join(*state, pool_id, "jane", "group-099");
	house_join(*state, pool_id, "joe", "group-100");
	/* Deleted groups do not count. */
	assert_ok(request, group_delete(request, pool_id, STR("group-050")));
	house_join(*state, pool_id, "jane", "group-100");
	house_group(*state, pool_id, "group-050", "");
	assert_refused(request, membership_add(request, pool_id, STR("jane"), STR("group-050")),
		ERROR_LIMIT_EXCEEDED, TOO_MANY);
	request_free(&request);
}

/* --- Pages --- */

#define IN_ORDER "A B a a/ b \xc3\xa9"

static void join_all(const struct house *house, const char *username, const char *names)
{
	str rest = str_of(names);
	while (str_is_set(rest)) {
		const char *name = arena_copy(house->arena, str_split(&rest, ' ')).data;
		house_group(house, pool_id, name, "");
		house_join(house, pool_id, username, name);
	}
}

static void test_pages(void **state)
{
	struct request *request = house_request(*state);
	join_all(*state, "joe", "a0");
	join_all(*state, "jane", "b \xc3\xa9 a B A a/ gone");
	assert_ok(request, group_delete(request, pool_id, STR("gone")));
	for (int64_t limit = -1; limit <= 7; limit++) {
		struct buf names = buf_new(request->arena, 1024);
		struct admin_list_groups_for_user_response page;
		size_t pages = 0, size = limit < 1 ? 60 : (size_t)limit;
		str token = STR_NONE;
		do {
			assert_ok(request, list(request, "jane", limit, token, &page));
			add_names(&names, &page.groups);
			token = page.next_token;
			assert_true(page.groups.count == size || !str_is_set(token));
			pages++;
		} while (str_is_set(token));
		assert_str_equal(buf_str(&names), STR(IN_ORDER));
		assert_int_equal(pages, (6 + size - 1) / size);
	}
	request_free(&request);
}

static void test_bad_tokens(void **state)
{
	struct request *request = house_request(*state);
	struct admin_list_groups_for_user_response page;
	join_all(*state, "jane", "a b");
	house_join(*state, pool_id, "joe", "a");
	house_join(*state, pool_id, "joe", "b");
	assert_ok(request, list(request, "joe", 1, STR_NONE, &page));
	const str tokens[] = { STR(""), STR("nonsense"), page.next_token };
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		assert_refused(request, list(request, "jane", 1, tokens[i], &page), ERROR_INVALID_PARAMETER,
			"Invalid pagination token.");
	request_free(&request);
}

/* --- For tokens --- */

static void test_order_of_precedence(void **state)
{
	static const struct {
		const char *name, *members;
	} groups[] = {
		{ "none-b", "" },
		{ "last", ",\"Precedence\":2147483647" },
		{ "ten", ",\"Precedence\":10" },
		{ "None", "" },
		{ "two-b", ",\"Precedence\":2" },
		{ "first", ",\"Precedence\":0" },
		{ "two-a", ",\"Precedence\":2" },
		{ "none-a", "" },
	};
	struct request *request = house_request(*state);
	struct user user = house_find_user(request, pool_id, "jane");
	struct buf names = buf_new(request->arena, 1024);
	struct group_type_list found;
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		house_group(*state, pool_id, groups[i].name, groups[i].members);
		house_join(*state, pool_id, "jane", groups[i].name);
	}
	assert_ok(request, membership_groups(request, &user, &found));
	add_names(&names, &found);
	assert_str_equal(buf_str(&names), STR("first two-a two-b ten last None none-a none-b"));
	user = house_find_user(request, pool_id, "joe");
	assert_ok(request, membership_groups(request, &user, &found));
	assert_int_equal(found.count, 0);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_add_and_remove, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_shown, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_there, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_is_listed, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_the_user_goes_meanwhile, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_the_group_goes_meanwhile, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_deleted_users_leave_no_rows, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_deleted_pools_leave_no_rows, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_nobody_is_in_a_deleted_group, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_limit, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_pages, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_bad_tokens, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_order_of_precedence, set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
