/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/sign_in_name.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/attribute.h"
#include "userpool/pool.h"

enum { PLAIN, FOLDING, EMAIL, PHONE, BOTH, ALIASES, FOLDED_ALIASES, POOLS };

static const char *const pool_settings[POOLS] = {
	[PLAIN] = "{\"PoolName\":\"p\"}",
	[FOLDING] = "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}",
	[EMAIL] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"]}",
	[PHONE] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"phone_number\"]}",
	[BOTH] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\",\"phone_number\"],"
		 "\"UsernameConfiguration\":{\"CaseSensitive\":false}}",
	[ALIASES] = "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",\"phone_number\",\"preferred_"
		    "username\"]}",
	[FOLDED_ALIASES] = "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",\"preferred_username\"],"
			   "\"UsernameConfiguration\":{\"CaseSensitive\":false}}",
};

static str pool_ids[POOLS];

static int set_up(void **state)
{
	house_set_up(state);
	for (size_t i = 0; i < POOLS; i++)
		pool_ids[i] = house_pool(*state, pool_settings[i]);
	return 0;
}

static const struct user_pool *find_pool(struct request *request, size_t pool)
{
	const struct user_pool *found;
	assert_ok(request, pool_find(request, pool_ids[pool], &found));
	return found;
}

/* --- What new users may be called --- */

static const struct {
	size_t pool;
	const char *name;
	const char *attribute; /* "": a plain name; NULL: refused */
	const char *message;
} forms[] = {
	{ PLAIN, "jane", "", NULL },
	{ PLAIN, "jane@example.com", "", NULL },
	{ PLAIN, "+15555550100", "", NULL },
	{ EMAIL, "jane@example.com", "email", NULL },
	{ EMAIL, "jane", NULL, "Username should be an email." },
	{ EMAIL, "+15555550100", NULL, "Username should be an email." },
	{ EMAIL, "jane@", NULL, "Username should be an email." },
	{ PHONE, "+15555550100", "phone_number", NULL },
	{ PHONE, "jane@example.com", NULL, "Username should be a phone number." },
	{ PHONE, "15555550100", NULL, "Username should be a phone number." },
	{ BOTH, "jane@example.com", "email", NULL },
	{ BOTH, "+15555550100", "phone_number", NULL },
	{ BOTH, "jane", NULL, "Username should be either an email or a phone number." },
	{ ALIASES, "jane", "", NULL },
	{ ALIASES, "15555550100", "", NULL },
	{ ALIASES, "jane@example.com", NULL,
		"Username cannot be of email format, since user pool is configured for email alias." },
	{ ALIASES, "+15555550100", NULL,
		"Username cannot be of phone number format, since user pool is configured for phone number "
		"alias." },
	{ FOLDED_ALIASES, "+15555550100", "", NULL },
};

static void test_forms(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct request *request = house_request(*state);
		const struct user_pool *pool = find_pool(request, forms[i].pool);
		str name = str_of(forms[i].name), attribute;
		if (forms[i].attribute) {
			assert_ok(request, sign_in_name_check(request, pool, name, &attribute));
			assert_str_equal(attribute, str_of(forms[i].attribute));
			assert_int_equal(str_is_set(attribute), *forms[i].attribute != '\0');
		} else {
			assert_refused(request, sign_in_name_check(request, pool, name, &attribute),
				ERROR_INVALID_PARAMETER, forms[i].message);
		}
		request_free(&request);
	}
}

static const struct {
	size_t pool;
	const char *name;
	bool is_address;
} addresses[] = {
	{ PLAIN, "jane@example.com", false },
	{ PLAIN, "+15555550100", false },
	{ EMAIL, "jane@example.com", true },
	{ EMAIL, "+15555550100", false },
	{ EMAIL, "jane", false },
	{ PHONE, "+15555550100", true },
	{ ALIASES, "jane@example.com", true },
	{ ALIASES, "+15555550100", true },
	{ ALIASES, "jane", false },
	{ FOLDED_ALIASES, "+15555550100", false },
};

static void test_addresses(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct request *request = house_request(*state);
		const struct user_pool *pool = find_pool(request, addresses[i].pool);
		assert_case(
			sign_in_name_is_address(pool, str_of(addresses[i].name)) == addresses[i].is_address,
			addresses[i].name);
		request_free(&request);
	}
}

static const struct {
	size_t pool;
	const char *name, *key;
} keys[] = {
	{ PLAIN, "Jane", "Jane" },
	{ FOLDING, "Jane", "jane" },
	{ FOLDING, "\xc3\x84RGER", "\xc3\xa4rger" },
	{ FOLDING, "\xd0\x96\xd0\xb6", "\xd0\xb6\xd0\xb6" },
	{ FOLDING,
		"Stra\xc3\x9f"
		"e",
		"stra\xc3\x9f"
		"e" },
	{ FOLDING, "", "" },
	{ BOTH, "Jane@Example.COM", "jane@example.com" },
};

