/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool_migration.h"

#include <sched.h>

#include "base/background.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/attribute_change.h"
#include "userpool/pool.h"
#include "userpool/pool_rules.h"
#include "userpool/sign_up.h"
#include "userpool/user_admin.h"
#include "userpool/user_list.h"

#define NOW      INT64_C(1738659903123)
#define JUST_NOW "The user pool has just been migrated. Try again."

enum { BATCH = 200, MANY = 2 * BATCH + 50 };

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Calls --- */

static RESULT begin(struct request *request, str pool_id, const char *members,
	struct user_pool_migration_type **migration)
{
	struct migrate_user_pool_request input = { .user_pool_id = STR_NONE };
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",%s}", STR_ARG(pool_id), members);
	house_decode(request, &spec_type_migrate_user_pool_request, json.data, &input);
	return pool_migration_begin(request, &input, migration);
}

static void start(const struct house *house, str pool_id, const char *members)
{
	struct request *request = house_request(house);
	struct user_pool_migration_type *migration;
	assert_ok(request, begin(request, pool_id, members, &migration));
	assert_int_equal(migration->state, USER_POOL_MIGRATION_STATE_TYPE_RUNNING);
	request_free(&request);
}

static int64_t step_at(const struct house *house, int64_t now)
{
	struct request *request = house_request_at(house, now);
	int64_t wait;
	assert_ok(request, pool_migration_step(request, &wait));
	request_free(&request);
	return wait;
}

static void finish(const struct house *house)
{
	while (step_at(house, NOW) == 0)
		;
}

static struct user_pool_migration_type describe(struct request *request, str pool_id)
{
	struct user_pool_migration_type *migration;
	assert_ok(request, pool_migration_describe(request, pool_id, &migration));
	return *migration;
}

static void check_state(const struct house *house, str pool_id, enum user_pool_migration_state_type state)
{
	struct request *request = house_request(house);
	struct user_pool_migration_type migration = describe(request, pool_id);
	assert_str_equal(spec_enum_text(&spec_type_user_pool_migration_state_type, (int)migration.state),
		spec_enum_text(&spec_type_user_pool_migration_state_type, (int)state));
	assert_int_equal(migration.end_date.set, state != USER_POOL_MIGRATION_STATE_TYPE_RUNNING);
	request_free(&request);
}

static void migrate(
	const struct house *house, str pool_id, const char *members, enum user_pool_migration_state_type end)
{
	start(house, pool_id, members);
	finish(house);
	check_state(house, pool_id, end);
}

/* The user name of whoever is called so; "-" for nobody. */
static str called(struct request *request, str pool_id, const char *name)
{
	const struct user_pool *pool;
	struct user user;
	bool found;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_ok(request, user_find(request, pool, str_of(name), &user, &found));
	return found ? user.username : STR("-");
}

static void check_called(const struct house *house, str pool_id, const char *name, const char *username)
{
	struct request *request = house_request(house);
	str found = called(request, pool_id, name);
	if (!str_equal(found, str_of(username)))
		fail_msg("%s is %.*s, not %s", name, STR_ARG(found), username);
	request_free(&request);
}

static RESULT enrol(struct request *request, str client_id, const char *username, const char *attributes)
{
	const struct sign_up_request input = {
		.client_id = client_id,
		.username = str_of(username),
		.password = STR(HOUSE_PASSWORD),
		.user_attributes = house_attributes(request, attributes),
	};
	struct sign_up_response output = { .user_sub = STR_NONE };
	return sign_up(request, &input, &output);
}

static RESULT set_attributes(
	struct request *request, str pool_id, const char *username, const char *attributes)
{
	struct attribute_type_list list = house_attributes(request, attributes);
	return attribute_change_by_admin(request, pool_id, str_of(username), &list);
}

/* "KIND attribute username other" of each conflict, a line for each. */
static str conflicts_of(struct request *request, str pool_id)
{
	const struct list_user_pool_migration_conflicts_request input = { .user_pool_id = pool_id };
	struct list_user_pool_migration_conflicts_response output = { .next_token = STR_NONE };
	struct buf text = buf_new(request->arena, 64 * 1024);
	assert_ok(request, pool_migration_list_conflicts(request, &input, &output));
	for (size_t i = 0; i < output.conflicts.count; i++) {
		const struct user_pool_conflict_type *conflict = &output.conflicts.items[i];
		bool has_other = str_is_set(conflict->other_username);
		buf_printf(&text, "%s%.*s %.*s %.*s%s%.*s", i ? "\n" : "",
			STR_ARG(spec_enum_text(&spec_type_user_pool_conflict_kind_type, (int)conflict->kind)),
			STR_ARG(conflict->attribute_name), STR_ARG(conflict->username), has_other ? " " : "",
			STR_ARG(has_other ? conflict->other_username : STR("")));
	}
	return buf_str(&text);
}

