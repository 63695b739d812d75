/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool_tag.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/pool.h"

#define RESERVED "Tag keys that begin with aws: are reserved."
#define TOO_MANY "A user pool can have at most 50 tags."
#define NO_ARN   "The resource ARN is not that of a user pool."

static str pool_id, arn;

static int set_up(void **state)
{
	house_set_up(state);
	const struct house *house = *state;
	pool_id = house_pool(house,
		"{\"PoolName\":\"p\",\"UserPoolTags\":{\"stage\":\"test\",\"empty\":\"\"},"
		"\"DeletionProtection\":\"INACTIVE\",\"AutoVerifiedAttributes\":[\"email\"]}");
	arn = arena_printf(
		house->arena, "arn:aws:cognito-idp:us-east-1:123456789012:userpool/%.*s", STR_ARG(pool_id));
	return 0;
}

static RESULT add(struct request *request, const char *tags)
{
	struct str_map map = house_map(request, tags);
	return pool_tag_add(request, arn, &map);
}

static RESULT take(struct request *request, const char *keys)
{
	struct str_list list = { ARENA_ARRAY(request->arena, str, strlen(keys)), 0 };
	str rest = *keys ? str_of(keys) : STR_NONE;
	while (str_is_set(rest))
		list.items[list.count++] = str_split(&rest, ',');
	return pool_tag_remove(request, arn, &list);
}

static str joined(struct request *request, const struct str_map *tags)
{
	struct buf text = buf_new(request->arena, 16 * 1024);
	for (size_t i = 0; i < tags->count; i++)
		buf_printf(&text, "%s%.*s=%.*s", i ? "," : "", STR_ARG(tags->items[i].name),
			STR_ARG(tags->items[i].value));
	return buf_str(&text);
}

/* The list, and what the pool shows. */
static void check_tags(const struct house *house, const char *wanted)
{
	struct request *request = house_request(house);
	struct user_pool_type described;
	struct str_map tags;
	assert_ok(request, pool_tag_list(request, arn, &tags));
	assert_str_equal(joined(request, &tags), str_of(wanted));
	assert_ok(request, pool_describe(request, pool_id, &described));
	assert_str_equal(joined(request, &described.user_pool_tags), str_of(wanted));
	request_free(&request);
}

/* --- Changing --- */

static void test_add_and_remove(void **state)
{
	struct request *request = house_request(*state);
	check_tags(*state, "stage=test,empty=");
	assert_ok(request, add(request, "team=identity,stage=live"));
	check_tags(*state, "stage=live,empty=,team=identity");
	assert_ok(request, add(request, "Stage=other"));
	check_tags(*state, "stage=live,empty=,team=identity,Stage=other");
	assert_ok(request, take(request, "empty,nothing,Stage"));
	check_tags(*state, "stage=live,team=identity");
	assert_ok(request, add(request, ""));
	assert_ok(request, take(request, ""));
	check_tags(*state, "stage=live,team=identity");
	assert_ok(request, take(request, "team,stage"));
	check_tags(*state, "");
	request_free(&request);
}

static void test_all_else_stays(void **state)
{
	struct request *request = house_request(*state);
	const struct user_pool *before, *after;
	assert_ok(request, pool_find(request, pool_id, &before));
	request->now = before->settings.creation_date.value + 1000;
	assert_ok(request, take(request, "empty"));
	assert_ok(request, pool_find(request, pool_id, &after));
	assert_int_equal(after->version, before->version + 1);
	assert_int_equal(after->settings.last_modified_date.value, request->now);
	struct user_pool_type settings = after->settings;
	settings.user_pool_tags = before->settings.user_pool_tags;
	settings.last_modified_date = before->settings.last_modified_date;
	assert_str_equal(house_render(request, &spec_type_user_pool_type, &settings),
		house_render(request, &spec_type_user_pool_type, &before->settings));
	request_free(&request);
}

static void test_update_user_pool(void **state)
{
	struct request *request = house_request(*state);
	struct update_user_pool_request change = { .user_pool_id = pool_id };
	assert_ok(request, add(request, "team=identity"));
	assert_ok(request, pool_update(request, &change));
	check_tags(*state, "stage=test,empty=,team=identity");
	change.user_pool_tags = house_map(request, "only=one");
	assert_ok(request, pool_update(request, &change));
	check_tags(*state, "only=one");
	request_free(&request);
}

/* --- Limits --- */

static void test_reserved_keys(void **state)
{
	static const char *const tags[] = { "aws:x=y", "AWS:x=y", "Aws:=y", "ok=1,aws:x=y" };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		assert_refused(request, add(request, tags[i]), ERROR_INVALID_PARAMETER, RESERVED);
	assert_ok(request, add(request, "aws=1,awsx:y=2,x-aws:=3,v=aws:x"));
	check_tags(*state, "stage=test,empty=,aws=1,awsx:y=2,x-aws:=3,v=aws:x");
	request_free(&request);
}

static const char *many(struct request *request, int from, int count)
{
	struct buf text = buf_new(request->arena, 4096);
	for (int i = from; i < from + count; i++)
		buf_printf(&text, "%skey-%d=v", i > from ? "," : "", i);
	return arena_copy(request->arena, buf_str(&text)).data;
}

