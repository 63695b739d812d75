/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/attribute.h"
#include "userpool/group.h"
#include "userpool/pool.h"
#include "userpool/user_admin.h"

#define NOW       INT64_C(1738659903123)
#define BAD_TOKEN "Invalid pagination token."

static str pool_id, other_pool_id, folding_pool_id;

static const struct {
	const char *username, *attributes;
} people[] = {
	{ "ann", "given_name=A,email=ann@example.com,phone_number=+15550001" },
	{ "anna", "given_name=A,email=anna@example.com,phone_number=+15550002" },
	{ "annabel", "given_name=A,email=annabel@example.com" },
	{ "Ann", "given_name=A,email=Ann@example.com" },
	{ "bob", "given_name=B,email=bob@example.com,preferred_username=bobby" },
	{ "bob%", "given_name=B%" },
	{ "bob_", "given_name=B_" },
	{ "\xc3\xa9va", "given_name=\xc3\x89" },
	{ "zoe", "given_name=A,name=Zoe Z" },
};

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"team\",\"AttributeDataType\":\"String\"}]}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	folding_pool_id = house_pool(
		*state, "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		house_user(*state, pool_id, people[i].username, people[i].attributes);
	house_user(*state, other_pool_id, "ann", "given_name=A,email=ann@example.com");
	house_user(*state, folding_pool_id, "Ann", "");
	house_user(*state, folding_pool_id, "BOB", "");
	house_execute(*state, "UPDATE pool_user SET enabled = 0 WHERE username IN ('bob', 'zoe')");
	house_execute(
		*state, "UPDATE pool_user SET status = 'UNCONFIRMED' WHERE username IN ('zoe', 'anna')");
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static RESULT list(struct request *request, str in_pool, const char *filter, struct optional_int limit,
	str token, struct list_users_response *page)
{
	const struct list_users_request input = {
		.user_pool_id = in_pool,
		.filter = str_of(filter),
		.limit = limit,
		.pagination_token = token,
	};
	*page = (struct list_users_response){ .pagination_token = STR_NONE };
	return user_list(request, &input, page);
}

static const struct optional_int no_limit;

/* --- Which users, in which order --- */

static str names_of(struct request *request, const struct list_users_response *page)
{
	struct buf names = buf_new(request->arena, 4096);
	for (size_t i = 0; i < page->users.count; i++)
		buf_printf(&names, "%s%.*s", i ? " " : "", STR_ARG(page->users.items[i].username));
	return buf_str(&names);
}

/* In the order of user names. */
static const struct {
	const char *filter, *names;
} by_username[] = {
	{ "username = \"ann\"", "ann" },
	{ "username = \"ANN\"", "" },
	{ "username = \"an\"", "" },
	{ "username ^= \"ann\"", "ann anna annabel" },
	{ "username ^= \"A\"", "Ann" },
	{ "username ^= \"bob\"", "bob bob% bob_" },
	{ "username ^= \"bob%\"", "bob%" },
	{ "username ^= \"bob_\"", "bob_" },
	{ "username ^= \"%\"", "" },
	{ "username ^= \"\xc3\xa9\"", "\xc3\xa9va" },
	{ "username ^= \"\"", "Ann ann anna annabel bob bob% bob_ zoe \xc3\xa9va" },
	{ "username = \"\"", "" },
};

/* In the order of values. */
static const struct {
	const char *filter, *names;
} by_attribute[] = {
	{ "email = \"ann@example.com\"", "ann" },
	{ "email ^= \"ann\"", "ann anna annabel" },
	{ "email ^= \"\"", "Ann ann anna annabel bob" },
	{ "email = \"nobody@example.com\"", "" },
	{ "phone_number ^= \"+1555\"", "ann anna" },
	{ "phone_number = \"+15550002\"", "anna" },
	{ "given_name ^= \"B\"", "bob bob% bob_" },
	{ "given_name = \"B%\"", "bob%" },
	{ "given_name = \"%\"", "" },
	{ "preferred_username = \"bobby\"", "bob" },
	{ "name ^= \"Zoe \"", "zoe" },
	{ "family_name ^= \"\"", "" },
};

static void check_names(const struct house *house, str in_pool, const char *filter, const char *names)
{
	struct request *request = house_request(house);
	struct list_users_response page;
	assert_ok(request, list(request, in_pool, filter, no_limit, STR_NONE, &page));
	assert_str_equal(names_of(request, &page), str_of(names));
	assert_false(str_is_set(page.pagination_token));
	request_free(&request);
}