/* A user whose id is chosen, so that the order in which users are looked at is known. */
static void insert_user(
	const struct house *house, str pool_id, char digit, const char *username, const char *attributes)
{
	struct request *request = house_request(house);
	str id = house_user(house, pool_id, username, attributes);
	str sql = arena_printf(request->arena,
		"PRAGMA foreign_keys=OFF; BEGIN;"
		"UPDATE pool_user SET id = '%1$c' || substr(id, 2), username = CASE username WHEN id THEN "
		"'%1$c' || "
		"substr(id, 2) ELSE username END WHERE id = '%2$s';"
		"UPDATE user_attribute SET user_id = '%1$c' || substr(user_id, 2) WHERE user_id = '%2$s';"
		"UPDATE sign_in_name SET user_id = '%1$c' || substr(user_id, 2), name_key = CASE name_key "
		"WHEN user_id "
		"THEN '%1$c' || substr(user_id, 2) ELSE name_key END WHERE user_id = '%2$s'; COMMIT;",
		digit, arena_copy(request->arena, id).data);
	house_execute(house, sql.data);
	request_free(&request);
}

/* MANY users "User<n>" with verified addresses "User<n>@example.com", in rows alone. */
static void insert_many(const struct house *house, str pool_id)
{
	str sql = arena_printf(house->arena,
		"PRAGMA foreign_keys=ON; BEGIN;"
		"CREATE TEMP TABLE many AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
		"WHERE i < %2$d) "
		"SELECT i, printf('%%08x-0000-4000-8000-000000000000', i * 9000000) AS id FROM n;"
		"INSERT INTO pool_user (id, pool_id, username, username_key, status, enabled, "
		"tokens_valid_after, "
		"created_at, modified_at) SELECT id, '%1$s', 'User' || i, 'User' || i, 'CONFIRMED', 1, 0, 1, "
		"1 FROM many;"
		"INSERT INTO sign_in_name SELECT '%1$s', 'User' || i, 'username', id FROM many;"
		"INSERT INTO user_attribute SELECT id, 'email', '%1$s', 'User' || i || '@example.com' FROM "
		"many;"
		"INSERT INTO user_attribute SELECT id, 'email_verified', '%1$s', 'true' FROM many;"
		"UPDATE user_pool SET user_count = user_count + %2$d WHERE id = '%1$s'; COMMIT;",
		arena_copy(house->arena, pool_id).data, MANY);
	house_execute(house, sql.data);
}

/* All that the pool has, but the migration. */
static str content(struct request *request, str pool_id)
{
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, pool_id, &pool));
	return house_render(request, &spec_type_user_pool_type, &pool->settings);
}

/* --- What changes --- */

#define PLAIN             "{\"PoolName\":\"p\"}"
#define FOLDING           "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}"
#define ALIASES           "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",\"preferred_username\"]}"
#define CALLED_BY_EMAIL   "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"]}"
#define VERIFIED(address) "email=" address ",email_verified=true"

enum { CHECKS = 4 };