static void test_keys(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct request *request = house_request(*state);
		str key = sign_in_name_key(request, find_pool(request, keys[i].pool), str_of(keys[i].name));
		assert_str_equal(key, str_of(keys[i].key));
		request_free(&request);
	}
}

/* --- Names of users as they change --- */

/* A user on its way into the store. */
struct move {
	const struct user_pool *pool;
	struct user user;
	struct name_claim claim;
	struct attribute_type_list changes;
};

static RESULT insert(struct request *request, void *context)
{
	const struct move *move = context;
	return user_insert(request, move->pool, &move->user, &move->claim);
}

static RESULT set_attributes(struct request *request, void *context)
{
	struct move *move = context;
	return user_set_attributes(request, move->pool, &move->user, &move->changes, &move->claim);
}

static struct move add(struct request *request, size_t pool, const char *id, const char *username,
	enum user_status_type status, const char *attributes)
{
	str address =
		sign_in_name_is_address(find_pool(request, pool), str_of(username)) ? STR("email") : STR_NONE;
	struct move move = {
		.pool = find_pool(request, pool),
		.user = {
			.id = str_of(id),
			.pool_id = pool_ids[pool],
			.username = str_is_set(address) ? str_of(id) : str_of(username),
			.status = status,
			.is_enabled = true,
			.attributes = house_attributes(request, attributes),
		},
		.claim = { .attribute = address, .taken = ERROR_ALIAS_EXISTS },
	};
	assert_ok(request, store_write(request, insert, &move));
	return move;
}

static struct move add_confirmed(
	struct request *request, size_t pool, const char *id, const char *username, const char *attributes)
{
	return add(request, pool, id, username, USER_STATUS_TYPE_CONFIRMED, attributes);
}

/* Ends well or fails as store_write() does. */
static RESULT change(struct request *request, struct move *move, const char *changes)
{
	move->changes = house_attributes(request, changes);
	move->claim.attribute = STR_NONE;
	return store_write(request, set_attributes, move);
}

/* "kind:key" of every row, in the order of kinds. */
static str names_of(struct request *request, const struct move *move)
{
	struct store_sign_in_names_of_user_row *rows;
	struct buf text = buf_new(request->arena, 4096);
	size_t count;
	assert_ok(request,
		store_sign_in_names_of_user(request,
			&(struct store_sign_in_names_of_user_in){
				.name_space = move->pool->name_space, .user_id = move->user.id },
			&rows, &count));
	for (size_t i = 0; i < count; i++)
		buf_printf(
			&text, "%s%.*s:%.*s", i ? " " : "", STR_ARG(rows[i].kind), STR_ARG(rows[i].name_key));
	return arena_copy(request->arena, buf_str(&text));
}

#define ID(digit) "0000000" digit "-0000-4000-8000-000000000000"

static const struct {
	size_t pool;
	const char *id, *username;
	enum user_status_type status;
	const char *attributes, *names;
} beginnings[] = {
	{ PLAIN, ID("1"), "Jane", USER_STATUS_TYPE_UNCONFIRMED,
		"email=j1@example.com,email_verified=true,preferred_username=j1", "username:Jane" },
	{ FOLDING, ID("2"), "Jane", USER_STATUS_TYPE_CONFIRMED, "", "username:jane" },
	{ EMAIL, ID("3"), "J3@example.com", USER_STATUS_TYPE_UNCONFIRMED,
		"email=J3@example.com,email_verified=false", "email:J3@example.com username:" ID("3") },
	{ BOTH, ID("4"), "J4@example.com", USER_STATUS_TYPE_UNCONFIRMED,
		"email=J4@example.com,email_verified=false,phone_number=+15550004",
		"email:j4@example.com username:" ID("4") },
	{ BOTH, ID("5"), "J5@example.com", USER_STATUS_TYPE_UNCONFIRMED,
		"email=J5@example.com,phone_number=+15550005,phone_number_verified=true",
		"email:j5@example.com phone_number:+15550005 username:" ID("5") },
	{ ALIASES, ID("6"), "jane6", USER_STATUS_TYPE_CONFIRMED,
		"email=j6@example.com,email_verified=false,phone_number=+15550006", "username:jane6" },
	{ ALIASES, ID("7"), "jane7", USER_STATUS_TYPE_UNCONFIRMED,
		"email=j7@example.com,email_verified=true,preferred_username=j7",
		"email:j7@example.com username:jane7" },
	{ ALIASES, ID("8"), "jane8", USER_STATUS_TYPE_CONFIRMED,
		"email=j8@example.com,email_verified=true,phone_number=+15550008,phone_number_verified=true,"
		"preferred_username=j8",
		"email:j8@example.com phone_number:+15550008 preferred_username:j8 username:jane8" },
	{ FOLDED_ALIASES, ID("9"), "Jane", USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD,
		"email=J9@Example.com,email_verified=true,preferred_username=JANE",
		"email:j9@example.com username:jane" },
};