static void test_filters(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(by_username); i++)
		check_names(*state, pool_id, by_username[i].filter, by_username[i].names);
	for (size_t i = 0; i < ARRAY_LEN(by_attribute); i++)
		check_names(*state, pool_id, by_attribute[i].filter, by_attribute[i].names);
}

static void test_user_names_without_case(void **state)
{
	check_names(*state, folding_pool_id, "username = \"aNN\"", "Ann");
	check_names(*state, folding_pool_id, "username ^= \"b\"", "BOB");
	check_names(*state, folding_pool_id, "username ^= \"\"", "Ann BOB");
}

static size_t count(const struct house *house, const char *filter)
{
	struct request *request = house_request(house);
	struct list_users_response page;
	assert_ok(request, list(request, pool_id, filter, no_limit, STR_NONE, &page));
	size_t users = page.users.count;
	/* By sub within one subject. */
	for (size_t i = 1; i < users; i++)
		assert_true(str_compare(page.users.items[i - 1].attributes.items[0].value,
				    page.users.items[i].attributes.items[0].value) < 0);
	request_free(&request);
	return users;
}

static void test_states(void **state)
{
	static const struct {
		const char *filter;
		size_t users;
	} cases[] = {
		{ NULL, 9 },
		{ "", 9 },
		{ "status = \"Enabled\"", 7 },
		{ "status = \"Disabled\"", 2 },
		{ "cognito:user_status = \"CONFIRMED\"", 7 },
		{ "cognito:user_status = \"UNCONFIRMED\"", 2 },
		{ "cognito:user_status = \"RESET_REQUIRED\"", 0 },
		{ "cognito:user_status = \"confirmed\"", 7 },
		{ "cognito:user_status = \"\"", 0 },
		{ "sub ^= \"\"", 9 },
		{ "given_name = \"A\"", 5 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(count(*state, cases[i].filter), cases[i].users);
}

static void test_subs(void **state)
{
	struct request *request = house_request(*state);
	struct user user = house_find_user(request, pool_id, "zoe");
	str whole = arena_printf(request->arena, "sub = \"%.*s\"", STR_ARG(user.id));
	str begin = arena_printf(request->arena, "sub ^= \"%.*s\"", STR_ARG(str_slice(user.id, 0, 18)));
	str part = arena_printf(request->arena, "sub = \"%.*s\"", STR_ARG(str_slice(user.id, 0, 18)));
	check_names(*state, pool_id, whole.data, "zoe");
	check_names(*state, pool_id, begin.data, "zoe");
	check_names(*state, pool_id, part.data, "");
	check_names(*state, other_pool_id, whole.data, "");
	request_free(&request);
}

static void test_refused_filters(void **state)
{
	static const struct {
		const char *filter, *message;
	} cases[] = {
		{ "email", "Error while parsing filter" },
		{ "custom:team = \"x\"", "Users cannot be filtered by custom:team." },
		{ "status = \"enabled\"", "status must be \"Enabled\" or \"Disabled\"" },
		{ "status = \"\"", "status must be \"Enabled\" or \"Disabled\"" },
	};
	struct request *request = house_request(*state);
	struct list_users_response page;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(request, list(request, pool_id, cases[i].filter, no_limit, STR_NONE, &page),
			ERROR_INVALID_PARAMETER, cases[i].message);
	assert_refused(request, list(request, STR("x"), NULL, no_limit, STR_NONE, &page),
		ERROR_RESOURCE_NOT_FOUND, "User pool x does not exist.");
	request_free(&request);
}

/* --- Pages --- */

static const char *const paged[] = { NULL, "username ^= \"\"", "sub ^= \"\"", "status = \"Enabled\"",
	"cognito:user_status = \"CONFIRMED\"", "given_name ^= \"\"", "given_name = \"A\"", "email ^= \"a\"" };

static void add_names(struct request *request, struct buf *names, const struct list_users_response *page)
{
	if (names->len && page->users.count)
		buf_add_char(names, ' ');
	buf_add(names, names_of(request, page));
}

/* Pages of every size give what one page gives, in the same order, and end when they should. */
static void check_pages(const struct house *house, const char *filter, int64_t limit)
{
	struct request *request = house_request(house);
	struct list_users_response whole, page;
	struct buf names = buf_new(request->arena, 4096);
	size_t pages = 0, users = 0;
	str token = STR_NONE;
	assert_ok(request, list(request, pool_id, filter, no_limit, STR_NONE, &whole));
	do {
		assert_ok(request, list(request, pool_id, filter, optional_int(limit), token, &page));
		add_names(request, &names, &page);
		token = page.pagination_token;
		users += page.users.count;
		pages++;
		assert_true(page.users.count == (size_t)limit || !str_is_set(token));
	} while (str_is_set(token));
	assert_str_equal(buf_str(&names), names_of(request, &whole));
	assert_int_equal(users, whole.users.count);
	assert_int_equal(pages, (whole.users.count + (size_t)limit - 1) / (size_t)limit);
	request_free(&request);
}

static void test_pages(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(paged); i++)
		for (int64_t limit = 1; limit <= 10; limit++)
			check_pages(*state, paged[i], limit);
}

static void test_limits(void **state)
{
	struct request *request = house_request(*state);
	struct list_users_response page;
	assert_ok(request, list(request, pool_id, NULL, optional_int(0), STR_NONE, &page));
	assert_int_equal(page.users.count, ARRAY_LEN(people));
	assert_ok(request, list(request, pool_id, NULL, optional_int(60), STR_NONE, &page));
	assert_int_equal(page.users.count, ARRAY_LEN(people));
	request_free(&request);
}

static str first_token(struct request *request, str in_pool, const char *filter)
{
	struct list_users_response page;
	assert_ok(request, list(request, in_pool, filter, optional_int(1), STR_NONE, &page));
	assert_true(str_is_set(page.pagination_token));
	return page.pagination_token;
}

/* A token is good for its filter and its pool. */
static void test_tokens_of_others(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(paged); i++) {
		struct request *request = house_request(*state);
		struct list_users_response page;
		str token = first_token(request, pool_id, paged[i]);
		for (size_t k = 0; k < ARRAY_LEN(paged); k++)
			if (k != i)
				assert_refused(request,
					list(request, pool_id, paged[k], no_limit, token, &page),
					ERROR_INVALID_PARAMETER, BAD_TOKEN);
		assert_refused(request, list(request, other_pool_id, paged[i], no_limit, token, &page),
			ERROR_INVALID_PARAMETER, BAD_TOKEN);
		request_free(&request);
	}
}

