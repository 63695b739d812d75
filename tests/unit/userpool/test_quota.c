/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/quota.h"

#include "base/clock.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"
#include "userpool/quota_setting.h"

#define NOW	 INT64_C(1738659903123)
#define EXCEEDED "Rate exceeded"

static str pool_id, other_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	struct house *house = *state;
	house->settings.quota = STR("UserList=3,UserPoolRead=2");
	house->settings.user_rate = 2;
	pool_id = house_pool(house, "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	other_pool_id = house_pool(house, "{\"PoolName\":\"p\"}");
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static const struct user_pool *pool_of(struct request *request, str id)
{
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, id, &pool));
	return pool;
}

static void limits_categories_of_pools_by_themselves(void **state)
{
	struct request *request = house_request(*state);
	const struct user_pool *pool = pool_of(request, pool_id), *other = pool_of(request, other_pool_id);
	for (int i = 0; i < 3; i++)
		assert_ok(request, quota_take(request, pool, CATEGORY_USER_LIST));
	assert_refused(request, quota_take(request, pool, CATEGORY_USER_LIST), ERROR_TOO_MANY_REQUESTS, EXCEEDED);
	assert_ok(request, quota_take(request, other, CATEGORY_USER_LIST));
	for (int i = 0; i < 100; i++)
		assert_ok(request, quota_take(request, pool, CATEGORY_USER_READ));
	request_free(&request);
}

static void limits_what_is_about_no_pool(void **state)
{
	struct request *request = house_request(*state);
	assert_ok(request, quota_take(request, NULL, CATEGORY_USER_POOL_READ));
	assert_ok(request, quota_take(request, NULL, CATEGORY_USER_POOL_READ));
	assert_refused(
		request, quota_take(request, NULL, CATEGORY_USER_POOL_READ), ERROR_TOO_MANY_REQUESTS, EXCEEDED);
	assert_ok(request, quota_take(request, pool_of(request, pool_id), CATEGORY_USER_POOL_READ));
	request_free(&request);
}

static void limits_users_by_their_names(void **state)
{
	struct request *request = house_request(*state);
	const struct user_pool *pool = pool_of(request, pool_id), *other = pool_of(request, other_pool_id);
	assert_ok(request, quota_take_for_user(request, pool, STR("jane")));
	assert_ok(request, quota_take_for_user(request, pool, STR("JANE")));
	assert_refused(
		request, quota_take_for_user(request, pool, STR("Jane")), ERROR_TOO_MANY_REQUESTS, EXCEEDED);
	assert_ok(request, quota_take_for_user(request, pool, STR("john")));
	assert_ok(request, quota_take_for_user(request, other, STR("jane")));
	assert_ok(request, quota_take_for_user(request, other, STR("Jane")));
	request_free(&request);
}

static void without_a_rate_users_are_not_limited(void **state)
{
	struct house *house = *state;
	house->settings.user_rate = 0;
	struct request *request = house_request(house);
	for (int i = 0; i < 100; i++)
		assert_ok(request, quota_take_for_user(request, pool_of(request, pool_id), STR("jim")));
	request_free(&request);
	house->settings.user_rate = 2;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_categories_of_pools_by_themselves),
		cmocka_unit_test(limits_what_is_about_no_pool),
		cmocka_unit_test(limits_users_by_their_names),
		cmocka_unit_test(without_a_rate_users_are_not_limited),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
