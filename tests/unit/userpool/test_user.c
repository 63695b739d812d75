/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/confirmation_code.h"
#include "userpool/pool.h"
#include "userpool/sign_in.h"
#include "userpool/sign_in_name.h"

enum { NOW = 1000000000 };

#define UNKNOWN "User does not exist."

static str pool_id, other_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\"],"
				     "\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	return 0;
}

static const struct user_pool *find_pool(struct request *request, str id)
{
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, id, &pool));
	return pool;
}

/* --- Finding --- */

static void test_find(void **state)
{
	str sub = house_user(*state, pool_id, "Jane", "email=jane@example.com,email_verified=true");
	static const char *const names[] = { "Jane", "jane", "JANE", "jane@example.com", "Jane@EXAMPLE.com" };
	struct request *request = house_request(*state);
	const struct user_pool *pool = find_pool(request, pool_id);
	struct user user;
	bool found;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_ok(request, user_find(request, pool, str_of(names[i]), &user, &found));
		assert_case(found, names[i]);
		assert_str_equal(user.id, sub);
		assert_str_equal(user.username, STR("Jane"));
	}
	assert_ok(request, user_find(request, pool, sub, &user, &found));
	assert_true(found);
	assert_ok(request, user_get(request, pool, sub, &user));
	assert_ok(request, user_by_id(request, pool_id, sub, &user, &found));
	assert_true(found);
	assert_int_equal(user.status, USER_STATUS_TYPE_CONFIRMED);
	assert_true(user.is_enabled);
	assert_int_equal(user.tokens_valid_after, 0);
	request_free(&request);
}

static void test_find_nobody(void **state)
{
	str sub = house_user(*state, pool_id, "june", "email=june@example.com");
	const struct {
		str pool_id, name;
	} cases[] = {
		{ pool_id, STR("nobody") },
		{ pool_id, STR("") },
		{ pool_id, STR("june ") },
		{ pool_id, STR("june@example.com") }, /* not verified */
		{ pool_id, STR("00000000-0000-4000-8000-000000000000") },
		{ pool_id, str_slice(sub, 0, 35) },
		{ other_pool_id, STR("june") },
		{ other_pool_id, sub },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		const struct user_pool *pool = find_pool(request, cases[i].pool_id);
		struct user user;
		bool found;
		assert_ok(request, user_find(request, pool, cases[i].name, &user, &found));
		assert_false(found);
		assert_ok(request, user_by_id(request, cases[i].pool_id, cases[i].name, &user, &found));
		assert_false(found);
		assert_refused(request, user_get(request, pool, cases[i].name, &user), ERROR_USER_NOT_FOUND,
			UNKNOWN);
		request_free(&request);
	}
}

