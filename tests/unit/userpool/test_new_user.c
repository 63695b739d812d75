/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/new_user.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

enum { PLAIN, EMAIL, BOTH, ALIASES, POOLS };

static const char *const pool_settings[POOLS] = {
	[PLAIN] = "{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"team\",\"AttributeDataType\":\"String\"}]}",
	[EMAIL] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"]}",
	[BOTH] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\",\"phone_number\"]}",
	[ALIASES] = "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\"]}",
};

static str pool_ids[POOLS];

static int set_up(void **state)
{
	house_set_up(state);
	for (size_t i = 0; i < POOLS; i++)
		pool_ids[i] = house_pool(*state, pool_settings[i]);
	return 0;
}

static const struct {
	size_t pool;
	const char *name, *given;
	const char *attributes; /* that come of it; NULL: refused */
	const char *called, *message;
} users[] = {
	{ PLAIN, "jane", "", "", "jane", NULL },
	{ PLAIN, "jane@example.com", "", "", "jane@example.com", NULL },
	{ PLAIN, "jane", "name=Jane,email=,custom:team=", "name=Jane", "jane", NULL },
	{ PLAIN, "jane", "email=j@example.com", "email=j@example.com,email_verified=false", "jane", NULL },
	{ PLAIN, "jane", "phone_number=+15550100", "phone_number=+15550100,phone_number_verified=false",
		"jane", NULL },
	{ PLAIN, "jane", "email=j@example.com,email_verified=true", "email=j@example.com,email_verified=true",
		"jane", NULL },
	{ PLAIN, "jane", "email=j@example.com,email_verified=", "email=j@example.com,email_verified=false",
		"jane", NULL },
	{ EMAIL, "j@example.com", "", "email=j@example.com,email_verified=false", "j@example.com", NULL },
	{ EMAIL, "j@example.com", "email=j@example.com,email_verified=true",
		"email=j@example.com,email_verified=true", "j@example.com", NULL },
	{ EMAIL, "j@example.com", "email=", "email=j@example.com,email_verified=false", "j@example.com",
		NULL },
	{ BOTH, "+15550100", "email=j@example.com",
		"email=j@example.com,email_verified=false,phone_number=+15550100,phone_number_verified=false",
		"+15550100", NULL },
	{ ALIASES, "jane", "email=j@example.com", "email=j@example.com,email_verified=false", "jane", NULL },

	{ PLAIN, "jane", "sub=1", NULL, NULL, "Cannot modify the non-mutable attribute sub" },
	{ PLAIN, "jane", "shoe=1", NULL, NULL,
		"Attributes did not conform to the schema: shoe: Attribute does not exist in the schema.\n" },
	{ PLAIN, "jane", "email=j", NULL, NULL, "Invalid email address format." },
	{ EMAIL, "jane", "email=j@example.com", NULL, NULL, "Username should be an email." },
	{ EMAIL, "j@example.com", "email=k@example.com", NULL, NULL,
		"Username and the attribute email must be the same." },
	{ EMAIL, "j@example.com", "email=J@example.com", NULL, NULL,
		"Username and the attribute email must be the same." },
	{ BOTH, "+15550100", "phone_number=+15550101", NULL, NULL,
		"Username and the attribute phone_number must be the same." },
	{ ALIASES, "j@example.com", "", NULL, NULL,
		"Username cannot be of email format, since user pool is configured for email alias." },
};

static str text_of(struct request *request, const struct attribute_type_list *list)
{
	struct buf text = buf_new(request->arena, 4096);
	for (size_t i = 0; i < list->count; i++)
		buf_printf(&text, "%s%.*s=%.*s", i ? "," : "", STR_ARG(list->items[i].name),
			STR_ARG(list->items[i].value));
	return buf_str(&text);
}

static void check_user(struct request *request, size_t row, const struct user *user, str name_attribute)
{
	assert_int_equal(user->id.len, 36);
	assert_str_equal(user->pool_id, pool_ids[users[row].pool]);
	assert_str_equal(user->username, str_is_set(name_attribute) ? user->id : str_of(users[row].name));
	assert_str_equal(text_of(request, &user->attributes), str_of(users[row].attributes));
	assert_str_equal(new_user_called(user, name_attribute), str_of(users[row].called));
	assert_true(user->is_enabled);
	assert_false(str_is_set(user->password.phc));
	assert_int_equal(user->created_at, request->now);
	assert_int_equal(user->modified_at, request->now);
}

static void test_prepare(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		struct request *request = house_request(*state);
		struct attribute_type_list given = house_attributes(request, users[i].given);
		const struct user_pool *pool;
		struct user user;
		str attribute;
		assert_ok(request, pool_find(request, pool_ids[users[i].pool], &pool));
		if (users[i].message) {
			assert_refused(request,
				new_user_prepare(
					request, pool, str_of(users[i].name), &given, &user, &attribute),
				ERROR_INVALID_PARAMETER, users[i].message);
		} else {
			assert_ok(request, new_user_prepare(request, pool, str_of(users[i].name), &given,
						   &user, &attribute));
			check_user(request, i, &user, attribute);
		}
		request_free(&request);
	}
}

static void test_ids_differ(void **state)
{
	struct request *request = house_request(*state);
	const struct attribute_type_list nothing = { .count = 0 };
	const struct user_pool *pool;
	struct user one, other;
	str attribute;
	assert_ok(request, pool_find(request, pool_ids[PLAIN], &pool));
	assert_ok(request, new_user_prepare(request, pool, STR("jane"), &nothing, &one, &attribute));
	assert_ok(request, new_user_prepare(request, pool, STR("jane"), &nothing, &other, &attribute));
	assert_false(str_equal(one.id, other.id));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prepare),
		cmocka_unit_test(test_ids_differ),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
