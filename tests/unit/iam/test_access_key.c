/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "iam/access_key.h"

#include "base/fatal.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"

static bool consists_of(str text, const char *alphabet)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr(alphabet, text.data[i]))
			return false;
	return true;
}

static void keys_look_as_clients_expect(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct access_key key = access_key_draw(arena), other = access_key_draw(arena);
	assert_int_equal(key.id.len, 20);
	assert_true(str_has_prefix(key.id, STR("AKIA")));
	assert_true(consists_of(str_from(key.id, 4), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
	assert_int_equal(key.secret.len, 40);
	assert_true(
		consists_of(key.secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"));
	assert_false(str_equal(key.id, other.id));
	assert_false(str_equal(key.secret, other.secret));
	arena_free(&arena);
}

/* A key of the house, found by another request than the one that made it. */
static struct access_key create(const struct house *house, struct request *request, bool is_root)
{
	struct request *maker = house_request(house);
	struct access_key made, key;
	bool found;
	assert_ok(maker, access_key_create(maker, is_root, &made));
	assert_ok(request, access_key_find(request, made.id, &key, &found));
	assert_true(found);
	assert_str_equal(key.id, made.id);
	assert_str_equal(key.secret, made.secret);
	assert_int_equal(key.is_root, is_root);
	assert_true(key.created_at == maker->now);
	request_free(&maker);
	return key;
}

static void what_is_created_is_found(void **state)
{
	struct request *request = house_request(*state);
	create(*state, request, true);
	create(*state, request, false);
	request_free(&request);
}

static void only_whole_ids_are_found(void **state)
{
	struct request *request = house_request(*state);
	struct access_key key = create(*state, request, true);
	const str ids[] = { STR(""), STR("AKIA"), STR("AKIAAAAAAAAAAAAAAAAA"),
		str_slice(key.id, 0, key.id.len - 1), arena_printf(request->arena, "%sA", key.id.data),
		STR("%"), STR("' OR 1=1 --") };
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		bool found = true;
		assert_ok(request, access_key_find(request, ids[i], &key, &found));
		assert_case(!found, ids[i].data);
	}
	request_free(&request);
}

static void deleted_keys_are_gone(void **state)
{
	struct request *request = house_request(*state);
	struct access_key key = create(*state, request, true), other = create(*state, request, true);
	bool found;
	assert_ok(request, access_key_delete(request, key.id, &found));
	assert_true(found);
	assert_ok(request, access_key_delete(request, key.id, &found));
	assert_false(found);
	assert_ok(request, access_key_find(request, key.id, &key, &found));
	assert_false(found);
	assert_ok(request, access_key_find(request, other.id, &other, &found));
	assert_true(found);
	request_free(&request);
}

static void lists_are_paged_by_id(void **state)
{
	enum { COUNT = ACCESS_KEY_PAGE_SIZE + 3 };
	struct request *request = house_request(*state);
	struct access_key *keys;
	size_t total = 0, count;
	str last = STR("");
	for (int i = 0; i < COUNT; i++)
		create(*state, request, i % 2);
	do {
		assert_ok(request, access_key_list(request, last, &keys, &count));
		for (size_t i = 0; i < count; i++) {
			assert_true(str_compare(last, keys[i].id) < 0);
			assert_false(str_is_set(keys[i].secret));
			assert_true(keys[i].created_at > 0);
			last = keys[i].id;
		}
		assert_true(count <= ACCESS_KEY_PAGE_SIZE);
		total += count;
	} while (count);
	assert_int_equal(total, COUNT);
	request_free(&request);
}

static RESULT insert(struct request *request, void *context)
{
	int64_t changed;
	TRY(store_access_key_insert(request, context, &changed));
	assert_int_equal(changed, 1);
	return OK;
}

/* The row of a key, taken out of the store. */
static struct store_access_key_row take_row(struct request *request, str id)
{
	struct store_access_key_row row;
	bool found;
	assert_ok(request, store_access_key_by_id(
				   request, &(struct store_access_key_by_id_in){ .id = id }, &row, &found));
	assert_true(found);
	assert_ok(request, access_key_delete(request, id, &found));
	return row;
}

static void a_sealed_secret_fits_its_row_only(void **state)
{
	static const struct {
		const char *name;
		bool is_moved, is_raised, opens;
	} cases[] = {
		{ "as it was", false, false, true },
		{ "moved to another id", true, false, false },
		{ "made a root key", false, true, false },
	};
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct access_key key = create(*state, request, false), found_key;
		struct store_access_key_row row = take_row(request, key.id);
		struct store_access_key_insert_in in = {
			.id = cases[i].is_moved ? access_key_draw(request->arena).id : key.id,
			.sealed_secret = row.sealed_secret,
			.is_root = cases[i].is_raised,
			.created_at = row.created_at,
		};
		bool found;
		assert_case(!memmem(row.sealed_secret.data, row.sealed_secret.len, key.secret.data, 8),
			cases[i].name);
		assert_ok(request, store_write(request, insert, &in));
		result outcome = access_key_find(request, in.id, &found_key, &found);
		assert_case(result_is_ok(outcome) == cases[i].opens, cases[i].name);
		assert_case(cases[i].opens || request->error == ERROR_INTERNAL, cases[i].name);
		request_clear_failure(request);
	}
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_look_as_clients_expect),
		cmocka_unit_test_setup_teardown(what_is_created_is_found, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(only_whole_ids_are_found, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(deleted_keys_are_gone, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(lists_are_paged_by_id, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(
			a_sealed_secret_fits_its_row_only, house_set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