static void test_shown(void **state)
{
	str sub =
		house_user(*state, pool_id, "Shaun", "zoneinfo=Europe/Paris,email=s@example.com,name=Shaun");
	struct request *request = house_request(*state);
	struct user user = house_find_user(request, pool_id, "shaun");
	struct user_type shown = user_shown(request, &user);
	static const char *const names[] = { "sub", "email", "email_verified", "name", "zoneinfo" };
	assert_int_equal(shown.attributes.count, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_str_equal(shown.attributes.items[i].name, str_of(names[i]));
	assert_str_equal(shown.attributes.items[0].value, sub);
	assert_str_equal(shown.attributes.items[2].value, STR("false"));
	assert_str_equal(shown.username, STR("Shaun"));
	assert_int_equal(shown.user_status, USER_STATUS_TYPE_CONFIRMED);
	assert_true(shown.enabled.set && shown.enabled.value);
	assert_int_equal(shown.user_create_date.value, user.created_at);
	assert_int_equal(shown.user_last_modified_date.value, user.modified_at);
	assert_str_equal(user_attribute(&user, STR("name")), STR("Shaun"));
	assert_false(str_is_set(user_attribute(&user, STR("nickname"))));
	request_free(&request);
}

/* --- Inside of transactions --- */

struct change {
	const struct user_pool *pool;
	struct user user;
	struct name_claim claim;
	struct attribute_type_list attributes;
	struct password password;
	enum user_status_type status;
	bool is_unchanged;
};

static RESULT is_unchanged(struct request *request, void *context)
{
	struct change *change = context;
	return user_is_unchanged(request, &change->user, &change->is_unchanged);
}

static RESULT check_there(struct request *request, void *context)
{
	struct change *change = context;
	return user_check_there(request, &change->user);
}

static RESULT insert(struct request *request, void *context)
{
	struct change *change = context;
	return user_insert(request, change->pool, &change->user, &change->claim);
}

static RESULT set_attributes(struct request *request, void *context)
{
	struct change *change = context;
	return user_set_attributes(request, change->pool, &change->user, &change->attributes, &change->claim);
}

static RESULT set_password(struct request *request, void *context)
{
	struct change *change = context;
	return user_set_password(request, change->pool, &change->user, &change->password, change->status);
}

static RESULT confirm(struct request *request, void *context)
{
	struct change *change = context;
	return user_confirm(request, &change->user);
}

static struct change begin(struct request *request, const char *name)
{
	return (struct change){
		.pool = find_pool(request, pool_id),
		.user = house_find_user(request, pool_id, name),
		.claim = { .taken = ERROR_ALIAS_EXISTS },
	};
}

static const struct {
	const char *sql; /* what happens to the user */
	bool is_unchanged;
} events[] = {
	{ "UPDATE pool_user SET modified_at = 1 WHERE username = 'eve'", true },
	{ "UPDATE pool_user SET tokens_valid_after = 77 WHERE username = 'eve'", true },
	{ "UPDATE user_attribute SET value = 'Eva' WHERE value = 'Eve'", true },
	{ "UPDATE pool_user SET enabled = 0 WHERE username = 'eve'", false },
	{ "UPDATE pool_user SET status = 'RESET_REQUIRED' WHERE username = 'eve'", false },
	{ "UPDATE pool_user SET password_hash = 'other' WHERE username = 'eve'", false },
	{ "UPDATE pool_user SET password_hash = NULL WHERE username = 'eve'", false },
	{ "DELETE FROM pool_user WHERE username = 'eve'", false },
};

static void test_unchanged(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		house_user(*state, pool_id, "eve", "name=Eve");
		struct request *request = house_request(*state);
		struct change change = begin(request, "eve");
		house_execute(*state, events[i].sql);
		assert_ok(request, store_write(request, is_unchanged, &change));
		assert_case(change.is_unchanged == events[i].is_unchanged, events[i].sql);
		/* It has become what it is now, but for the attributes. */
		if (i == 1)
			assert_int_equal(change.user.tokens_valid_after, 77);
		assert_str_equal(user_attribute(&change.user, STR("name")), STR("Eve"));
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'eve'");
		house_execute(*state, "DELETE FROM sign_in_name WHERE name_key = 'eve'");
		request_free(&request);
	}
}

static int64_t count_users(struct request *request, str in_pool)
{
	struct user_pool_type described;
	assert_ok(request, pool_describe(request, in_pool, &described));
	return described.estimated_number_of_users.value;
}

static void test_insert_and_delete_are_counted(void **state)
{
	str id = house_pool(*state, "{\"PoolName\":\"p\"}");
	struct request *request = house_request(*state);
	assert_int_equal(count_users(request, id), 0);
	str first = house_user(*state, id, "a", "");
	house_user(*state, id, "b", "");
	assert_int_equal(count_users(request, id), 2);
	assert_ok(request, user_delete(request, find_pool(request, id), STR("b")));
	assert_ok(request, user_delete(request, find_pool(request, id), first));
	assert_int_equal(count_users(request, id), 0);
	assert_refused(request, user_delete(request, find_pool(request, id), STR("a")), ERROR_USER_NOT_FOUND,
		UNKNOWN);
	assert_int_equal(count_users(request, id), 0);
	request_free(&request);
}

static void test_insert_into_a_pool_that_is_gone(void **state)
{
	str id = house_pool(*state, "{\"PoolName\":\"p\"}");
	struct request *request = house_request(*state), *other = house_request(*state);
	struct change change = {
		.pool = find_pool(request, id),
		.user = { .id = STR("1"),
			.pool_id = id,
			.username = STR("x"),
			.status = USER_STATUS_TYPE_CONFIRMED },
	};
	assert_ok(other, pool_delete(other, id));
	str message = arena_printf(request->arena, "User pool %.*s does not exist.", STR_ARG(id));
	assert_refused(
		request, store_write(request, insert, &change), ERROR_RESOURCE_NOT_FOUND, message.data);
	request_free(&other);
	request_free(&request);
}