static void test_names_at_the_beginning(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(beginnings); i++) {
		struct request *request = house_request(*state);
		struct move move = add(request, beginnings[i].pool, beginnings[i].id, beginnings[i].username,
			beginnings[i].status, beginnings[i].attributes);
		assert_str_equal(names_of(request, &move), str_of(beginnings[i].names));
		request_free(&request);
	}
}

static void test_aliases_follow_the_attributes(void **state)
{
	static const struct {
		const char *changes, *names;
	} steps[] = {
		{ "email=a1@example.com", "username:ann" },
		{ "email_verified=true", "email:a1@example.com username:ann" },
		{ "preferred_username=annie", "email:a1@example.com preferred_username:annie username:ann" },
		{ "email=a2@example.com", "email:a2@example.com preferred_username:annie username:ann" },
		{ "email=a3@example.com,email_verified=false", "preferred_username:annie username:ann" },
		{ "preferred_username=ann", "username:ann" },
		{ "preferred_username=annie", "preferred_username:annie username:ann" },
		{ "preferred_username=", "username:ann" },
		{ "email_verified=true", "email:a3@example.com username:ann" },
		{ "email=", "username:ann" },
		{ "phone_number_verified=true", "username:ann" },
	};
	struct request *request = house_request(*state);
	struct move move = add_confirmed(request, ALIASES, ID("a"), "ann", "");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		assert_ok(request, change(request, &move, steps[i].changes));
		assert_str_equal(names_of(request, &move), str_of(steps[i].names));
	}
	request_free(&request);
}

/* Where addresses are user names, the one that somebody came with stays a name while it changes. */
static void test_address_as_name_moves(void **state)
{
	struct request *request = house_request(*state);
	struct move move = add_confirmed(request, BOTH, ID("b"), "b1@example.com", "email=b1@example.com");
	assert_ok(request, change(request, &move, "email=b2@example.com,phone_number=+15551111"));
	assert_str_equal(names_of(request, &move), STR("email:b2@example.com username:" ID("b")));
	assert_ok(request, change(request, &move, "phone_number_verified=true"));
	assert_str_equal(names_of(request, &move),
		STR("email:b2@example.com phone_number:+15551111 username:" ID("b")));
	request_free(&request);
}

#define EMAIL_TAKEN "An account with the given email already exists."

static void test_taken_alias(void **state)
{
	struct request *request = house_request(*state);
	struct move first =
		add_confirmed(request, ALIASES, ID("c"), "carl", "email=c@example.com,email_verified=true");
	struct move second = add_confirmed(request, ALIASES, ID("d"), "carla", "email=c@example.com");
	assert_refused(
		request, change(request, &second, "email_verified=true"), ERROR_ALIAS_EXISTS, EMAIL_TAKEN);
	/* Nothing of it is kept. */
	struct user user = house_find_user(request, pool_ids[ALIASES], "carla");
	assert_false(str_is_set(user_attribute(&user, STR("email_verified"))));
	assert_str_equal(names_of(request, &second), STR("username:carla"));
	/* Once it is free, it can be had. */
	assert_ok(request, change(request, &first, "email_verified=false"));
	assert_ok(request, change(request, &second, "email_verified=true"));
	assert_str_equal(names_of(request, &second), STR("email:c@example.com username:carla"));
	request_free(&request);
}

static void test_error_of_a_taken_name_is_the_claims(void **state)
{
	struct request *request = house_request(*state);
	add_confirmed(request, ALIASES, ID("e"), "emil", "email=e@example.com,email_verified=true");
	struct move second = add_confirmed(request, ALIASES, ID("f"), "emilia", "email=e@example.com");
	second.claim.taken = ERROR_USERNAME_EXISTS;
	assert_refused(
		request, change(request, &second, "email_verified=true"), ERROR_USERNAME_EXISTS, EMAIL_TAKEN);
	request_free(&request);
}

static void test_taken_over_alias(void **state)
{
	struct request *request = house_request(*state);
	struct move first = add_confirmed(
		request, FOLDED_ALIASES, ID("g"), "gus", "email=g@example.com,email_verified=true");
	struct move second = add_confirmed(request, FOLDED_ALIASES, ID("h"), "gustav", "email=G@example.com");
	second.claim.takes_over = true;
	assert_ok(request, change(request, &second, "email_verified=true"));
	assert_str_equal(names_of(request, &second), STR("email:g@example.com username:gustav"));
	assert_str_equal(names_of(request, &first), STR("username:gus"));
	struct user loser = house_find_user(request, pool_ids[FOLDED_ALIASES], "gus");
	assert_str_equal(user_attribute(&loser, STR("email_verified")), STR("false"));
	assert_str_equal(user_attribute(&loser, STR("email")), STR("g@example.com"));
	request_free(&request);
}

