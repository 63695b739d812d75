/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool_key.h"

#include <pthread.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/jsontree.h"
#include "store/statements.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"
#include "userpool/pool_key_stock.h"

static int64_t count_spares(const struct house *house)
{
	struct request *request = house_request(house);
	struct store_signing_key_spare_count_row row;
	bool found;
	assert_ok(request, store_signing_key_spare_count(request, &row, &found));
	request_free(&request);
	return row.count;
}

static void fill_stock(const struct house *house)
{
	struct pool_key_stock *stock = pool_key_stock_start(&house->settings, house->sealer, house->store);
	for (int i = 0; count_spares(house) < POOL_KEY_STOCK_SIZE; i++) {
		assert_true(i < 6000);
		usleep(10000);
	}
	pool_key_stock_stop(&stock);
	assert_null(stock);
}

/* The kid of a key in a key set, after checking the rest (RFC 7517, 4; RFC 7518, 6.3.1). */
static str check_jwk(const struct jsontree *jwk)
{
	assert_str_equal(jsontree_member_string(jwk, "alg"), STR("RS256"));
	assert_str_equal(jsontree_member_string(jwk, "e"), STR("AQAB"));
	assert_str_equal(jsontree_member_string(jwk, "kty"), STR("RSA"));
	assert_str_equal(jsontree_member_string(jwk, "use"), STR("sig"));
	assert_int_equal(jsontree_member_string(jwk, "n").len, 342);
	assert_int_equal(jsontree_object_size(jwk), 6);
	assert_true(jsontree_member_string(jwk, "kid").len > 20);
	return jsontree_member_string(jwk, "kid");
}

static void check_key_set(struct request *request, const struct pool_keys *keys)
{
	const struct jsontree *set = jsontree_parse(request->arena, keys->jwks, NULL);
	assert_non_null(set);
	const struct jsontree *list = jsontree_member(set, "keys");
	assert_int_equal(jsontree_array_size(list), 2);
	assert_false(str_equal(check_jwk(jsontree_array_at(list, 0)), check_jwk(jsontree_array_at(list, 1))));
	assert_true(keys->keys[POOL_KEY_ID] && keys->keys[POOL_KEY_ACCESS]);
	assert_ptr_not_equal(keys->keys[POOL_KEY_ID], keys->keys[POOL_KEY_ACCESS]);
}

static str create_and_find(struct request *request, const struct pool_keys **keys)
{
	struct user_pool_type created;
	const struct user_pool *pool;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	assert_ok(request, pool_find(request, created.id, &pool));
	assert_ok(request, pool_key_find(request, pool, keys));
	return created.id;
}

static void test_keys_from_stock(void **state)
{
	const struct house *house = *state;
	fill_stock(house);
	struct request *request = house_request(house);
	const struct pool_keys *keys;
	create_and_find(request, &keys);
	check_key_set(request, keys);
	assert_int_equal(count_spares(house), POOL_KEY_STOCK_SIZE - 2);
	request_free(&request);
}

static void test_keys_without_stock(void **state)
{
	struct request *request = house_request(*state);
	const struct pool_keys *keys;
	create_and_find(request, &keys);
	check_key_set(request, keys);
	request_free(&request);
}

static void test_keys_stay(void **state)
{
	const struct house *house = *state;
	struct request *request = house_request(house), *later = house_request(house);
	const struct pool_keys *before, *after;
	const struct user_pool *pool;
	str id = create_and_find(request, &before);
	assert_ok(later, pool_update(later, &(struct update_user_pool_request){ .user_pool_id = id }));
	assert_ok(later, pool_find(later, id, &pool));
	assert_ok(later, pool_key_find(later, pool, &after));
	assert_str_equal(after->jwks, before->jwks);
	request_free(&later);
	request_free(&request);
}

struct race {
	const struct house *house;
	str pool_id, jwks;
	pthread_t thread;
	char text[4096];
};

static void *find_keys(void *argument)
{
	struct race *race = argument;
	struct request *request = house_request(race->house);
	const struct user_pool *pool;
	const struct pool_keys *keys;
	if (result_is_ok(pool_find(request, race->pool_id, &pool)) &&
		result_is_ok(pool_key_find(request, pool, &keys)) && keys->jwks.len <= sizeof race->text) {
		memcpy(race->text, keys->jwks.data, keys->jwks.len);
		race->jwks = (str){ race->text, keys->jwks.len };
	}
	request_free(&request);
	return NULL;
}

/* Requests that come together to a pool without keys end with the same keys. */
static void test_race_for_first_keys(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type created;
	struct race races[4];
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	for (size_t i = 0; i < ARRAY_LEN(races); i++) {
		races[i] = (struct race){ .house = *state, .pool_id = created.id };
		assert_int_equal(pthread_create(&races[i].thread, NULL, find_keys, &races[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(races); i++) {
		pthread_join(races[i].thread, NULL);
		assert_true(str_is_set(races[i].jwks));
		assert_str_equal(races[i].jwks, races[0].jwks);
	}
	request_free(&request);
}

static void test_stop_at_once(void **state)
{
	const struct house *house = *state;
	struct pool_key_stock *stock = pool_key_stock_start(&house->settings, house->sealer, house->store);
	pool_key_stock_wake();
	pool_key_stock_stop(&stock);
	pool_key_stock_wake();
	assert_true(count_spares(house) <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_keys_from_stock, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_keys_without_stock, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_keys_stay, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_race_for_first_keys, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(test_stop_at_once, house_set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
