/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include <pthread.h>

#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/signing_key.h"
#include "unit/crypto/fixed_key.h"

static struct signing_key *key_of(struct arena *arena, const char *base64)
{
	str der;
	assert_true(base64_decode(arena, str_of(base64), &der));
	return signing_key_from_der(der);
}

static void test_fixed(void **state)
{
	struct signing_key *key = key_of(*state, FIXED_KEY);
	assert_non_null(key);
	assert_str_equal(signing_key_id(key), STR(FIXED_KEY_ID));
	assert_str_equal(base64url_encode(*state, signing_key_modulus(*state, key)), STR(FIXED_KEY_MODULUS));
	assert_str_equal(signing_key_exponent(*state, key), STR("\x01\x00\x01"));
	assert_str_equal(base64url_encode(*state, signing_key_sign(*state, key, STR("abc"))),
		STR(FIXED_KEY_SIGNATURE));
	assert_str_equal(base64_encode(*state, signing_key_to_der(*state, key)), STR(FIXED_KEY));
	signing_key_free(&key);
	assert_null(key);
	signing_key_free(&key);
}

static void test_generate(void **state)
{
	struct signing_key *key = signing_key_generate();
	struct signing_key *copy = signing_key_from_der(signing_key_to_der(*state, key));
	assert_int_equal(signing_key_modulus(*state, key).len, SIGNATURE_LEN);
	assert_str_equal(signing_key_id(copy), signing_key_id(key));
	assert_true(signing_key_verify(copy, STR("data"), signing_key_sign(*state, key, STR("data"))));
	signing_key_free(&copy);
	signing_key_free(&key);
}

static void test_refused_keys(void **state)
{
	static const char *const texts[] = { "", "AAAA", LARGE_KEY, CURVE_KEY };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_null(key_of(*state, texts[i]));
	assert_null(signing_key_from_der(STR_NONE));
}

static void test_damaged_key(void **state)
{
	str der;
	assert_true(base64_decode(*state, STR(FIXED_KEY), &der));
	for (size_t len = 0; len < der.len; len += 61)
		assert_null(signing_key_from_der((str){ der.data, len }));
	char *longer = arena_alloc(*state, der.len + 1);
	memcpy(longer, der.data, der.len);
	assert_null(signing_key_from_der((str){ longer, der.len + 1 }));
}

static void test_wrong_signatures(void **state)
{
	struct signing_key *key = key_of(*state, FIXED_KEY);
	str signature = signing_key_sign(*state, key, STR("abc"));
	assert_true(signing_key_verify(key, STR("abc"), signature));
	assert_false(signing_key_verify(key, STR("abd"), signature));
	assert_false(signing_key_verify(key, STR(""), signature));
	assert_false(signing_key_verify(key, STR("abc"), STR_NONE));
	assert_false(signing_key_verify(key, STR("abc"), str_slice(signature, 0, SIGNATURE_LEN - 1)));
	for (size_t i = 0; i < signature.len; i += 15) {
		str copy = arena_copy(*state, signature);
		((char *)copy.data)[i] ^= 1;
		assert_false(signing_key_verify(key, STR("abc"), copy));
	}
	signing_key_free(&key);
}

/* cmocka's assertions belong to the main thread: others only count. */
static void *sign_and_verify(void *shared)
{
	const struct signing_key *key = shared;
	struct arena *arena = arena_new();
	size_t good = 0;
	for (int i = 0; i < 20; i++) {
		str data = arena_printf(arena, "%d", i);
		good += signing_key_verify(key, data, signing_key_sign(arena, key, data));
	}
	arena_free(&arena);
	return (void *)good;
}

static void test_threads(void **state)
{
	struct signing_key *key = key_of(*state, FIXED_KEY);
	pthread_t threads[4];
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, sign_and_verify, key), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *good;
		pthread_join(threads[i], &good);
		assert_int_equal((size_t)good, 20);
	}
	signing_key_free(&key);
}

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_generate),
		cmocka_unit_test(test_refused_keys),
		cmocka_unit_test(test_damaged_key),
		cmocka_unit_test(test_wrong_signatures),
		cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