static void test_limit(void **state)
{
	struct request *request = house_request(*state);
	assert_refused(request, add(request, many(request, 0, 49)), ERROR_INVALID_PARAMETER, TOO_MANY);
	check_tags(*state, "stage=test,empty=");
	assert_ok(request, add(request, many(request, 0, 48)));
	assert_refused(request, add(request, "one=more"), ERROR_INVALID_PARAMETER, TOO_MANY);
	/* What is there may get another value. */
	assert_ok(request, add(request, "key-0=w,stage=live"));
	assert_ok(request, take(request, "empty"));
	assert_ok(request, add(request, "one=more"));
	request_free(&request);
}

/* --- Which pool --- */

static void test_arns(void **state)
{
	struct request *request = house_request(*state);
	const struct {
		const char *arn, *message;
		enum error_code code;
	} cases[] = {
		{ "", NO_ARN, ERROR_INVALID_PARAMETER },
		{ pool_id.data, NO_ARN, ERROR_INVALID_PARAMETER },
		{ "arn:aws:cognito-idp:us-east-1:123456789012", NO_ARN, ERROR_INVALID_PARAMETER },
		{ "arn:aws:cognito-idp:us-east-1:123456789012:", NO_ARN, ERROR_INVALID_PARAMETER },
		{ "arn:aws:cognito-idp:us-east-1:123456789012:userpools/x_y", NO_ARN,
			ERROR_INVALID_PARAMETER },
		{ "arn:aws:cognito-identity:us-east-1:123456789012:userpool/x_y", NO_ARN,
			ERROR_INVALID_PARAMETER },
		{ "arn:aws:iam::123456789012:role/userpool/x_y", NO_ARN, ERROR_INVALID_PARAMETER },
		{ "arn:aws:cognito-idp:us-east-1:123456789012:userpool/", "User pool  does not exist.",
			ERROR_RESOURCE_NOT_FOUND },
		{ "arn:aws:cognito-idp:us-east-1:123456789012:userpool/x_y", "User pool x_y does not exist.",
			ERROR_RESOURCE_NOT_FOUND },
	};
	struct str_map tags;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_refused(request, pool_tag_list(request, str_of(cases[i].arn), &tags), cases[i].code,
			cases[i].message);
	request_free(&request);
}

/* Permission is asked for the ARN as it was given: what it names must be the pool and nothing else. */
static void test_arns_of_elsewhere(void **state)
{
	static const char *const begins[] = {
		"arn:aws:cognito-idp:us-west-2:123456789012:",
		"arn:aws:cognito-idp:us-east-1:210987654321:",
		"arn:aws-cn:cognito-idp:us-east-1:123456789012:",
		"xrn:aws:cognito-idp:us-east-1:123456789012:",
	};
	struct request *request = house_request(*state);
	str message = arena_printf(request->arena, "User pool %.*s does not exist.", STR_ARG(pool_id));
	struct str_map tags = house_map(request, "a=b");
	struct str_list keys = { &tags.items[0].name, 1 };
	for (size_t i = 0; i < ARRAY_LEN(begins); i++) {
		str other = arena_printf(request->arena, "%suserpool/%.*s", begins[i], STR_ARG(pool_id));
		assert_refused(request, pool_tag_list(request, other, &tags), ERROR_RESOURCE_NOT_FOUND,
			message.data);
		assert_refused(
			request, pool_tag_add(request, other, &tags), ERROR_RESOURCE_NOT_FOUND, message.data);
		assert_refused(request, pool_tag_remove(request, other, &keys), ERROR_RESOURCE_NOT_FOUND,
			message.data);
	}
	check_tags(*state, "stage=test,empty=");
	request_free(&request);
}

/* --- Others at the same time --- */

static void tag(const void *context)
{
	struct request *request = house_request(context);
	assert_ok(request, add(request, "other=1"));
	assert_ok(request, take(request, "empty"));
	request_free(&request);
}

static void delete_pool(const void *context)
{
	struct request *request = house_request(context);
	assert_ok(request, pool_delete(request, pool_id));
	request_free(&request);
}

static void test_nothing_is_lost_that_others_change(void **state)
{
	struct request *request = house_request(*state);
	interruption_set(tag, *state);
	assert_ok(request, add(request, "mine=1"));
	check_tags(*state, "stage=test,other=1,mine=1");
	interruption_set(tag, *state);
	assert_ok(request, take(request, "mine,other"));
	check_tags(*state, "stage=test");
	request_free(&request);
}

static void test_an_update_at_the_same_time(void **state)
{
	struct request *request = house_request(*state);
	struct update_user_pool_request change = { .user_pool_id = pool_id };
	interruption_set(tag, *state);
	assert_refused(request, pool_update(request, &change), ERROR_CONCURRENT_MODIFICATION,
		"The user pool was changed by another request.");
	check_tags(*state, "stage=test,other=1");
	request_free(&request);
}

static void test_the_pool_goes_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	str message = arena_printf(request->arena, "User pool %.*s does not exist.", STR_ARG(pool_id));
	interruption_set(delete_pool, *state);
	assert_refused(request, add(request, "a=b"), ERROR_RESOURCE_NOT_FOUND, message.data);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_add_and_remove, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_all_else_stays, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_update_user_pool, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_reserved_keys, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_limit, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_arns, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_arns_of_elsewhere, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(
			test_nothing_is_lost_that_others_change, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_an_update_at_the_same_time, set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_the_pool_goes_meanwhile, set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