static void test_set_attributes(void **state)
{
	house_user(*state, pool_id, "anna", "name=Anna,nickname=Ann");
	struct request *request = house_request_at(*state, NOW);
	struct change change = begin(request, "anna");
	change.attributes = house_attributes(request, "nickname=,name=Annabel,locale=fr");
	assert_ok(request, store_write(request, set_attributes, &change));
	struct user user = house_find_user(request, pool_id, "anna");
	for (int i = 0; i < 2; i++) {
		/* What the caller holds is what was stored. */
		const struct user *seen = i ? &change.user : &user;
		assert_int_equal(seen->attributes.count, 2);
		assert_str_equal(user_attribute(seen, STR("locale")), STR("fr"));
		assert_str_equal(user_attribute(seen, STR("name")), STR("Annabel"));
		assert_int_equal(seen->modified_at, NOW);
	}
	request_free(&request);
}

static void test_set_password(void **state)
{
	house_user(*state, pool_id, "paul", "");
	struct request *request = house_request_at(*state, NOW);
	struct change change = begin(request, "paul");
	assert_ok(request, password_make(request, change.pool, change.user.id, change.user.username,
				   STR("other"), &change.password));
	change.status = USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD;
	assert_ok(request, store_write(request, set_password, &change));
	struct user user = house_find_user(request, pool_id, "paul");
	for (int i = 0; i < 2; i++) {
		const struct user *seen = i ? &change.user : &user;
		assert_str_equal(seen->password.phc, change.password.phc);
		assert_str_equal(seen->password.srp_salt, change.password.srp_salt);
		assert_str_equal(seen->password.sealed_srp_verifier, change.password.sealed_srp_verifier);
		assert_int_equal(seen->password.set_at, NOW);
		assert_int_equal(seen->status, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD);
		assert_int_equal(seen->modified_at, NOW);
	}
	request_free(&request);
}

static RESULT set_mfa(struct request *request, void *context)
{
	struct change *change = context;
	return user_set_mfa(request, &change->user, STR("SMS_MFA SOFTWARE_TOKEN_MFA"), STR("SMS_MFA"));
}

static RESULT clear_mfa(struct request *request, void *context)
{
	struct change *change = context;
	TRY(user_set_mfa(request, &change->user, STR_NONE, STR_NONE));
	return user_set_has_software_token(request, &change->user, false);
}

static RESULT set_has_software_token(struct request *request, void *context)
{
	struct change *change = context;
	return user_set_has_software_token(request, &change->user, true);
}

static void assert_mfa(const struct user *user, str factors, str preferred, bool has_software_token)
{
	assert_str_equal(user->mfa.factors, factors);
	assert_str_equal(user->mfa.preferred, preferred);
	assert_int_equal(user->mfa.has_software_token, has_software_token);
	assert_int_equal(user->modified_at, NOW);
}

static void test_set_mfa(void **state)
{
	static const struct {
		store_write_function *write;
		str factors, preferred;
		bool has_software_token;
	} steps[] = {
		{ set_has_software_token, { NULL, 0 }, { NULL, 0 }, true },
		{ set_mfa, STR_INIT("SMS_MFA SOFTWARE_TOKEN_MFA"), STR_INIT("SMS_MFA"), true },
		{ clear_mfa, { NULL, 0 }, { NULL, 0 }, false },
	};
	house_user(*state, pool_id, "mia", "");
	struct request *request = house_request_at(*state, NOW);
	struct change change = begin(request, "mia");
	assert_false(str_is_set(change.user.mfa.factors) || change.user.mfa.has_software_token);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		assert_ok(request, store_write(request, steps[i].write, &change));
		struct user user = house_find_user(request, pool_id, "mia");
		assert_mfa(&user, steps[i].factors, steps[i].preferred, steps[i].has_software_token);
		assert_mfa(&change.user, steps[i].factors, steps[i].preferred, steps[i].has_software_token);
	}
	assert_false(str_is_set(change.user.mfa.factors));
	request_free(&request);
}