static const struct {
	const char *settings, *username, *attributes, *migration;
	struct {
		const char *name;
		bool before, after;
	} names[CHECKS];
} changes[] = {
	{ PLAIN, "Jane", "", "\"CaseSensitive\":false",
		{ { "Jane", true, true }, { "jANE", false, true }, { "john", false, false } } },
	{ PLAIN, "\xc3\x89mile", "", "\"CaseSensitive\":false", { { "\xc3\xa9MILE", false, true } } },
	{ FOLDING, "Jane", "", "\"CaseSensitive\":true",
		{ { "jane", true, false }, { "Jane", true, true } } },
	{ PLAIN, "jane", VERIFIED("j@example.com"), "\"AliasAttributes\":[\"email\"]",
		{ { "j@example.com", false, true }, { "J@example.com", false, false },
			{ "jane", true, true } } },
	{ PLAIN, "jane", "email=j@example.com", "\"AliasAttributes\":[\"email\"]",
		{ { "j@example.com", false, false } } },
	{ PLAIN, "jane", "preferred_username=JJ",
		"\"AliasAttributes\":[\"preferred_username\"],\"CaseSensitive\":false",
		{ { "jj", false, true }, { "JANE", false, true } } },
	{ ALIASES, "jane", VERIFIED("j@example.com") ",preferred_username=jj",
		"\"AliasAttributes\":[\"email\"]",
		{ { "j@example.com", true, true }, { "jj", true, false } } },
	{ ALIASES, "jane", VERIFIED("j@example.com"), "\"AliasAttributes\":[]",
		{ { "j@example.com", true, false }, { "jane", true, true } } },
	{ ALIASES, "jane", VERIFIED("j@example.com"),
		"\"AliasAttributes\":[],\"UsernameAttributes\":[\"email\"]",
		{ { "j@example.com", true, true }, { "jane", true, true } } },
	{ PLAIN, "jane", "email=j@example.com", "\"UsernameAttributes\":[\"email\"]",
		{ { "j@example.com", false, false }, { "jane", true, true } } },
	{ PLAIN, "j@example.com", "email=j@example.com", "\"UsernameAttributes\":[\"email\"]",
		{ { "j@example.com", true, true } } },
	{ CALLED_BY_EMAIL, "j@example.com", "", "\"CaseSensitive\":false",
		{ { "j@example.com", true, true }, { "J@EXAMPLE.com", false, true } } },
	{ CALLED_BY_EMAIL, "j@example.com", VERIFIED("j@example.com"),
		"\"UsernameAttributes\":[],\"AliasAttributes\":[\"email\"]",
		{ { "j@example.com", true, true } } },
	{ CALLED_BY_EMAIL, "j@example.com", "phone_number=+15550100,phone_number_verified=true",
		"\"UsernameAttributes\":[\"email\",\"phone_number\"]",
		{ { "j@example.com", true, true }, { "+15550100", false, true } } },
};

/* Users keep their user names, whatever they are called by. */
static void test_names_follow_the_rules(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct request *request = house_request(*state);
		str pool_id = house_pool(*state, changes[i].settings);
		str sub = house_user(*state, pool_id, changes[i].username, changes[i].attributes);
		str username = arena_copy(request->arena, called(request, pool_id, sub.data));
		for (size_t k = 0; k < CHECKS && changes[i].names[k].name; k++)
			check_called(*state, pool_id, changes[i].names[k].name,
				changes[i].names[k].before ? username.data : "-");
		migrate(*state, pool_id, changes[i].migration, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
		for (size_t k = 0; k < CHECKS && changes[i].names[k].name; k++)
			check_called(*state, pool_id, changes[i].names[k].name,
				changes[i].names[k].after ? username.data : "-");
		check_called(*state, pool_id, sub.data, username.data);
		request_free(&request);
	}
}

