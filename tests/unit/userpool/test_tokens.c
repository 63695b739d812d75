/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/tokens.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/jsontree.h"
#include "crypto/token.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/client.h"
#include "userpool/group.h"
#include "userpool/membership.h"
#include "userpool/pool.h"
#include "userpool/pool_key.h"
#include "userpool/sign_in.h"
#include "userpool/sign_in_name.h"

/* When the tokens are issued, and when their user signed in. */
#define NOW       INT64_C(1738659903987)
#define AUTH_TIME INT64_C(1738600000999)

static str pool_id, client_id;
static struct sign_in sign_in = { .id = STR_INIT("11111111-2222-4333-8444-555555555555"),
	.authenticated_at = AUTH_TIME };

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Schema\":["
		"{\"Name\":\"size\",\"AttributeDataType\":\"Number\",\"Mutable\":true},"
		"{\"Name\":\"flag\",\"AttributeDataType\":\"Boolean\",\"Mutable\":true},"
		"{\"Name\":\"rank\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":true}]}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Issuing --- */

struct issued {
	struct authentication_result_type *tokens;
	const struct jsontree *id, *access; /* claims, after their signatures were checked */
};

static const struct jsontree *claims_of(
	struct request *request, const struct user_pool *pool, enum pool_key_usage usage, str token)
{
	const struct pool_keys *keys;
	str payload;
	assert_ok(request, pool_key_find(request, pool, &keys));
	assert_true(token_verify(request->arena, keys->keys[usage], token, &payload));
	assert_false(token_verify(request->arena, keys->keys[!usage], token, &payload));
	const struct jsontree *claims = jsontree_parse(request->arena, payload, NULL);
	assert_non_null(claims);
	return claims;
}

static struct issued issue(struct request *request, str with_client, const char *username, str refresh_token)
{
	const struct user_pool *pool;
	const struct client *client;
	struct issued issued;
	assert_ok(request, client_find_with_pool(request, with_client, &client, &pool));
	struct user user = house_find_user(request, pool->id, username);
	/* The attributes are read again, whatever the caller has. */
	user.attributes = (struct attribute_type_list){ .count = 0 };
	assert_ok(
		request, tokens_issue(request, pool, client, &user, &sign_in, refresh_token, &issued.tokens));
	issued.id = claims_of(request, pool, POOL_KEY_ID, issued.tokens->id_token);
	issued.access = claims_of(request, pool, POOL_KEY_ACCESS, issued.tokens->access_token);
	return issued;
}

static str text_claim(const struct jsontree *claims, const char *name)
{
	return jsontree_member_string(claims, name);
}

static int64_t number_claim(const struct jsontree *claims, const char *name)
{
	const struct jsontree *value = jsontree_member(claims, name);
	assert_non_null(value);
	assert_int_equal(jsontree_kind(value), JSONTREE_INTEGER);
	return jsontree_integer(value);
}

/* --- All claims --- */

static bool is_same(const struct jsontree *a, const struct jsontree *b)
{
	if (!a || !b || jsontree_kind(a) != jsontree_kind(b))
		return false;
	switch (jsontree_kind(a)) {
	case JSONTREE_STRING:
		return str_equal(jsontree_string(a), jsontree_string(b));
	case JSONTREE_INTEGER:
		return jsontree_integer(a) == jsontree_integer(b);
	case JSONTREE_BOOLEAN:
		return jsontree_boolean(a) == jsontree_boolean(b);
	case JSONTREE_OBJECT:
		return jsontree_object_size(a) == 1 &&
		       is_same(jsontree_member(a, "formatted"), jsontree_member(b, "formatted"));
	default:
		return false;
	}
}

/* The claims are exactly those of a JSON text, in any order. */
static void check_claims(struct request *request, const struct jsontree *claims, str wanted)
{
	const struct jsontree *tree = jsontree_parse(request->arena, wanted, NULL), *value;
	void *iterator = NULL;
	str name;
	assert_non_null(tree);
	while (jsontree_object_next(tree, &iterator, &name, &value))
		assert_case(is_same(jsontree_member(claims, arena_copy(request->arena, name).data), value),
			arena_copy(request->arena, name).data);
	assert_int_equal(jsontree_object_size(claims), jsontree_object_size(tree));
}

