/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/group.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/pool.h"

#define NOW       INT64_C(1738659903123)
#define LATER     (NOW + 1000)
#define ROLE      "arn:aws:iam::123456789012:role/reader"
#define NOT_FOUND "Group not found."
#define EXISTS    "A group with the name already exists."

static str pool_id, other_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	return 0;
}

/* `members` follow the name: ",\"Precedence\":1". */
static str request_json(struct request *request, str in_pool, const char *name, const char *members)
{
	return arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",\"GroupName\":\"%s\"%s}",
		STR_ARG(in_pool), name, members);
}

static RESULT create(struct request *request, str in_pool, const char *name, const char *members,
	struct group_type *created)
{
	struct create_group_request input = { .group_name = STR_NONE };
	house_decode(request, &spec_type_create_group_request,
		request_json(request, in_pool, name, members).data, &input);
	return group_create(request, &input, created);
}

static RESULT update(
	struct request *request, const char *name, const char *members, struct group_type *updated)
{
	struct update_group_request input = { .group_name = STR_NONE };
	house_decode(request, &spec_type_update_group_request,
		request_json(request, pool_id, name, members).data, &input);
	return group_update(request, &input, updated);
}

static void check_count(const struct house *house, str in_pool, int count)
{
	str rows = arena_printf(
		house->arena, "user_pool WHERE id = '%.*s' AND group_count = %d", STR_ARG(in_pool), count);
	assert_int_equal(house_count(house, rows.data), 1);
}

/* --- One group --- */

static const struct {
	const char *name, *members, *shown;
} made[] = {
	{ "plain", "", "" },
	{ "all", ",\"Description\":\"d\",\"RoleArn\":\"" ROLE "\",\"Precedence\":7",
		"\"Description\":\"d\",\"RoleArn\":\"" ROLE "\",\"Precedence\":7," },
	{ "first", ",\"Precedence\":0", "\"Precedence\":0," },
	{ "last", ",\"Precedence\":2147483647", "\"Precedence\":2147483647," },
	{ "empty", ",\"Description\":\"\"", "\"Description\":\"\"," },
	{ "a/b:c%2F", "", "" },
	{ "PLAIN", "", "" },
	{ "Gr\xc3\xbc\xc3\x9f"
	  "e\xe2\x82\xac",
		"", "" },
};

static void check_shown(struct request *request, size_t i, const struct group_type *group)
{
	str wanted = arena_printf(request->arena,
		"{\"GroupName\":\"%s\",\"UserPoolId\":\"%.*s\",%s\"LastModifiedDate\":1738659903.123,"
		"\"CreationDate\":1738659903.123}",
		made[i].name, STR_ARG(pool_id), made[i].shown);
	assert_str_equal(house_render(request, &spec_type_group_type, group), wanted);
}

static void test_create(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		struct request *request = house_request_at(*state, NOW);
		struct group_type created, kept;
		assert_ok(request, create(request, pool_id, made[i].name, made[i].members, &created));
		check_shown(request, i, &created);
		assert_ok(request, group_get(request, pool_id, str_of(made[i].name), &kept));
		check_shown(request, i, &kept);
		request_free(&request);
	}
	check_count(*state, pool_id, ARRAY_LEN(made));
}

static void test_a_name_is_taken_once_in_a_pool(void **state)
{
	struct request *request = house_request(*state);
	struct group_type group;
	assert_ok(request, create(request, pool_id, "crew", ",\"Precedence\":1", &group));
	assert_refused(request, create(request, pool_id, "crew", ",\"Precedence\":2", &group),
		ERROR_GROUP_EXISTS, EXISTS);
	check_count(*state, pool_id, 1);
	assert_ok(request, create(request, other_pool_id, "crew", "", &group));
	assert_ok(request, group_get(request, pool_id, STR("crew"), &group));
	assert_int_equal(group.precedence.value, 1);
	request_free(&request);
}

static void test_nothing_there(void **state)
{
	static const char *const names[] = { "nobody", "cre", "crew ", "Crew", "" };
	struct request *request = house_request(*state);
	struct group_type group;
	assert_ok(request, create(request, pool_id, "crew", "", &group));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_refused(request, group_get(request, pool_id, str_of(names[i]), &group),
			ERROR_RESOURCE_NOT_FOUND, NOT_FOUND);
		assert_refused(request, group_delete(request, pool_id, str_of(names[i])),
			ERROR_RESOURCE_NOT_FOUND, NOT_FOUND);
	}
	assert_refused(request, update(request, "Crew", ",\"Precedence\":1", &group),
		ERROR_RESOURCE_NOT_FOUND, NOT_FOUND);
	assert_refused(request, group_get(request, other_pool_id, STR("crew"), &group),
		ERROR_RESOURCE_NOT_FOUND, NOT_FOUND);
	check_count(*state, pool_id, 1);
	request_free(&request);
}