static void test_bad_tokens(void **state)
{
	struct request *request = house_request(*state);
	struct list_users_response page;
	str token = first_token(request, pool_id, NULL), changed = arena_copy(request->arena, token);
	((char *)changed.data)[token.len / 2] = token.data[token.len / 2] == 'A' ? 'B' : 'A';
	const str tokens[] = { STR(""), STR("x"), STR("nonsense"), STR("!"), changed,
		str_slice(token, 0, token.len - 4),
		arena_printf(request->arena, "%.*sAAAA", STR_ARG(token)) };
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		assert_refused(request, list(request, pool_id, NULL, no_limit, tokens[i], &page),
			ERROR_INVALID_PARAMETER, BAD_TOKEN);
	request_free(&request);
}

/* A token hides what it points at. */
static void test_token_is_opaque(void **state)
{
	struct request *request = house_request(*state);
	str one = first_token(request, pool_id, NULL), same = first_token(request, pool_id, NULL);
	assert_false(str_equal(one, same));
	request_free(&request);
}

static void test_users_come_and_go_between_pages(void **state)
{
	struct request *request = house_request(*state);
	struct list_users_response page;
	const char *filter = "username ^= \"page-\"";
	static const char *const names[] = { "page-b", "page-d", "page-f", "page-h" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		house_user(*state, pool_id, names[i], "");
	assert_ok(request, list(request, pool_id, filter, optional_int(2), STR_NONE, &page));
	assert_str_equal(names_of(request, &page), STR("page-b page-d"));
	str token = page.pagination_token;
	/* Also the one at which the page ended. */
	assert_ok(request, user_admin_delete(request, pool_id, STR("page-b")));
	assert_ok(request, user_admin_delete(request, pool_id, STR("page-d")));
	house_user(*state, pool_id, "page-a", "");
	house_user(*state, pool_id, "page-e", "");
	assert_ok(request, list(request, pool_id, filter, no_limit, token, &page));
	assert_str_equal(names_of(request, &page), STR("page-e page-f page-h"));
	request_free(&request);
}

/* The key of a page is as long as a value can be. */
static void test_longest_values(void **state)
{
	struct request *request = house_request(*state);
	struct buf value = buf_new(request->arena, 16 * 1024);
	struct list_users_response page;
	str id = house_pool(*state, "{\"PoolName\":\"p\"}");
	buf_add(&value, STR("name="));
	for (int i = 0; i < 2048; i++)
		buf_add(&value, STR("\xf0\x9f\x98\x80"));
	str attributes = arena_copy(request->arena, buf_str(&value));
	house_user(*state, id, "long-1", attributes.data);
	house_user(*state, id, "long-2", attributes.data);
	assert_ok(
		request, list(request, id, "name ^= \"\xf0\x9f\x98\x80\"", optional_int(1), STR_NONE, &page));
	assert_int_equal(page.users.count, 1);
	assert_ok(request,
		list(request, id, "name ^= \"\xf0\x9f\x98\x80\"", no_limit, page.pagination_token, &page));
	assert_int_equal(page.users.count, 1);
	assert_false(str_is_set(page.pagination_token));
	request_free(&request);
}

/* --- What is shown --- */

static RESULT list_with(
	struct request *request, const struct str_list *names, struct list_users_response *page)
{
	const struct list_users_request input = {
		.user_pool_id = pool_id,
		.filter = STR("username = \"bob\""),
		.attributes_to_get = *names,
	};
	*page = (struct list_users_response){ .pagination_token = STR_NONE };
	return user_list(request, &input, page);
}

static void test_user_as_it_is_shown(void **state)
{
	struct request *request = house_request(*state);
	struct list_users_response page;
	assert_ok(request, list_with(request, &(struct str_list){ .count = 0 }, &page));
	assert_int_equal(page.users.count, 1);
	const struct user_type *bob = &page.users.items[0];
	assert_str_equal(bob->username, STR("bob"));
	assert_int_equal(bob->user_status, USER_STATUS_TYPE_CONFIRMED);
	assert_true(bob->enabled.set && !bob->enabled.value);
	assert_int_equal(bob->user_create_date.value, NOW);
	assert_int_equal(bob->user_last_modified_date.value, NOW);
	assert_int_equal(bob->attributes.count, 5);
	assert_str_equal(attribute_value(&bob->attributes, STR("preferred_username")), STR("bobby"));
	assert_str_equal(attribute_value(&bob->attributes, STR("email_verified")), STR("false"));
	request_free(&request);
}

static void test_attributes_to_get(void **state)
{
	static str some[] = { STR_INIT("email"), STR_INIT("sub"), STR_INIT("nickname") };
	static str unknown[] = { STR_INIT("email"), STR_INIT("shoe") };
	static str bare[] = { STR_INIT("team") };
	struct request *request = house_request(*state);
	struct list_users_response page;
	assert_ok(request, list_with(request, &(struct str_list){ some, 3 }, &page));
	assert_int_equal(page.users.items[0].attributes.count, 2);
	assert_str_equal(page.users.items[0].attributes.items[0].name, STR("sub"));
	assert_str_equal(page.users.items[0].attributes.items[1].value, STR("bob@example.com"));
	/* A list that is there and empty asks for none. */
	assert_ok(request, list_with(request, &(struct str_list){ some, 0 }, &page));
	assert_int_equal(page.users.items[0].attributes.count, 0);
	assert_refused(request, list_with(request, &(struct str_list){ unknown, 2 }, &page),
		ERROR_INVALID_PARAMETER, "One or more requested attributes do not exist.");
	assert_refused(request, list_with(request, &(struct str_list){ bare, 1 }, &page),
		ERROR_INVALID_PARAMETER, "One or more requested attributes do not exist.");
	request_free(&request);
}

/* --- Members of a group --- */

static RESULT list_members(struct request *request, const char *group, int64_t limit, str token,
	struct list_users_in_group_response *page)
{
	const struct list_users_in_group_request input = {
		.user_pool_id = pool_id,
		.group_name = str_of(group),
		.limit = { limit >= 0, limit },
		.next_token = token,
	};
	*page = (struct list_users_in_group_response){ .next_token = STR_NONE };
	return user_list_in_group(request, &input, page);
}

/* Pages of every size give these members and no others, in the order of their subs, and end when they should.
 */
static void check_members(const struct house *house, const char *group, size_t count, int64_t limit)
{
	struct request *request = house_request(house);
	struct list_users_in_group_response page;
	size_t seen = 0, pages = 0, size = limit < 1 ? 60 : (size_t)limit;
	str token = STR_NONE, last = STR("");
	do {
		assert_ok(request, list_members(request, group, limit, token, &page));
		for (size_t i = 0; i < page.users.count; i++) {
			str sub = page.users.items[i].attributes.items[0].value;
			assert_true(str_compare(last, sub) < 0);
			assert_case(str_has_prefix(page.users.items[i].username, str_of(group)), group);
			last = sub;
		}
		token = page.next_token;
		assert_true(page.users.count == size || !str_is_set(token));
		seen += page.users.count;
		pages++;
	} while (str_is_set(token));
	assert_int_equal(seen, count);
	assert_int_equal(pages, count ? (count + size - 1) / size : 1);
	request_free(&request);
}

static void test_members(void **state)
{
	static const char *const members[] = { "crew-1", "crew-2", "crew-3", "crew-4", "guest-1" };
	house_group(*state, pool_id, "crew", "");
	house_group(*state, pool_id, "guest", "");
	house_group(*state, pool_id, "nobody", "");
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		house_user(*state, pool_id, members[i], "");
		house_join(*state, pool_id, members[i], i < 4 ? "crew" : "guest");
	}
	for (int64_t limit = -1; limit <= 5; limit++) {
		check_members(*state, "crew", 4, limit);
		check_members(*state, "guest", 1, limit);
		check_members(*state, "nobody", 0, limit);
	}
}