static void test_claims(void **state)
{
	str sub = house_user(*state, pool_id, "jane",
		"email=jane@example.com,email_verified=true,phone_number=+15550100,name=J\xc3\xa4ne \"Q\" "
		"<x>\n,"
		"updated_at=1700000001,address=1 Main "
		"Street\nTown,custom:size=42,custom:flag=true,dev:custom:rank=1");
	struct request *request = house_request(*state);
	struct issued issued = issue(request, client_id, "jane", STR_NONE);
	str origin = sign_in_origin(request, &sign_in);
	check_claims(request, issued.id,
		arena_printf(request->arena,
			"{\"sub\":\"%.*s\",\"iss\":\"http://127.0.0.1:4430/%.*s\",\"token_use\":\"id\","
			"\"event_id\":\"11111111-2222-4333-8444-555555555555\",\"origin_jti\":\"%.*s\","
			"\"jti\":\"%.*s\",\"auth_time\":1738600000,\"iat\":1738659903,\"exp\":1738663503,"
			"\"aud\":\"%.*s\",\"cognito:username\":\"jane\","
			"\"email\":\"jane@example.com\",\"email_verified\":true,"
			"\"phone_number\":\"+15550100\",\"phone_number_verified\":false,"
			"\"name\":\"J\xc3\xa4ne \\\"Q\\\" <x>\\n\",\"updated_at\":1700000001,"
			"\"address\":{\"formatted\":\"1 Main Street\\nTown\"},"
			"\"custom:size\":\"42\",\"custom:flag\":\"true\"}",
			STR_ARG(sub), STR_ARG(pool_id), STR_ARG(origin),
			STR_ARG(text_claim(issued.id, "jti")), STR_ARG(client_id)));
	check_claims(request, issued.access,
		arena_printf(request->arena,
			"{\"sub\":\"%.*s\",\"iss\":\"http://127.0.0.1:4430/%.*s\",\"token_use\":\"access\","
			"\"event_id\":\"11111111-2222-4333-8444-555555555555\",\"origin_jti\":\"%.*s\","
			"\"jti\":\"%.*s\",\"auth_time\":1738600000,\"iat\":1738659903,\"exp\":1738663503,"
			"\"client_id\":\"%.*s\",\"username\":\"jane\",\"scope\":\"aws.cognito.signin.user."
			"admin\"}",
			STR_ARG(sub), STR_ARG(pool_id), STR_ARG(origin),
			STR_ARG(text_claim(issued.access, "jti")), STR_ARG(client_id)));
	request_free(&request);
}

static void test_names_of_tokens(void **state)
{
	house_user(*state, pool_id, "joe", "");
	struct request *request = house_request(*state);
	struct issued one = issue(request, client_id, "joe", STR_NONE),
		      other = issue(request, client_id, "joe", STR_NONE);
	const str names[] = { text_claim(one.id, "jti"), text_claim(one.access, "jti"),
		text_claim(other.id, "jti"), text_claim(other.access, "jti"),
		text_claim(one.id, "origin_jti"), sign_in.id };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(names[i].len, 36);
		for (size_t k = 0; k < i; k++)
			assert_false(str_equal(names[i], names[k]));
	}
	assert_str_equal(text_claim(other.access, "origin_jti"), text_claim(one.id, "origin_jti"));
	request_free(&request);
}

static void test_header(void **state)
{
	house_user(*state, pool_id, "hedda", "");
	struct request *request = house_request(*state);
	struct issued issued = issue(request, client_id, "hedda", STR_NONE);
	struct token_parts parts;
	assert_true(token_split(request->arena, issued.tokens->id_token, &parts));
	const struct jsontree *header = jsontree_parse(request->arena, parts.header_json, NULL);
	assert_int_equal(jsontree_object_size(header), 2);
	assert_str_equal(text_claim(header, "alg"), STR("RS256"));
	assert_int_equal(text_claim(header, "kid").len, 43);
	request_free(&request);
}

static void test_answer(void **state)
{
	house_user(*state, pool_id, "anna", "");
	struct request *request = house_request(*state);
	struct issued issued = issue(request, client_id, "anna", STR("refresh"));
	assert_str_equal(issued.tokens->refresh_token, STR("refresh"));
	assert_str_equal(issued.tokens->token_type, STR("Bearer"));
	assert_int_equal(issued.tokens->expires_in.value, 3600);
	assert_null(issued.tokens->new_device_metadata);
	issued = issue(request, client_id, "anna", STR_NONE);
	assert_false(str_is_set(issued.tokens->refresh_token));
	request_free(&request);
}