static void test_confirm(void **state)
{
	static const struct {
		const char *sql, *message;
	} cases[] = {
		{ "UPDATE pool_user SET status = 'UNCONFIRMED' WHERE username = 'cora'", NULL },
		{ "UPDATE pool_user SET status = 'CONFIRMED' WHERE username = 'cora'",
			"User cannot be confirmed. Current status is CONFIRMED" },
		{ "UPDATE pool_user SET status = 'FORCE_CHANGE_PASSWORD' WHERE username = 'cora'",
			"User cannot be confirmed. Current status is FORCE_CHANGE_PASSWORD" },
	};
	house_user(*state, pool_id, "cora", "");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct change change = begin(request, "cora");
		/* Whatever it was when it was read. */
		change.user.status = USER_STATUS_TYPE_UNCONFIRMED;
		house_execute(*state, cases[i].sql);
		if (cases[i].message)
			assert_refused(request, store_write(request, confirm, &change), ERROR_NOT_AUTHORIZED,
				cases[i].message);
		else
			assert_ok(request, store_write(request, confirm, &change));
		request_free(&request);
	}
}

static void test_user_that_is_gone(void **state)
{
	static store_write_function *const writes[] = { check_there, set_attributes, set_password, confirm,
		set_mfa, set_has_software_token };
	house_user(*state, pool_id, "gone", "");
	struct request *request = house_request(*state);
	struct change change = begin(request, "gone");
	change.status = USER_STATUS_TYPE_CONFIRMED;
	assert_ok(request, store_write(request, check_there, &change));
	assert_ok(request, user_delete(request, change.pool, STR("gone")));
	for (size_t i = 0; i < ARRAY_LEN(writes); i++)
		assert_refused(
			request, store_write(request, writes[i], &change), ERROR_USER_NOT_FOUND, UNKNOWN);
	request_free(&request);
}

/* --- What goes with a user --- */

static RESULT leave_traces(struct request *request, void *context)
{
	struct change *change = context;
	struct sign_in sign_in = { .id = STR("sign-in"), .user_id = change->user.id, .client_id = STR("c") };
	const struct user_address address = user_message_address_of(STR("email"), STR("dora@example.com"));
	str code;
	TRY(sign_in_insert(request, &sign_in, &change->user, STR("token")));
	return confirmation_code_make(request, &change->user, CODE_SIGN_UP, &address, &code);
}

static void test_delete_takes_all_along(void **state)
{
	str sub = house_user(*state, pool_id, "dora", "email=dora@example.com,email_verified=true");
	struct request *request = house_request(*state);
	struct change change = begin(request, "dora");
	struct store_user_attributes_row *attributes;
	struct sign_in sign_in;
	struct user user;
	size_t count;
	bool found;
	assert_ok(request, store_write(request, leave_traces, &change));
	assert_ok(request, user_delete(request, change.pool, STR("dora@example.com")));
	assert_ok(request, user_find(request, change.pool, STR("dora"), &user, &found));
	assert_false(found);
	assert_ok(request, user_find(request, change.pool, STR("dora@example.com"), &user, &found));
	assert_false(found);
	assert_ok(request, sign_in_by_id(request, STR("sign-in"), &sign_in, &found));
	assert_false(found);
	assert_ok(
		request, store_user_attributes(request, &(struct store_user_attributes_in){ .user_id = sub },
				 &attributes, &count));
	assert_int_equal(count, 0);
	/* The names are free again, for somebody else. */
	assert_false(str_equal(
		house_user(*state, pool_id, "dora", "email=dora@example.com,email_verified=true"), sub));
	request_free(&request);
}

/* --- Signing out --- */

static void test_sign_out(void **state)
{
	static const struct {
		int64_t now, valid_after;
	} steps[] = {
		{ NOW, NOW + 1 },
		{ NOW, NOW + 2 }, /* in the same millisecond */
		{ NOW - 1, NOW + 3 }, /* the clock was set back */
		{ NOW + 10, NOW + 11 },
	};
	str sub = house_user(*state, pool_id, "olga", "");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct request *request = house_request_at(*state, steps[i].now);
		assert_ok(request, user_sign_out(request, sub));
		assert_int_equal(
			house_find_user(request, pool_id, "olga").tokens_valid_after, steps[i].valid_after);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_nobody),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_unchanged),
		cmocka_unit_test(test_insert_and_delete_are_counted),
		cmocka_unit_test(test_insert_into_a_pool_that_is_gone),
		cmocka_unit_test(test_set_attributes),
		cmocka_unit_test(test_set_password),
		cmocka_unit_test(test_set_mfa),
		cmocka_unit_test(test_confirm),
		cmocka_unit_test(test_user_that_is_gone),
		cmocka_unit_test(test_delete_takes_all_along),
		cmocka_unit_test(test_sign_out),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
