/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/quota_setting.h"

#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

#define NO_POOL "User pool us-east-1_Nowhere00 does not exist."

static str pool_id, other_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	struct house *house = *state;
	house->settings.quota = STR("UserList=3,UserRead=4");
	pool_id = house_pool(house, "{\"PoolName\":\"p\"}");
	other_pool_id = house_pool(house, "{\"PoolName\":\"p\"}");
	return 0;
}

static void the_api_has_the_categories_of_the_table(void **state)
{
	(void)state;
	assert_int_equal(spec_type_quota_category_type.value_count, CATEGORY_COUNT - 1);
	for (enum category category = CATEGORY_NONE + 1; category < CATEGORY_COUNT; category++)
		assert_str_equal(
			spec_enum_text(&spec_type_quota_category_type, (int)category), category_name(category));
}

static int64_t rate_in(const struct house *house, str id, enum category category)
{
	struct request *request = house_request(house);
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, id, &pool));
	int64_t rate = pool->rates.of[category];
	request_free(&request);
	return rate;
}

static const struct user_pool_quota_type *own_quota(
	struct request *request, str id, enum quota_category_type category)
{
	struct user_pool_quota_type_list quotas = { .count = 0 };
	assert_ok(request, quota_setting_list(request, id, &quotas));
	assert_int_equal(quotas.count, CATEGORY_COUNT - 1);
	for (size_t i = 0; i < quotas.count; i++)
		if (quotas.items[i].category == category)
			return &quotas.items[i];
	fail();
	return NULL;
}

static void a_pool_s_own_rate_counts_before_all_others(void **state)
{
	struct request *request = house_request(*state);
	const enum quota_category_type list = QUOTA_CATEGORY_TYPE_USER_LIST;
	assert_int_equal(rate_in(*state, pool_id, CATEGORY_USER_LIST), 3);
	assert_ok(request, quota_setting_set_own(request, pool_id, list, 50));
	assert_ok(request, quota_setting_set_own(request, pool_id, list, 5));
	assert_int_equal(rate_in(*state, pool_id, CATEGORY_USER_LIST), 5);
	assert_int_equal(rate_in(*state, other_pool_id, CATEGORY_USER_LIST), 3);
	assert_true(own_quota(request, pool_id, list)->is_own.value);
	assert_int_equal(own_quota(request, pool_id, list)->rate.value, 5);
	assert_int_equal(own_quota(request, pool_id, list)->usual_rate.value, 30);
	assert_false(own_quota(request, other_pool_id, list)->is_own.value);
	assert_ok(request, quota_setting_set_own(request, pool_id, list, 0));
	assert_int_equal(rate_in(*state, pool_id, CATEGORY_USER_LIST), 0);
	assert_ok(request, quota_setting_delete_own(request, pool_id, list));
	assert_ok(request, quota_setting_delete_own(request, pool_id, list));
	assert_int_equal(rate_in(*state, pool_id, CATEGORY_USER_LIST), 3);
	request_free(&request);
}

static struct limit_definition_type definition_of(struct request *request, const char *attributes)
{
	return (struct limit_definition_type){
		.limit_class = LIMIT_CLASS_API_CATEGORY,
		.attributes = house_map(request, attributes),
	};
}

static void what_is_said_of_all_pools_counts_before_the_options(void **state)
{
	struct request *request = house_request(*state);
	struct limit_definition_type read = definition_of(request, "Category=UserRead");
	struct limit_type *limit;
	assert_ok(request, quota_setting_describe(request, &read, &limit));
	assert_int_equal(limit->provisioned_limit_value.value, 4);
	assert_int_equal(limit->free_limit_value.value, 120);
	assert_ok(request, quota_setting_set_own(request, other_pool_id, QUOTA_CATEGORY_TYPE_USER_READ, 6));
	assert_ok(request, quota_setting_update(request, &read, 9, &limit));
	assert_int_equal(limit->provisioned_limit_value.value, 9);
	assert_str_equal(limit->limit_definition->attributes.items[0].value, STR("UserRead"));
	assert_int_equal(rate_in(*state, pool_id, CATEGORY_USER_READ), 9);
	assert_int_equal(rate_in(*state, other_pool_id, CATEGORY_USER_READ), 6);
	assert_ok(request, quota_setting_update(request, &read, 0, &limit));
	assert_int_equal(rate_in(*state, pool_id, CATEGORY_USER_READ), 0);
	request_free(&request);
}

static void refuses_limits_that_there_are_not(void **state)
{
	static const char *const attributes[] = { "", "Category=", "Category=UserReads", "category=UserRead",
		"Category=UserRead,UserPoolId=us-east-1_x", "UserPoolId=us-east-1_x" };
	struct request *request = house_request(*state);
	struct limit_definition_type read = definition_of(request, "Category=UserRead");
	struct limit_type *limit;
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
		struct limit_definition_type definition = definition_of(request, attributes[i]);
		assert_refused(request, quota_setting_describe(request, &definition, &limit), ERROR_INVALID_PARAMETER,
			"The attributes must be those of a known limit: Category and its name.");
	}
	assert_refused(request, quota_setting_update(request, &read, -1, &limit), ERROR_INVALID_PARAMETER,
		"The requested limit value cannot be negative.");
	assert_refused(request, quota_setting_update(request, &read, 1000001, &limit), ERROR_SERVICE_QUOTA_EXCEEDED,
		"The requested limit value cannot be greater than 1000000.");
	request_free(&request);
}

static void refuses_pools_that_there_are_not(void **state)
{
	struct request *request = house_request(*state);
	const enum quota_category_type list = QUOTA_CATEGORY_TYPE_USER_LIST;
	struct user_pool_quota_type_list quotas;
	str nowhere = STR("us-east-1_Nowhere00");
	assert_refused(
		request, quota_setting_list(request, nowhere, &quotas), ERROR_RESOURCE_NOT_FOUND, NO_POOL);
	assert_refused(
		request, quota_setting_set_own(request, nowhere, list, 1), ERROR_RESOURCE_NOT_FOUND, NO_POOL);
	assert_refused(
		request, quota_setting_delete_own(request, nowhere, list), ERROR_RESOURCE_NOT_FOUND, NO_POOL);
	request_free(&request);
}

static void goes_with_its_pool(void **state)
{
	struct request *request = house_request(*state);
	str id = house_pool(*state, "{\"PoolName\":\"p\"}");
	assert_ok(request, quota_setting_set_own(request, id, QUOTA_CATEGORY_TYPE_USER_LIST, 1));
	int before = house_count(*state, "user_pool_quota");
	assert_ok(request, pool_delete(request, id));
	assert_int_equal(house_count(*state, "user_pool_quota"), before - 1);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_api_has_the_categories_of_the_table),
		cmocka_unit_test(a_pool_s_own_rate_counts_before_all_others),
		cmocka_unit_test(what_is_said_of_all_pools_counts_before_the_options),
		cmocka_unit_test(refuses_limits_that_there_are_not),
		cmocka_unit_test(refuses_pools_that_there_are_not),
		cmocka_unit_test(goes_with_its_pool),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