/* Where addresses are names, the user name is the sub. */
static void test_user_called_by_an_address(void **state)
{
	str id = house_pool(*state, "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"]}");
	str client = house_client(*state, id, "{\"ClientName\":\"c\"}");
	str sub = house_user(*state, id, "jane@example.com", "");
	struct request *request = house_request(*state);
	struct issued issued = issue(request, client, "jane@example.com", STR_NONE);
	assert_str_equal(text_claim(issued.id, "cognito:username"), sub);
	assert_str_equal(text_claim(issued.access, "username"), sub);
	assert_str_equal(text_claim(issued.id, "email"), STR("jane@example.com"));
	request_free(&request);
}

/* --- Lifetimes --- */

static const struct {
	const char *settings;
	int64_t id, access; /* seconds */
} lifetimes[] = {
	{ "\"AccessTokenValidity\":5,\"IdTokenValidity\":10,"
	  "\"TokenValidityUnits\":{\"AccessToken\":\"minutes\",\"IdToken\":\"minutes\"}",
		600, 300 },
	{ "\"AccessTokenValidity\":301,\"IdTokenValidity\":86400,"
	  "\"TokenValidityUnits\":{\"AccessToken\":\"seconds\",\"IdToken\":\"seconds\"}",
		86400, 301 },
	{ "\"AccessTokenValidity\":1,\"TokenValidityUnits\":{\"AccessToken\":\"days\"}", 3600, 86400 },
	{ "\"IdTokenValidity\":2", 7200, 3600 },
};

static void test_lifetimes(void **state)
{
	house_user(*state, pool_id, "lena", "");
	for (size_t i = 0; i < ARRAY_LEN(lifetimes); i++) {
		struct request *request = house_request(*state);
		str json = arena_printf(request->arena, "{\"ClientName\":\"c\",%s}", lifetimes[i].settings);
		str client = house_client(*state, pool_id, json.data);
		struct issued issued = issue(request, client, "lena", STR_NONE);
		assert_int_equal(number_claim(issued.id, "exp"), NOW / SECOND + lifetimes[i].id);
		assert_int_equal(number_claim(issued.access, "exp"), NOW / SECOND + lifetimes[i].access);
		assert_int_equal(issued.tokens->expires_in.value, lifetimes[i].access);
		request_free(&request);
	}
}

/* The sign-in keeps its time when tokens are issued again. */
static void test_times_of_a_refresh(void **state)
{
	house_user(*state, pool_id, "rita", "");
	struct request *request = house_request_at(*state, NOW + HOUR);
	struct issued issued = issue(request, client_id, "rita", STR_NONE);
	assert_int_equal(number_claim(issued.id, "auth_time"), AUTH_TIME / SECOND);
	assert_int_equal(number_claim(issued.id, "iat"), NOW / SECOND + 3600);
	assert_int_equal(number_claim(issued.access, "exp"), NOW / SECOND + 7200);
	request_free(&request);
}

static void test_without_revocation(void **state)
{
	house_user(*state, pool_id, "ria", "");
	struct request *request = house_request(*state);
	str client = house_client(*state, pool_id, "{\"ClientName\":\"c\",\"EnableTokenRevocation\":false}");
	struct issued issued = issue(request, client, "ria", STR_NONE);
	const struct jsontree *both[] = { issued.id, issued.access };
	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		assert_null(jsontree_member(both[i], "origin_jti"));
		assert_str_equal(text_claim(both[i], "event_id"), sign_in.id);
	}
	assert_null(jsontree_member(issued.id, "jti"));
	assert_int_equal(text_claim(issued.access, "jti").len, 36);
	request_free(&request);
}

/* --- Attributes --- */

static const struct {
	const char *read_attributes;
	const char *there[5], *not_there[5];
} readings[] = {
	{ "\"nickname\"", { "sub", "nickname" },
		{ "email", "email_verified", "custom:size", "dev:custom:rank" } },
	{ "\"email\",\"custom:size\"", { "sub", "email", "custom:size" },
		{ "nickname", "email_verified", "dev:custom:rank" } },
	{ "\"email_verified\"", { "sub", "email_verified" }, { "email", "nickname" } },
	{ "\"dev:custom:rank\"", { "sub", "dev:custom:rank" }, { "custom:rank", "email", "nickname" } },
};

