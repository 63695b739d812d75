/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "unit/userpool/house.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "crypto/seal.h"
#include "spec/decode.h"
#include "spec/render.h"
#include "store/store.h"
#include "unit/userpool/mailbox.h"
#include "userpool/client.h"
#include "userpool/group.h"
#include "userpool/membership.h"
#include "userpool/pool.h"
#include "userpool/user_admin.h"

int house_set_up(void **state)
{
	struct arena *arena = arena_new();
	struct house *house = ARENA_NEW(arena, struct house);
	const char *parent = getenv("TMPDIR");
	char *folder = (char *)arena_printf(arena, "%s/house-XXXXXX", parent ? parent : "/tmp").data;
	str problem = STR("");
	assert_non_null(mkdtemp(folder));
	house->arena = arena;
	house->settings = (struct settings){
		.data_dir = str_of(folder),
		.region = STR("us-east-1"),
		.account_id = STR("123456789012"),
		.public_url = STR("http://127.0.0.1:4430"),
		.argon2_memory_kib = 1024,
		.argon2_passes = 1,
	};
	mailbox_empty();
	house->sealer = sealer_new(STR("0123456789abcdef0123456789abcdef"));
	house->store = store_open(arena, &house->settings, &problem);
	if (!house->store)
		fail_msg("%.*s", STR_ARG(problem));
	*state = house;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	return remove(path);
}

int house_tear_down(void **state)
{
	struct house *house = *state;
	struct arena *arena = house->arena;
	store_close(&house->store);
	sealer_free(&house->sealer);
	assert_int_equal(nftw(house->settings.data_dir.data, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
	arena_free(&arena);
	return 0;
}

struct request *house_request(const struct house *house)
{
	struct request *request = request_new();
	request->settings = &house->settings;
	request->sealer = house->sealer;
	request->store = house->store;
	return request;
}

struct request *house_request_at(const struct house *house, int64_t now)
{
	struct request *request = house_request(house);
	request->now = now;
	return request;
}

void house_decode(struct request *request, const struct spec_type *type, const char *json, void *structure)
{
	const struct jsontree *tree = jsontree_parse(request->arena, str_of(json), NULL);
	if (!tree || !result_is_ok(spec_decode(request, type, tree, structure)))
		fail_msg("%s: %.*s", json, STR_ARG(request->message));
}

result house_create_pool(struct request *request, const char *json, struct user_pool_type *created)
{
	struct create_user_pool_request input = { .pool_name = STR_NONE };
	house_decode(request, &spec_type_create_user_pool_request, json, &input);
	return pool_create(request, &input, created);
}

result house_create_client(
	struct request *request, str pool_id, const char *json, struct user_pool_client_type *created)
{
	struct create_user_pool_client_request input = { .user_pool_id = STR_NONE };
	str whole = arena_printf(
		request->arena, "{\"UserPoolId\":\"%.*s\",%s", STR_ARG(pool_id), strchr(json, '{') + 1);
	house_decode(request, &spec_type_create_user_pool_client_request, whole.data, &input);
	return client_create(request, &input, created);
}

str house_pool(const struct house *house, const char *json)
{
	struct request *request = house_request(house);
	struct user_pool_type created;
	assert_ok(request, house_create_pool(request, json, &created));
	str id = arena_copy(house->arena, created.id);
	request_free(&request);
	return id;
}

str house_client(const struct house *house, str pool_id, const char *json)
{
	struct request *request = house_request(house);
	struct user_pool_client_type created;
	assert_ok(request, house_create_client(request, pool_id, json, &created));
	str id = arena_copy(house->arena, created.client_id);
	request_free(&request);
	return id;
}

void house_set_mfa(const struct house *house, str pool_id, const char *members)
{
	struct request *request = house_request(house);
	struct set_user_pool_mfa_config_request input = { .user_pool_id = STR_NONE };
	struct get_user_pool_mfa_config_response set;
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",%s}", STR_ARG(pool_id), members);
	house_decode(request, &spec_type_set_user_pool_mfa_config_request, json.data, &input);
	assert_ok(request, pool_set_mfa(request, &input, &set));
	request_free(&request);
}

struct str_map house_map(struct request *request, const char *text)
{
	struct str_map map = { ARENA_ARRAY(request->arena, struct str_pair, strlen(text)), 0 };
	str rest = *text ? str_of(text) : STR_NONE;
	while (str_is_set(rest)) {
		str value = str_split(&rest, ',');
		map.items[map.count].name = str_split(&value, '=');
		map.items[map.count++].value = value;
	}
	return map;
}

struct attribute_type_list house_attributes(struct request *request, const char *text)
{
	struct str_map map = house_map(request, text);
	struct attribute_type_list list = { ARENA_ARRAY(request->arena, struct attribute_type, map.count),
		0 };
	for (; list.count < map.count; list.count++)
		list.items[list.count] = (struct attribute_type){ .name = map.items[list.count].name,
			.value = map.items[list.count].value };
	return list;
}

str house_user(const struct house *house, str pool_id, const char *username, const char *attributes)
{
	struct request *request = house_request(house);
	const struct admin_create_user_request input = {
		.user_pool_id = pool_id,
		.username = str_of(username),
		.user_attributes = house_attributes(request, attributes),
		.message_action = MESSAGE_ACTION_TYPE_SUPPRESS,
	};
	const struct admin_set_user_password_request password = {
		.user_pool_id = pool_id,
		.username = str_of(username),
		.password = STR(HOUSE_PASSWORD),
		.permanent = optional_bool(true),
	};
	struct user_type created;
	assert_ok(request, user_admin_create(request, &input, &created));
	assert_ok(request, user_admin_set_password(request, &password));
	str sub = arena_copy(house->arena, created.attributes.items[0].value);
	request_free(&request);
	return sub;
}

void house_group(const struct house *house, str pool_id, const char *name, const char *members)
{
	struct request *request = house_request(house);
	struct create_group_request input = { .group_name = STR_NONE };
	struct group_type created;
	str json = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",\"GroupName\":\"%s\"%s}",
		STR_ARG(pool_id), name, members);
	house_decode(request, &spec_type_create_group_request, json.data, &input);
	assert_ok(request, group_create(request, &input, &created));
	request_free(&request);
}