static void test_no_pool(void **state)
{
	struct request *request = house_request(*state);
	const struct list_groups_request input = { .user_pool_id = STR("x_y") };
	struct list_groups_response page = { .next_token = STR_NONE };
	struct update_group_request change = { .user_pool_id = STR("x_y"), .group_name = STR("g") };
	struct group_type group;
	const char *message = "User pool x_y does not exist.";
	assert_refused(
		request, create(request, STR("x_y"), "g", "", &group), ERROR_RESOURCE_NOT_FOUND, message);
	assert_refused(
		request, group_get(request, STR("x_y"), STR("g"), &group), ERROR_RESOURCE_NOT_FOUND, message);
	assert_refused(request, group_update(request, &change, &group), ERROR_RESOURCE_NOT_FOUND, message);
	assert_refused(
		request, group_delete(request, STR("x_y"), STR("g")), ERROR_RESOURCE_NOT_FOUND, message);
	assert_refused(request, group_list(request, &input, &page), ERROR_RESOURCE_NOT_FOUND, message);
	request_free(&request);
}

static void delete_pool(const void *context)
{
	struct request *request = house_request(context);
	assert_ok(request, pool_delete(request, pool_id));
	request_free(&request);
}

static void test_the_pool_goes_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	struct group_type group;
	str message = arena_printf(request->arena, "User pool %.*s does not exist.", STR_ARG(pool_id));
	interruption_set(delete_pool, *state);
	assert_refused(request, create(request, pool_id, "crew", "", &group), ERROR_RESOURCE_NOT_FOUND,
		message.data);
	request_free(&request);
}

/* --- Changing --- */

/* Each on top of those before. */
static const struct {
	const char *members, *shown;
} changes[] = {
	{ "", "\"Description\":\"d\",\"RoleArn\":\"" ROLE "\",\"Precedence\":7," },
	{ ",\"Precedence\":0", "\"Description\":\"d\",\"RoleArn\":\"" ROLE "\",\"Precedence\":0," },
	{ ",\"Description\":\"\"", "\"Description\":\"\",\"RoleArn\":\"" ROLE "\",\"Precedence\":0," },
	{ ",\"RoleArn\":\"" ROLE "s\"", "\"Description\":\"\",\"RoleArn\":\"" ROLE "s\",\"Precedence\":0," },
	{ ",\"Description\":null,\"Precedence\":9",
		"\"Description\":\"\",\"RoleArn\":\"" ROLE "s\",\"Precedence\":9," },
};

static void test_update(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct group_type group;
	assert_ok(request, create(request, pool_id, "crew", made[1].members, &group));
	request->now = LATER;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		str wanted = arena_printf(request->arena,
			"{\"GroupName\":\"crew\",\"UserPoolId\":\"%.*s\",%s\"LastModifiedDate\":1738659904."
			"123,"
			"\"CreationDate\":1738659903.123}",
			STR_ARG(pool_id), changes[i].shown);
		assert_ok(request, update(request, "crew", changes[i].members, &group));
		assert_str_equal(house_render(request, &spec_type_group_type, &group), wanted);
		assert_ok(request, group_get(request, pool_id, STR("crew"), &group));
		assert_str_equal(house_render(request, &spec_type_group_type, &group), wanted);
	}
	request_free(&request);
}

static void test_delete(void **state)
{
	struct request *request = house_request(*state);
	struct group_type group;
	assert_ok(request, create(request, pool_id, "crew", ",\"Description\":\"old\"", &group));
	assert_ok(request, create(request, other_pool_id, "crew", "", &group));
	assert_ok(request, group_delete(request, pool_id, STR("crew")));
	check_count(*state, pool_id, 0);
	assert_refused(request, group_get(request, pool_id, STR("crew"), &group), ERROR_RESOURCE_NOT_FOUND,
		NOT_FOUND);
	assert_refused(request, update(request, "crew", "", &group), ERROR_RESOURCE_NOT_FOUND, NOT_FOUND);
	assert_refused(
		request, group_delete(request, pool_id, STR("crew")), ERROR_RESOURCE_NOT_FOUND, NOT_FOUND);
	check_count(*state, pool_id, 0);
	assert_ok(request, group_get(request, other_pool_id, STR("crew"), &group));
	/* The name is free, and means another group. */
	assert_ok(request, create(request, pool_id, "crew", "", &group));
	assert_ok(request, group_get(request, pool_id, STR("crew"), &group));
	assert_false(str_is_set(group.description));
	request_free(&request);
}

static void test_groups_go_with_their_pool(void **state)
{
	struct request *request = house_request(*state);
	struct group_type group;
	assert_ok(request, create(request, pool_id, "a", "", &group));
	assert_ok(request, create(request, pool_id, "b", "", &group));
	assert_ok(request, create(request, other_pool_id, "c", "", &group));
	assert_ok(request, group_delete(request, pool_id, STR("b")));
	assert_ok(request, pool_delete(request, pool_id));
	assert_int_equal(house_count(*state, "pool_group"), 1);
	request_free(&request);
}

/* --- Limit --- */