static void test_attributes_that_the_client_may_read(void **state)
{
	house_user(
		*state, pool_id, "rolf", "email=rolf@example.com,nickname=R,custom:size=1,dev:custom:rank=2");
	for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
		struct request *request = house_request(*state);
		str json = arena_printf(request->arena, "{\"ClientName\":\"c\",\"ReadAttributes\":[%s]}",
			readings[i].read_attributes);
		struct issued issued =
			issue(request, house_client(*state, pool_id, json.data), "rolf", STR_NONE);
		for (size_t k = 0; readings[i].there[k]; k++)
			assert_case(jsontree_member(issued.id, readings[i].there[k]), readings[i].there[k]);
		for (size_t k = 0; readings[i].not_there[k]; k++)
			assert_case(!jsontree_member(issued.id, readings[i].not_there[k]),
				readings[i].not_there[k]);
		assert_int_equal(jsontree_object_size(issued.access), 12);
		request_free(&request);
	}
}

static RESULT change(struct request *request, void *context)
{
	static struct attribute_type name = { .name = STR_INIT("name"), .value = STR_INIT("after") };
	const struct name_claim claim = { .taken = ERROR_ALIAS_EXISTS };
	const struct user_pool *pool;
	TRY(pool_find(request, pool_id, &pool));
	return user_set_attributes(request, pool, context, &(struct attribute_type_list){ &name, 1 }, &claim);
}

static void test_claims_follow_the_attributes(void **state)
{
	house_user(*state, pool_id, "frida", "name=before");
	struct request *request = house_request(*state);
	assert_str_equal(text_claim(issue(request, client_id, "frida", STR_NONE).id, "name"), STR("before"));
	struct user user = house_find_user(request, pool_id, "frida");
	assert_ok(request, store_write(request, change, &user));
	assert_str_equal(text_claim(issue(request, client_id, "frida", STR_NONE).id, "name"), STR("after"));
	request_free(&request);
}

static const struct {
	const char *updated_at;
	int64_t number; /* -1: no claim */
} times[] = {
	{ "0", 0 },
	{ "1", 1 },
	{ "007", 7 },
	{ "9223372036854775807", INT64_MAX },
	{ "9223372036854775808", -1 },
	{ "99999999999999999999999999", -1 },
};

/* --- Groups --- */

#define ROLE "arn:aws:iam::123456789012:role/"

/* A claim's texts, joined by spaces. */
static str list_claim(struct request *request, const struct jsontree *claims, const char *name)
{
	const struct jsontree *list = jsontree_member(claims, name);
	struct buf texts = buf_new(request->arena, 1024);
	for (size_t i = 0; list && i < jsontree_array_size(list); i++)
		buf_printf(
			&texts, "%s%.*s", i ? " " : "", STR_ARG(jsontree_string(jsontree_array_at(list, i))));
	return buf_str(&texts);
}

static void test_groups(void **state)
{
	static const char *const groups[] = { "none", "two", "one" };
	house_user(*state, pool_id, "gwen", "");
	house_group(*state, pool_id, "none", ",\"RoleArn\":\"" ROLE "none\"");
	house_group(*state, pool_id, "two", ",\"Precedence\":2");
	house_group(*state, pool_id, "one", ",\"Precedence\":1,\"RoleArn\":\"" ROLE "one\"");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		house_join(*state, pool_id, "gwen", groups[i]);
	struct request *request = house_request(*state);
	struct issued issued = issue(request, client_id, "gwen", STR_NONE);
	assert_str_equal(list_claim(request, issued.id, "cognito:groups"), STR("one two none"));
	assert_str_equal(list_claim(request, issued.access, "cognito:groups"), STR("one two none"));
	assert_str_equal(list_claim(request, issued.id, "cognito:roles"), STR(ROLE "one " ROLE "none"));
	assert_str_equal(text_claim(issued.id, "cognito:preferred_role"), STR(ROLE "one"));
	assert_null(jsontree_member(issued.access, "cognito:roles"));
	assert_null(jsontree_member(issued.access, "cognito:preferred_role"));

	/* Rebuilt each time. */
	assert_ok(request, group_delete(request, pool_id, STR("one")));
	assert_ok(request, membership_remove(request, pool_id, STR("gwen"), STR("two")));
	issued = issue(request, client_id, "gwen", STR_NONE);
	assert_str_equal(list_claim(request, issued.id, "cognito:groups"), STR("none"));
	assert_str_equal(text_claim(issued.id, "cognito:preferred_role"), STR(ROLE "none"));
	assert_ok(request, membership_remove(request, pool_id, STR("gwen"), STR("none")));
	issued = issue(request, client_id, "gwen", STR_NONE);
	assert_null(jsontree_member(issued.id, "cognito:groups"));
	assert_null(jsontree_member(issued.access, "cognito:groups"));
	assert_null(jsontree_member(issued.id, "cognito:roles"));
	request_free(&request);
}