void house_join(const struct house *house, str pool_id, const char *username, const char *group)
{
	struct request *request = house_request(house);
	assert_ok(request, membership_add(request, pool_id, str_of(username), str_of(group)));
	request_free(&request);
}

struct user house_find_user(struct request *request, str pool_id, const char *name)
{
	const struct user_pool *pool;
	struct user user;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_ok(request, user_get(request, pool, str_of(name), &user));
	assert_ok(request, user_load_attributes(request, &user));
	return user;
}

static sqlite3 *open_database(const struct house *house)
{
	sqlite3 *database;
	str path = arena_printf(house->arena, "%.*s/poolwarden.db", STR_ARG(house->settings.data_dir));
	assert_int_equal(sqlite3_open_v2(path.data, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(database, 10000);
	return database;
}

int house_count(const struct house *house, const char *rows)
{
	sqlite3 *database = open_database(house);
	sqlite3_stmt *statement;
	str sql = arena_printf(house->arena, "SELECT count(*) FROM %s", rows);
	assert_int_equal(sqlite3_prepare_v2(database, sql.data, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(database);
	return count;
}

void house_execute(const struct house *house, const char *sql)
{
	sqlite3 *database = open_database(house);
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(database));
	sqlite3_close(database);
}

str house_render(struct request *request, const struct spec_type *type, const void *structure)
{
	struct buf text = buf_new(request->arena, 1024 * 1024);
	spec_render(&text, type, structure);
	return buf_str(&text);
}
