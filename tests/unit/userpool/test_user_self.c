/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_self.h"

#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"

static str pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Schema\":["
		"{\"Name\":\"rank\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":true}]}");
	house_user(*state, pool_id, "jane", "email=jane@example.com,nickname=Jay,dev:custom:rank=1");
	return 0;
}

/* The user as the caller of a request, without a token. */
static struct caller call(struct request *request, str client_id)
{
	struct caller caller = { .user = house_find_user(request, pool_id, "jane") };
	assert_ok(request, client_find_with_pool(request, client_id, &caller.client, &caller.pool));
	caller.user.attributes = (struct attribute_type_list){ .count = 0 };
	return caller;
}

static const struct {
	const char *settings;
	const char *names[6];
} readings[] = {
	{ "", { "sub", "email", "email_verified", "nickname" } },
	{ ",\"ReadAttributes\":[\"nickname\"]", { "sub", "nickname" } },
	{ ",\"ReadAttributes\":[\"email_verified\",\"name\"]", { "sub", "email_verified" } },
	{ ",\"ReadAttributes\":[\"dev:custom:rank\"]", { "sub", "dev:custom:rank" } },
};

static void test_get(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
		struct request *request = house_request(*state);
		struct get_user_response shown = { .username = STR_NONE };
		str json = arena_printf(request->arena, "{\"ClientName\":\"c\"%s}", readings[i].settings);
		struct caller caller = call(request, house_client(*state, pool_id, json.data));
		size_t count = 0;
		request->caller = &caller;
		assert_ok(request, user_self_get(request, &shown));
		assert_str_equal(shown.username, STR("jane"));
		for (; readings[i].names[count]; count++)
			assert_str_equal(
				shown.user_attributes.items[count].name, str_of(readings[i].names[count]));
		assert_int_equal(shown.user_attributes.count, count);
		assert_str_equal(shown.user_attributes.items[0].value, caller.user.id);
		request_free(&request);
	}
}

static void test_sign_out(void **state)
{
	struct request *request = house_request(*state);
	struct caller caller = call(request, house_client(*state, pool_id, "{\"ClientName\":\"c\"}"));
	request->caller = &caller;
	assert_ok(request, user_self_sign_out(request));
	assert_int_equal(house_find_user(request, pool_id, "jane").tokens_valid_after, request->now + 1);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_sign_out),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