static void test_updated_at(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		struct request *request = house_request(*state);
		str name = arena_printf(request->arena, "una-%zu", i);
		str attributes = arena_printf(request->arena, "updated_at=%s", times[i].updated_at);
		house_user(*state, pool_id, name.data, attributes.data);
		struct issued issued = issue(request, client_id, name.data, STR_NONE);
		if (times[i].number < 0)
			assert_null(jsontree_member(issued.id, "updated_at"));
		else
			assert_int_equal(number_claim(issued.id, "updated_at"), times[i].number);
		request_free(&request);
	}
}

/* A user with as much as a user may have can sign in. */
/* As many as there can be, with names and roles that are as long as they may be. */
static void join_longest_groups(const struct house *house, str in_pool, const char *username)
{
	enum { GROUPS = 100, LETTERS = 124, ROLE_LEN = 2044 };
	struct buf letters = buf_new(house->arena, 4 * LETTERS);
	char role[ROLE_LEN + 1] = "arn:aws:iam::1:role/";
	memset(role + strlen(role), 'r', ROLE_LEN - strlen(role));
	for (int i = 0; i < LETTERS; i++)
		buf_add(&letters, STR("\xf0\x9f\x98\x80"));
	for (int i = 0; i < GROUPS; i++) {
		str name = arena_printf(house->arena, "%03d-%.*s", i, STR_ARG(buf_str(&letters)));
		str members = arena_printf(house->arena, ",\"RoleArn\":\"%s-%03d\"", role, i);
		house_group(house, in_pool, name.data, members.data);
		house_join(house, in_pool, username, name.data);
	}
}

static void test_all_that_a_user_can_be(void **state)
{
	enum { CUSTOM = 50, VALUE_LEN = 2048 };
	struct request *request = house_request(*state);
	struct buf schema = buf_new(request->arena, 64 * 1024),
		   attributes = buf_new(request->arena, 1024 * 1024);
	char value[VALUE_LEN + 1] = "";
	memset(value, '\x01', VALUE_LEN);
	buf_printf(&attributes, "name=%s", value);
	for (int i = 0; i < CUSTOM; i++) {
		buf_printf(&schema,
			"%s{\"Name\":\"twenty-letters-is-%02d\",\"AttributeDataType\":\"String\"}",
			i ? "," : "", i);
		buf_printf(&attributes, ",custom:twenty-letters-is-%02d=%s", i, value);
	}
	str json = arena_printf(
		request->arena, "{\"PoolName\":\"p\",\"Schema\":[%.*s]}", STR_ARG(buf_str(&schema)));
	str id = house_pool(*state, json.data);
	str client = house_client(*state, id, "{\"ClientName\":\"c\"}");
	house_user(*state, id, "giant", arena_copy(request->arena, buf_str(&attributes)).data);
	join_longest_groups(*state, id, "giant");
	struct user user = house_find_user(request, id, "giant");
	const struct user_pool *pool;
	const struct client *found;
	struct authentication_result_type *tokens;
	assert_ok(request, client_find_with_pool(request, client, &found, &pool));
	assert_ok(request, tokens_issue(request, pool, found, &user, &sign_in, STR_NONE, &tokens));
	assert_true(tokens->id_token.len > 50 * 2048 * 6 + 100 * (500 + 2048));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_names_of_tokens),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_user_called_by_an_address),
		cmocka_unit_test(test_lifetimes),
		cmocka_unit_test(test_times_of_a_refresh),
		cmocka_unit_test(test_without_revocation),
		cmocka_unit_test(test_attributes_that_the_client_may_read),
		cmocka_unit_test(test_claims_follow_the_attributes),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_updated_at),
		cmocka_unit_test(test_all_that_a_user_can_be),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