/* Names that nobody has to prove cannot be taken away. */
static void test_names_that_nobody_loses(void **state)
{
	struct request *request = house_request(*state);
	struct move first = add_confirmed(request, ALIASES, ID("i"), "ida", "preferred_username=idefix");
	struct move second = add_confirmed(request, ALIASES, ID("j"), "ira", "");
	static const char *const wanted[] = { "preferred_username=ida", "preferred_username=idefix" };
	second.claim.takes_over = true;
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		assert_refused(request, change(request, &second, wanted[i]), ERROR_ALIAS_EXISTS,
			"An account with the given preferred_username already exists.");
	assert_str_equal(names_of(request, &first), STR("preferred_username:idefix username:ida"));
	assert_str_equal(names_of(request, &second), STR("username:ira"));
	request_free(&request);
}

struct question {
	const struct user_pool *pool;
	str name;
	bool is_free;
};

static RESULT ask(struct request *request, void *context)
{
	struct question *question = context;
	return sign_in_name_is_free(request, question->pool, question->name, &question->is_free);
}

/* Users are found by sub: an alias that reads like the sub of another would stand in front of it. */
static void test_sub_of_another_as_alias(void **state)
{
	struct request *request = house_request(*state);
	add_confirmed(request, ALIASES, ID("k"), "victim", "");
	struct move thief = add_confirmed(request, ALIASES, ID("l"), "thief", "");
	assert_refused(request, change(request, &thief, "preferred_username=" ID("k")), ERROR_ALIAS_EXISTS,
		"An account with the given preferred_username already exists.");
	struct user found = house_find_user(request, pool_ids[ALIASES], ID("k"));
	assert_str_equal(found.username, STR("victim"));
	/* One's own harms nobody. */
	assert_ok(request, change(request, &thief, "preferred_username=" ID("l")));
	request_free(&request);
}

static void test_sub_of_another_in_capitals(void **state)
{
	struct request *request = house_request(*state);
	add_confirmed(request, FOLDED_ALIASES, "abcdef00-0000-4000-8000-000000000000", "victim", "");
	struct move thief = add_confirmed(request, FOLDED_ALIASES, ID("m"), "thief", "");
	assert_refused(request,
		change(request, &thief, "preferred_username=ABCDEF00-0000-4000-8000-000000000000"),
		ERROR_ALIAS_EXISTS, "An account with the given preferred_username already exists.");
	request_free(&request);
}

/* --- Free names --- */

static void test_free_names(void **state)
{
	static const struct {
		const char *name;
		bool is_free;
	} cases[] = {
		{ "nora", false },
		{ "n@example.com", false },
		{ "+15550042", true },
		{ "norah", false },
		{ ID("n"), false },
		{ "NORA", true },
		{ "nor", true },
		{ ID("0"), true },
		{ "", true },
	};
	struct request *request = house_request(*state);
	add_confirmed(request, ALIASES, ID("n"), "nora",
		"email=n@example.com,email_verified=true,phone_number=+15550042,preferred_username=norah");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct question question = { .pool = find_pool(request, ALIASES),
			.name = str_of(cases[i].name) };
		assert_ok(request, store_write(request, ask, &question));
		assert_case(question.is_free == cases[i].is_free, cases[i].name);
		question.pool = find_pool(request, PLAIN);
		assert_ok(request, store_write(request, ask, &question));
		assert_case(question.is_free, cases[i].name);
	}
	request_free(&request);
}

static void test_free_names_without_case(void **state)
{
	struct request *request = house_request(*state);
	add_confirmed(request, FOLDED_ALIASES, ID("o"), "Ole", "preferred_username=Oleg");
	static const char *const taken[] = { "ole", "OLE", "oleg", "OLEG" };
	for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
		struct question question = { .pool = find_pool(request, FOLDED_ALIASES),
			.name = str_of(taken[i]) };
		assert_ok(request, store_write(request, ask, &question));
		assert_case(!question.is_free, taken[i]);
	}
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_names_at_the_beginning),
		cmocka_unit_test(test_aliases_follow_the_attributes),
		cmocka_unit_test(test_address_as_name_moves),
		cmocka_unit_test(test_taken_alias),
		cmocka_unit_test(test_error_of_a_taken_name_is_the_claims),
		cmocka_unit_test(test_taken_over_alias),
		cmocka_unit_test(test_names_that_nobody_loses),
		cmocka_unit_test(test_sub_of_another_as_alias),
		cmocka_unit_test(test_sub_of_another_in_capitals),
		cmocka_unit_test(test_free_names),
		cmocka_unit_test(test_free_names_without_case),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