static RESULT insert_many(struct request *request, void *context)
{
	const int *count = context;
	for (int i = 0; i < *count; i++) {
		TRY(store_pool_group_count_one_more(request,
			&(struct store_pool_group_count_one_more_in){ .pool_id = pool_id, .max = *count },
			NULL));
		TRY(store_pool_group_insert(request,
			&(struct store_pool_group_insert_in){ .id = arena_printf(request->arena, "%d", i),
				.pool_id = pool_id,
				.name = arena_printf(request->arena, "group-%d", i),
				.now = request->now },
			NULL));
	}
	return OK;
}

static void test_limit(void **state)
{
	int count = 9999;
	struct request *request = house_request(*state);
	struct group_type group;
	const char *message = "A user pool can have at most 10000 groups.";
	assert_ok(request, store_write(request, insert_many, &count));
	assert_refused(request, create(request, pool_id, "group-0", "", &group), ERROR_GROUP_EXISTS, EXISTS);
	assert_ok(request, create(request, pool_id, "one-more", "", &group));
	assert_refused(
		request, create(request, pool_id, "too-many", "", &group), ERROR_LIMIT_EXCEEDED, message);
	assert_ok(request, create(request, other_pool_id, "elsewhere", "", &group));
	/* Deleted ones do not count, whether their rows are there or not. */
	assert_ok(request, group_delete(request, pool_id, STR("group-7")));
	assert_ok(request, create(request, pool_id, "in-its-place", "", &group));
	assert_refused(
		request, create(request, pool_id, "too-many", "", &group), ERROR_LIMIT_EXCEEDED, message);
	request_free(&request);
}

/* --- Lists --- */

static RESULT list(
	struct request *request, str in_pool, int64_t limit, str token, struct list_groups_response *page)
{
	const struct list_groups_request input = {
		.user_pool_id = in_pool,
		.limit = { limit >= 0, limit },
		.next_token = token,
	};
	*page = (struct list_groups_response){ .next_token = STR_NONE };
	return group_list(request, &input, page);
}

static void create_all(struct request *request, str in_pool, const char *names)
{
	str rest = str_of(names);
	struct group_type group;
	while (str_is_set(rest))
		assert_ok(
			request, create(request, in_pool,
					 arena_copy(request->arena, str_split(&rest, ' ')).data, "", &group));
}

static void add_names(struct buf *names, const struct list_groups_response *page)
{
	for (size_t i = 0; i < page->groups.count; i++)
		buf_printf(names, "%s%.*s", names->len ? " " : "", STR_ARG(page->groups.items[i].group_name));
}

#define IN_ORDER "A B a a/ aa ab b z \xc3\xa9"

static void test_pages(void **state)
{
	struct request *request = house_request(*state);
	create_all(request, pool_id, "z b \xc3\xa9 a B aa A a/ gone ab");
	create_all(request, other_pool_id, "a0");
	assert_ok(request, group_delete(request, pool_id, STR("gone")));
	for (int64_t limit = -1; limit <= 10; limit++) {
		struct buf names = buf_new(request->arena, 1024);
		struct list_groups_response page;
		str token = STR_NONE;
		size_t pages = 0, size = limit < 1 ? 60 : (size_t)limit;
		do {
			assert_ok(request, list(request, pool_id, limit, token, &page));
			add_names(&names, &page);
			token = page.next_token;
			assert_true(page.groups.count == size || !str_is_set(token));
			pages++;
		} while (str_is_set(token));
		assert_str_equal(buf_str(&names), STR(IN_ORDER));
		assert_int_equal(pages, (9 + size - 1) / size);
	}
	request_free(&request);
}

static void test_groups_come_and_go_between_pages(void **state)
{
	struct request *request = house_request(*state);
	struct list_groups_response page;
	struct buf names = buf_new(request->arena, 1024);
	create_all(request, pool_id, "b d f h");
	assert_ok(request, list(request, pool_id, 2, STR_NONE, &page));
	/* Also the one at which the page ended. */
	assert_ok(request, group_delete(request, pool_id, STR("d")));
	assert_ok(request, group_delete(request, pool_id, STR("f")));
	create_all(request, pool_id, "a e");
	assert_ok(request, list(request, pool_id, 2, page.next_token, &page));
	add_names(&names, &page);
	assert_str_equal(buf_str(&names), STR("e h"));
	assert_false(str_is_set(page.next_token));
	request_free(&request);
}

static void test_bad_tokens(void **state)
{
	struct request *request = house_request(*state);
	struct list_groups_response page;
	create_all(request, pool_id, "a b");
	create_all(request, other_pool_id, "a b");
	assert_ok(request, list(request, other_pool_id, 1, STR_NONE, &page));
	const str tokens[] = { STR(""), STR("nonsense"), STR("a"), page.next_token };
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		assert_refused(request, list(request, pool_id, 1, tokens[i], &page), ERROR_INVALID_PARAMETER,
			"Invalid pagination token.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_create, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_a_name_is_taken_once_in_a_pool, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_there, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_no_pool, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_the_pool_goes_meanwhile, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_update, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_delete, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_groups_go_with_their_pool, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_limit, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_pages, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(
			test_groups_come_and_go_between_pages, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_bad_tokens, set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
