/* SPDX-License-Identifier: Apache-2.0 */
/* Who a call is counted for. */
#include "api/throttle.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"

#define NOW INT64_C(1738659903123)

static str pool_id, client_id, other_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	struct house *house = *state;
	house->settings.quota = STR("UserAuthentication=2,UserPoolUpdate=1,UserRead=1000");
	house->settings.user_rate = 3;
	pool_id = house_pool(house, "{\"PoolName\":\"p\"}");
	other_pool_id = house_pool(house, "{\"PoolName\":\"p\"}");
	client_id = house_client(house, pool_id, "{\"ClientName\":\"c\"}");
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

struct input {
	str user_pool_id, client_id, username;
	struct str_map auth_parameters;
};

static const struct spec_type text_type = { .name = "TextType", .kind = SPEC_STRING, .size = sizeof(str) };
static const struct spec_type map_type = {
	.name = "MapType", .kind = SPEC_MAP, .size = sizeof(struct str_map), .key = &text_type, .element = &text_type,
};

static const struct spec_field fields[] = {
	{ .name = STR_INIT("UserPoolId"), .type = &text_type, .offset = offsetof(struct input, user_pool_id) },
	{ .name = STR_INIT("ClientId"), .type = &text_type, .offset = offsetof(struct input, client_id) },
	{ .name = STR_INIT("Username"), .type = &text_type, .offset = offsetof(struct input, username) },
	{ .name = STR_INIT("AuthParameters"), .type = &map_type, .offset = offsetof(struct input, auth_parameters) },
};

static const struct spec_type input_type = {
	.name = "Input", .kind = SPEC_STRUCTURE, .size = sizeof(struct input), .fields = fields,
	.field_count = ARRAY_LEN(fields),
};
static const struct spec_type nothing_type = {
	.name = "Nothing", .kind = SPEC_STRUCTURE, .fields = fields, .size = 1
};

static const struct spec_operation sign_in = { .category = CATEGORY_USER_AUTHENTICATION, .input = &input_type };
static const struct spec_operation read_user = { .category = CATEGORY_USER_READ, .input = &input_type };
static const struct spec_operation create_pool = { .category = CATEGORY_USER_POOL_UPDATE, .input = &nothing_type };
static const struct spec_operation unlimited = { .input = &input_type };

static int count_let_through(
	const struct house *house, const struct spec_operation *operation, const void *input, int tries)
{
	int let_through = 0;
	for (int i = 0; i < tries; i++) {
		struct request *request = house_request(house);
		bool passes = result_is_ok(throttle(request, operation, input));
		assert_int_equal(request->error, passes ? ERROR_NONE : ERROR_TOO_MANY_REQUESTS);
		let_through += passes;
		request_free(&request);
	}
	return let_through;
}

static void a_client_s_calls_count_for_its_pool(void **state)
{
	const struct input by_client = { .client_id = client_id }, by_pool = { .user_pool_id = pool_id };
	const struct input other = { .user_pool_id = other_pool_id };
	assert_int_equal(count_let_through(*state, &sign_in, &by_client, 1), 1);
	assert_int_equal(count_let_through(*state, &sign_in, &by_pool, 5), 1);
	assert_int_equal(count_let_through(*state, &sign_in, &by_client, 5), 0);
	assert_int_equal(count_let_through(*state, &sign_in, &other, 5), 2);
}

static void what_does_not_exist_is_for_the_operation_to_tell(void **state)
{
	const struct input no_pool = { .user_pool_id = STR("us-east-1_Nowhere00") };
	const struct input no_client = { .client_id = STR("x") };
	assert_int_equal(count_let_through(*state, &sign_in, &no_pool, 5), 5);
	assert_int_equal(count_let_through(*state, &sign_in, &no_client, 5), 5);
}

static void operations_without_a_pool_share_a_quota(void **state)
{
	assert_int_equal(count_let_through(*state, &create_pool, "", 5), 1);
}

static void operations_without_a_category_are_not_limited(void **state)
{
	const struct input by_pool = { .user_pool_id = pool_id, .username = STR("jean") };
	assert_int_equal(count_let_through(*state, &unlimited, &by_pool, 50), 50);
}

static void users_are_found_wherever_they_are_named(void **state)
{
	struct str_pair parameter = { STR("USERNAME"), STR("jane") };
	const struct input by_member = { .user_pool_id = pool_id, .username = STR("jane") };
	const struct input by_parameter = { .client_id = client_id, .auth_parameters = { &parameter, 1 } };
	const struct input john = { .user_pool_id = pool_id, .username = STR("john") };
	assert_int_equal(count_let_through(*state, &read_user, &by_member, 2), 2);
	assert_int_equal(count_let_through(*state, &read_user, &by_parameter, 2), 1);
	assert_int_equal(count_let_through(*state, &read_user, &john, 5), 3);
}

static void a_signed_in_user_s_calls_count_for_pool_and_user(void **state)
{
	struct request *request = house_request(*state);
	struct caller caller = { .user.username = STR("jill") };
	const struct input input = { .client_id = STR("x") };
	const struct input by_name = { .user_pool_id = pool_id, .username = STR("jill") };
	assert_ok(request, pool_find(request, pool_id, &caller.pool));
	request->caller = &caller;
	assert_ok(request, throttle(request, &read_user, &input));
	assert_int_equal(count_let_through(*state, &read_user, &by_name, 5), 2);
	assert_refused(request, throttle(request, &read_user, &input), ERROR_TOO_MANY_REQUESTS, "Rate exceeded");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_s_calls_count_for_its_pool),
		cmocka_unit_test(what_does_not_exist_is_for_the_operation_to_tell),
		cmocka_unit_test(operations_without_a_pool_share_a_quota),
		cmocka_unit_test(operations_without_a_category_are_not_limited),
		cmocka_unit_test(users_are_found_wherever_they_are_named),
		cmocka_unit_test(a_signed_in_user_s_calls_count_for_pool_and_user),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