static void test_required_attributes(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"name\",\"Required\":true,\"Mutable\":true}]}");
	str client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	house_user(*state, pool_id, "jane", "name=Jane,nickname=J");
	migrate(*state, pool_id, "\"RequiredAttributes\":[\"nickname\"]",
		USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	assert_refused(request, enrol(request, client_id, "john", "name=John"), ERROR_INVALID_PARAMETER,
		"Attributes did not conform to the schema: nickname: The attribute is required\n");
	assert_ok(request, enrol(request, client_id, "john", "nickname=J"));
	migrate(*state, pool_id, "\"RequiredAttributes\":[]", USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	assert_ok(request, enrol(request, client_id, "jack", ""));
	request_free(&request);
}

static void test_what_is_shown(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	str pool_id = house_pool(*state, PLAIN);
	house_user(*state, pool_id, "jane", VERIFIED("j@example.com") ",nickname=J");
	house_user(*state, pool_id, "john", "nickname=J");
	migrate(*state, pool_id,
		"\"RequiredAttributes\":[\"nickname\"],\"AliasAttributes\":[\"email\"],\"CaseSensitive\":"
		"false",
		USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	struct user_pool_migration_type shown = describe(request, pool_id);
	shown.migration_id = STR("id");
	shown.creation_date.value = shown.end_date.value = 0;
	assert_str_equal(house_render(request, &spec_type_user_pool_migration_type, &shown),
		STR("{\"MigrationId\":\"id\",\"State\":\"COMPLETED\",\"DryRun\":false,\"Rules\":{"
		    "\"RequiredAttributes\":["
		    "\"nickname\"],\"AliasAttributes\":[\"email\"],\"UsernameAttributes\":[],"
		    "\"CaseSensitive\":false},"
		    "\"NumberOfUsers\":2,\"CheckedUsers\":2,\"ChangedUsers\":1,\"NumberOfConflicts\":0,"
		    "\"CreationDate\":0.000,\"EndDate\":0.000}"));
	request_free(&request);
}

static size_t count_users(struct request *request, str pool_id, const char *filter)
{
	const struct list_users_request input = { .user_pool_id = pool_id, .filter = str_of(filter) };
	struct list_users_response output = { .pagination_token = STR_NONE };
	assert_ok(request, user_list(request, &input, &output));
	return output.users.count;
}

static void test_lists_by_user_name_follow(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	house_user(*state, pool_id, "Jane", "");
	house_user(*state, pool_id, "janet", "");
	assert_int_equal(count_users(request, pool_id, "username ^= \"jane\""), 1);
	migrate(*state, pool_id, "\"CaseSensitive\":false", USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	assert_int_equal(count_users(request, pool_id, "username ^= \"jANE\""), 2);
	assert_int_equal(count_users(request, pool_id, "username = \"JANE\""), 1);
	request_free(&request);
}

/* --- What stands against it --- */

static const struct {
	const char *settings;
	struct {
		const char *username, *attributes;
	} users[2];
	const char *migration, *conflicts;
} refusals[] = {
	{ PLAIN, { { "jane", "" }, { "Jane", "" } }, "\"CaseSensitive\":false",
		"NAME_TAKEN username Jane jane" },
	{ PLAIN,
		{ { "stra\xc3\x9f"
		    "e",
			  "" },
			{ "STRA\xc3\x9f"
			  "E",
				"" } },
		"\"CaseSensitive\":false",
		"NAME_TAKEN username STRA\xc3\x9f"
		"E stra\xc3\x9f"
		"e" },
	{ PLAIN, { { "jane", VERIFIED("j@example.com") }, { "john", VERIFIED("j@example.com") } },
		"\"AliasAttributes\":[\"email\"]", "NAME_TAKEN email john jane" },
	{ PLAIN, { { "jane", VERIFIED("j@example.com") }, { "john", VERIFIED("j@example.com") } },
		"\"UsernameAttributes\":[\"email\"]", "NAME_TAKEN email john jane" },
	{ PLAIN, { { "jane", "" }, { "john", "preferred_username=jane" } },
		"\"AliasAttributes\":[\"preferred_username\"]", "NAME_TAKEN preferred_username john jane" },
	{ PLAIN, { { "jane", "nickname=J" }, { "john", "" } },
		"\"RequiredAttributes\":[\"nickname\",\"email\"]",
		"MISSING_ATTRIBUTE email jane\nMISSING_ATTRIBUTE nickname john\nMISSING_ATTRIBUTE email "
		"john" },
	{ PLAIN, { { "j@example.com", "email=j@example.com" }, { "john", "" } },
		"\"AliasAttributes\":[\"email\"]", "INVALID_NAME username j@example.com" },
	{ PLAIN, { { "j@example.com", "email=k@example.com" }, { "john", "" } },
		"\"UsernameAttributes\":[\"email\"]", "INVALID_NAME username j@example.com" },
};

/* Whoever can be asked at the next sign-in is no conflict. */
static void test_conflicts_leave_everything_as_it_was(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct request *request = house_request(*state);
		str pool_id = house_pool(*state, refusals[i].settings);
		for (size_t k = 0; k < 2; k++)
			insert_user(*state, pool_id, (char)('1' + k), refusals[i].users[k].username,
				refusals[i].users[k].attributes);
		str before = arena_copy(request->arena, content(request, pool_id));
		int names = house_count(*state, "sign_in_name");
		migrate(*state, pool_id, refusals[i].migration, USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
		assert_str_equal(conflicts_of(request, pool_id), str_of(refusals[i].conflicts));
		assert_str_equal(content(request, pool_id), before);
		assert_int_equal(house_count(*state, "sign_in_name"), names);
		for (size_t k = 0; k < 2; k++)
			check_called(*state, pool_id, refusals[i].users[k].username,
				refusals[i].users[k].username);
		request_free(&request);
	}
}

/* A user of a pool that calls users by addresses knows no other name. */
static void test_users_who_would_lose_their_names(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, CALLED_BY_EMAIL);
	str client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	str sub = house_user(*state, pool_id, "j@example.com", "");
	assert_ok(request, enrol(request, client_id, "unconfirmed@example.com", ""));
	static const char rules[] = "\"UsernameAttributes\":[],\"AliasAttributes\":[\"email\"]";
	migrate(*state, pool_id, rules, USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
	assert_str_equal(conflicts_of(request, pool_id),
		arena_printf(request->arena, "NAME_LOST email %.*s", STR_ARG(sub)));
	assert_ok(request, set_attributes(request, pool_id, "j@example.com", "email_verified=true"));
	migrate(*state, pool_id, rules, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	request_free(&request);
}

/* Values that got there by another way than the API. */
static void test_values_that_are_no_names(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	house_user(*state, pool_id, "jane", VERIFIED("j@example.com"));
	house_execute(*state, "UPDATE user_attribute SET value = 'j at example.com' WHERE name = 'email'");
	migrate(*state, pool_id, "\"AliasAttributes\":[\"email\"]", USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
	assert_str_equal(conflicts_of(request, pool_id), STR("INVALID_NAME email jane"));
	request_free(&request);
}

static void test_who_must_choose_a_password_may_lack_an_attribute(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	const struct admin_create_user_request input = { .user_pool_id = pool_id, .username = STR("jane") };
	struct user_type created;
	assert_ok(request, user_admin_create(request, &input, &created));
	migrate(*state, pool_id, "\"RequiredAttributes\":[\"nickname\"]",
		USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	request_free(&request);
}

/* A name that reads like the sub of another user would stand in front of it. */
static void test_a_sub_as_a_name(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	str sub = house_user(*state, pool_id, "victim", "");
	str attributes = arena_printf(request->arena, "preferred_username=%.*s", STR_ARG(sub));
	house_user(*state, pool_id, "thief", attributes.data);
	migrate(*state, pool_id, "\"AliasAttributes\":[\"preferred_username\"]",
		USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
	assert_str_equal(conflicts_of(request, pool_id), STR("NAME_TAKEN preferred_username thief victim"));
	check_called(*state, pool_id, sub.data, "victim");
	request_free(&request);
}

static void test_conflicts_are_listed_in_pages(void **state)
{
	struct request *request = house_request(*state);
	struct list_user_pool_migration_conflicts_request input = { .max_results = { true, 60 } };
	str pool_id = input.user_pool_id = house_pool(*state, PLAIN);
	size_t seen = 0;
	insert_many(*state, pool_id);
	migrate(*state, pool_id, "\"RequiredAttributes\":[\"name\",\"nickname\",\"locale\"]",
		USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
	do {
		struct list_user_pool_migration_conflicts_response page = { .next_token = STR_NONE };
		assert_ok(request, pool_migration_list_conflicts(request, &input, &page));
		seen += page.conflicts.count;
		input.next_token = page.next_token;
	} while (str_is_set(input.next_token));
	assert_int_equal(seen, 1000);
	assert_int_equal(describe(request, pool_id).number_of_conflicts.value, 3 * MANY);
	input.next_token = STR("x");
	struct list_user_pool_migration_conflicts_response page = { .next_token = STR_NONE };
	assert_refused(request, pool_migration_list_conflicts(request, &input, &page),
		ERROR_INVALID_PARAMETER, "Invalid pagination token.");
	request_free(&request);
}

/* --- Dry runs and cancelling --- */

static void test_a_dry_run_changes_nothing(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	str client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	insert_many(*state, pool_id);
	str before = arena_copy(request->arena, content(request, pool_id));
	start(*state, pool_id, "\"CaseSensitive\":false,\"DryRun\":true");
	step_at(*state, NOW);
	/* What it would refuse is not refused meanwhile. */
	assert_ok(request, enrol(request, client_id, "USER1", ""));
	finish(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_CHECKED);
	assert_true(describe(request, pool_id).changed_users.value >= MANY);
	assert_str_equal(content(request, pool_id), before);
	assert_int_equal(house_count(*state, "sign_in_name"), MANY + 1);
	assert_int_equal(house_count(*state, "stale_name_space"), 0);
	check_called(*state, pool_id, "USER2", "-");
	request_free(&request);
}

static void test_cancelled(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	struct user_pool_migration_type *migration;
	insert_many(*state, pool_id);
	start(*state, pool_id, "\"CaseSensitive\":false");
	step_at(*state, NOW);
	assert_refused(request, begin(request, pool_id, "\"CaseSensitive\":false", &migration),
		ERROR_CONCURRENT_MODIFICATION, "The user pool is being migrated.");
	assert_ok(request, pool_migration_cancel(request, pool_id, &migration));
	assert_int_equal(migration->state, USER_POOL_MIGRATION_STATE_TYPE_CANCELLED);
	assert_int_equal(migration->checked_users.value, BATCH);
	finish(*state);
	assert_int_equal(house_count(*state, "sign_in_name"), MANY);
	check_called(*state, pool_id, "USER1", "-");
	/* Once more is not too much, and another one can begin. */
	assert_ok(request, pool_migration_cancel(request, pool_id, &migration));
	assert_int_equal(migration->state, USER_POOL_MIGRATION_STATE_TYPE_CANCELLED);
	migrate(*state, pool_id, "\"CaseSensitive\":false", USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	assert_ok(request, pool_migration_cancel(request, pool_id, &migration));
	assert_int_equal(migration->state, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	check_called(*state, pool_id, "USER1", "User1");
	request_free(&request);
}

/* --- While it is under way --- */

static void reopen(struct house *house)
{
	str problem = STR("");
	store_close(&house->store);
	house->store = store_open(house->arena, &house->settings, &problem);
	if (!house->store)
		fail_msg("%.*s", STR_ARG(problem));
}

static void test_goes_on_after_a_crash(void **state)
{
	str pool_id = house_pool(*state, PLAIN);
	insert_many(*state, pool_id);
	start(*state, pool_id, "\"CaseSensitive\":false,\"AliasAttributes\":[\"email\"]");
	assert_int_equal(step_at(*state, NOW), 0);
	reopen(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_RUNNING);
	for (int i = 0; i < 2; i++)
		check_called(*state, pool_id, i ? "user1@example.com" : "USER1", "-");
	check_called(*state, pool_id, "User1", "User1");
	finish(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	reopen(*state);
	check_called(*state, pool_id, "USER1@example.com", "User1");
	check_called(*state, pool_id, "user450", "User450");
	/* The old names go when nobody can ask for them any more. */
	assert_int_equal(house_count(*state, "sign_in_name"), 3 * MANY);
	assert_true(step_at(*state, NOW) > 0);
	while (step_at(*state, NOW + MINUTE) == 0)
		;
	assert_int_equal(step_at(*state, NOW + MINUTE), BACKGROUND_WHEN_ASKED);
	assert_int_equal(house_count(*state, "sign_in_name"), 2 * MANY);
	check_called(*state, pool_id, "user450", "User450");
}

/* Ids tell on which side of the work a user is: User1 is behind it, User450 before. */
static void test_what_is_written_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	str client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	insert_many(*state, pool_id);
	start(*state, pool_id,
		"\"CaseSensitive\":false,\"AliasAttributes\":[\"email\"],\"RequiredAttributes\":[\"email\"]");
	step_at(*state, NOW);
	/* New users fit both rules. */
	assert_ok(request, enrol(request, client_id, "Newcomer", "email=new@example.com"));
	assert_refused(request, enrol(request, client_id, "USER1", "email=u@example.com"),
		ERROR_USERNAME_EXISTS, "An account with the given username already exists.");
	assert_refused(request, enrol(request, client_id, "lacking", ""), ERROR_INVALID_PARAMETER,
		"Attributes did not conform to the schema: email: The attribute is required");
	assert_refused(request, enrol(request, client_id, "a@example.com", "email=a@example.com"),
		ERROR_INVALID_PARAMETER,
		"The user pool is being migrated, and the username would not be valid.");
	/* So do those who have been looked at. */
	assert_refused(request,
		set_attributes(request, pool_id, "User1", "email=USER2@example.com,email_verified=true"),
		ERROR_ALIAS_EXISTS, "An account with the given email already exists.");
	assert_refused(request, set_attributes(request, pool_id, "User1", "email="), ERROR_INVALID_PARAMETER,
		"Attributes did not conform to the schema: email: The attribute is required");
	assert_ok(request,
		set_attributes(request, pool_id, "User1", "email=One@example.com,email_verified=true"));
	assert_ok(request, set_attributes(request, pool_id, "User2", "email_verified=false"));
	assert_ok(request,
		set_attributes(request, pool_id, "User450", "email=last@example.com,email_verified=true"));
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_ok(request, user_delete(request, pool, STR("User3")));
	assert_ok(request, user_delete(request, pool, STR("User449")));
	finish(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	static const struct {
		const char *name, *username;
	} names[] = {
		{ "NEWCOMER", "Newcomer" },
		{ "one@example.com", "User1" },
		{ "user1@example.com", "-" },
		{ "user2@example.com", "-" },
		{ "LAST@example.com", "User450" },
		{ "user3", "-" },
		{ "user449", "-" },
		{ "user448", "User448" },
		{ "lacking", "-" },
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		check_called(*state, pool_id, names[i].name, names[i].username);
	request_free(&request);
}

/* Who has not been looked at may still have what will stand against the migration; then nothing is refused
 * any more. */
static void test_a_conflict_that_comes_up_late(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	str client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	insert_many(*state, pool_id);
	start(*state, pool_id, "\"AliasAttributes\":[\"email\"]");
	step_at(*state, NOW);
	assert_ok(request,
		set_attributes(request, pool_id, "User399", "email=User1@example.com,email_verified=true"));
	step_at(*state, NOW);
	assert_ok(request, enrol(request, client_id, "a@example.com", ""));
	assert_ok(request,
		set_attributes(request, pool_id, "User2", "email=User1@example.com,email_verified=true"));
	finish(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
	request_free(&request);
}

/* An address that moves to whoever proves it moves in both. */
static void test_an_alias_that_is_taken_over(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, ALIASES);
	insert_many(*state, pool_id);
	insert_user(*state, pool_id, '0', "first", VERIFIED("Shared@example.com"));
	start(*state, pool_id, "\"CaseSensitive\":false");
	step_at(*state, NOW);
	const struct admin_create_user_request input = {
		.user_pool_id = pool_id,
		.username = STR("second"),
		.user_attributes = house_attributes(request, VERIFIED("Shared@example.com")),
		.force_alias_creation = optional_bool(true),
	};
	struct user_type created;
	assert_ok(request, user_admin_create(request, &input, &created));
	finish(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	check_called(*state, pool_id, "shared@example.com", "second");
	check_called(*state, pool_id, "FIRST", "first");
	request_free(&request);
}

static void finish_all(const void *house)
{
	finish(house);
}

/* The pool is found, then its rules change, then the names are written. */
static void test_a_write_that_the_switch_overtakes(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	str client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	house_user(*state, pool_id, "jane", "");
	start(*state, pool_id, "\"CaseSensitive\":false");
	interruption_set(finish_all, *state);
	assert_refused(request, enrol(request, client_id, "JANE", ""), ERROR_TOO_MANY_REQUESTS, JUST_NOW);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	assert_refused(
		request, enrol(request, client_id, "JANE", ""), ERROR_USERNAME_EXISTS, "User already exists");
	request_free(&request);
}

/* Other settings may change meanwhile: neither change is lost. */
static void test_settings_that_change_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	start(*state, pool_id, "\"CaseSensitive\":false,\"RequiredAttributes\":[\"email\"]");
	const struct update_user_pool_request update = { .user_pool_id = pool_id,
		.pool_name = STR("renamed") };
	struct add_custom_attributes_request custom = { .user_pool_id = STR_NONE };
	str json = arena_printf(request->arena,
		"{\"UserPoolId\":\"%.*s\",\"CustomAttributes\":[{\"Name\":\"team\",\"AttributeDataType\":"
		"\"String\"}]}",
		STR_ARG(pool_id));
	house_decode(request, &spec_type_add_custom_attributes_request, json.data, &custom);
	assert_ok(request, pool_update(request, &update));
	assert_ok(request, pool_add_attributes(request, &custom));
	finish(*state);
	check_state(*state, pool_id, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_str_equal(pool->settings.name, STR("renamed"));
	assert_non_null(pool_schema_attribute(pool, STR("custom:team")));
	assert_true(pool_schema_attribute(pool, STR("email"))->required.value);
	assert_false(pool->is_case_sensitive);
	request_free(&request);
}

static void test_a_pool_that_is_deleted_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, PLAIN);
	insert_many(*state, pool_id);
	start(*state, pool_id, "\"CaseSensitive\":false");
	step_at(*state, NOW);
	assert_ok(request, pool_delete(request, pool_id));
	finish(*state);
	assert_int_equal(house_count(*state, "sign_in_name"), 0);
	assert_int_equal(house_count(*state, "user_pool_migration"), 0);
	request_free(&request);
}

/* --- What cannot be --- */

static const struct {
	const char *members, *message;
} mistakes[] = {
	{ "\"DryRun\":true", "The user pool has these rules already." },
	{ "\"CaseSensitive\":true,\"AliasAttributes\":[]", "The user pool has these rules already." },
	{ "\"RequiredAttributes\":[\"nosuch\"]", "Attribute nosuch cannot be required." },
	{ "\"RequiredAttributes\":[\"custom:team\"]", "Attribute custom:team cannot be required." },
	{ "\"RequiredAttributes\":[\"email_verified\"]", "Attribute email_verified cannot be required." },
	{ "\"RequiredAttributes\":[\"sub\"]", "Attribute sub cannot be required." },
	{ "\"RequiredAttributes\":[\"email\",\"email\"]", "Attribute email is given more than once." },
	{ "\"AliasAttributes\":[\"email\",\"email\"]", "A sign-in name is given more than once." },
	{ "\"UsernameAttributes\":[\"email\",\"email\"]", "A sign-in name is given more than once." },
	{ "\"UsernameAttributes\":[\"email\"],\"AliasAttributes\":[\"email\"]",
		"Only one of the aliasAttributes or usernameAttributes can be set in a user pool." },
};

static void test_refused_at_once(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_migration_type *migration;
	str pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"team\",\"AttributeDataType\":\"String\"}]}");
	str none = arena_printf(request->arena, "User pool %.*s has not been migrated.", STR_ARG(pool_id));
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
		assert_refused(request, begin(request, pool_id, mistakes[i].members, &migration),
			ERROR_INVALID_PARAMETER, mistakes[i].message);
	assert_refused(request, pool_migration_describe(request, pool_id, &migration),
		ERROR_RESOURCE_NOT_FOUND, none.data);
	assert_refused(request, pool_migration_cancel(request, pool_id, &migration), ERROR_RESOURCE_NOT_FOUND,
		none.data);
	assert_refused(request,
		begin(request, STR("us-east-1_Nowhere00"), "\"CaseSensitive\":false", &migration),
		ERROR_RESOURCE_NOT_FOUND, "User pool us-east-1_Nowhere00 does not exist.");
	request_free(&request);
}

static void test_a_client_that_could_sign_nobody_up(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_migration_type *migration;
	str pool_id = house_pool(*state, PLAIN);
	house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	str client_id =
		house_client(*state, pool_id, "{\"ClientName\":\"c\",\"WriteAttributes\":[\"email\"]}");
	str message = arena_printf(request->arena,
		"User pool client %.*s may not write nickname: nobody could sign up through it.",
		STR_ARG(client_id));
	assert_refused(request,
		begin(request, pool_id, "\"RequiredAttributes\":[\"email\",\"nickname\"]", &migration),
		ERROR_INVALID_PARAMETER, message.data);
	migrate(*state, pool_id, "\"RequiredAttributes\":[\"email\"]",
		USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	request_free(&request);
}

/* --- In the background --- */

static void test_the_migrator(void **state)
{
	struct house *house = *state;
	struct request *request = house_request(house);
	str pool_id = house_pool(house, PLAIN);
	insert_many(house, pool_id);
	start(house, pool_id, "\"CaseSensitive\":false,\"DryRun\":true");
	struct pool_migrator *migrator = pool_migrator_start(&house->settings, house->sealer, house->store);
	while (describe(request, pool_id).state == USER_POOL_MIGRATION_STATE_TYPE_RUNNING)
		sched_yield();
	start(house, pool_id, "\"CaseSensitive\":false");
	while (describe(request, pool_id).state == USER_POOL_MIGRATION_STATE_TYPE_RUNNING)
		sched_yield();
	pool_migrator_stop(&migrator);
	check_state(house, pool_id, USER_POOL_MIGRATION_STATE_TYPE_COMPLETED);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names_follow_the_rules, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_required_attributes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_shown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lists_by_user_name_follow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_conflicts_leave_everything_as_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_users_who_would_lose_their_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values_that_are_no_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_who_must_choose_a_password_may_lack_an_attribute, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_sub_as_a_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_conflicts_are_listed_in_pages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_dry_run_changes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cancelled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_goes_on_after_a_crash, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_written_meanwhile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_conflict_that_comes_up_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_an_alias_that_is_taken_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_write_that_the_switch_overtakes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_settings_that_change_meanwhile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_pool_that_is_deleted_meanwhile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_client_that_could_sign_nobody_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_migrator, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