static void test_member_as_it_is_shown(void **state)
{
	struct request *request = house_request(*state);
	struct list_users_in_group_response members;
	struct list_users_response page;
	house_group(*state, pool_id, "bobs", "");
	house_join(*state, pool_id, "bob", "bobs");
	assert_ok(request, list_members(request, "bobs", -1, STR_NONE, &members));
	assert_ok(request, list(request, pool_id, "username = \"bob\"", no_limit, STR_NONE, &page));
	assert_int_equal(members.users.count, 1);
	assert_str_equal(house_render(request, &spec_type_user_type, &members.users.items[0]),
		house_render(request, &spec_type_user_type, &page.users.items[0]));
	request_free(&request);
}

static void test_refused_groups_and_tokens(void **state)
{
	struct request *request = house_request(*state);
	const struct list_users_in_group_request elsewhere = { .user_pool_id = STR("x"),
		.group_name = STR("zoes") };
	struct list_users_in_group_response page;
	house_group(*state, pool_id, "zoes", "");
	house_group(*state, pool_id, "anns", "");
	house_join(*state, pool_id, "zoe", "zoes");
	house_join(*state, pool_id, "ann", "zoes");
	assert_ok(request, list_members(request, "zoes", 1, STR_NONE, &page));
	str token = page.next_token;
	assert_true(str_is_set(token));
	assert_refused(
		request, list_members(request, "anns", 1, token, &page), ERROR_INVALID_PARAMETER, BAD_TOKEN);
	assert_refused(request, list_members(request, "zoes", 1, STR("x"), &page), ERROR_INVALID_PARAMETER,
		BAD_TOKEN);
	assert_refused(request, list_members(request, "zoe", -1, STR_NONE, &page), ERROR_RESOURCE_NOT_FOUND,
		"Group not found.");
	assert_refused(request, user_list_in_group(request, &elsewhere, &page), ERROR_RESOURCE_NOT_FOUND,
		"User pool x does not exist.");
	assert_ok(request, group_delete(request, pool_id, STR("zoes")));
	assert_refused(request, list_members(request, "zoes", 1, token, &page), ERROR_RESOURCE_NOT_FOUND,
		"Group not found.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_user_names_without_case),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_subs),
		cmocka_unit_test(test_refused_filters),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_tokens_of_others),
		cmocka_unit_test(test_bad_tokens),
		cmocka_unit_test(test_token_is_opaque),
		cmocka_unit_test(test_user_as_it_is_shown),
		cmocka_unit_test(test_attributes_to_get),
		cmocka_unit_test(test_longest_values),
		cmocka_unit_test(test_users_come_and_go_between_pages),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_member_as_it_is_shown),
		cmocka_unit_test(test_refused_groups_and_tokens),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
