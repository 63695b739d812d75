/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "crypto/seal.h"

static const str key_one = STR_INIT("0123456789abcdef0123456789abcdef");
static const str key_two = STR_INIT("fedcba9876543210fedcba9876543210");
static const str identity = STR_INIT("user_pool_client:1:secret");

static bool opens(const struct sealer *sealer, struct arena *arena, str sealed, str wanted)
{
	str plain;
	return seal_open(sealer, arena, sealed, identity, &plain) && str_equal(plain, wanted);
}

static void test_round_trip(void **state)
{
	static const str plains[] = { STR_INIT(""), STR_INIT("x"), STR_INIT("a\0b"), { NULL, 0 } };
	struct sealer *sealer = sealer_new(key_one);
	for (size_t i = 0; i < ARRAY_LEN(plains); i++) {
		str sealed = seal_close(sealer, *state, plains[i], identity);
		assert_int_equal(sealed.len, 45 + plains[i].len);
		assert_true(opens(sealer, *state, sealed, plains[i]));
	}
	sealer_free(&sealer);
	assert_null(sealer);
}

static void test_each_seal_differs(void **state)
{
	struct sealer *sealer = sealer_new(key_one);
	assert_false(str_equal(seal_close(sealer, *state, STR("same"), identity),
		seal_close(sealer, *state, STR("same"), identity)));
	sealer_free(&sealer);
}

/* Every bit counts: version, key id, nonce, text and tag. */
static void test_tampered(void **state)
{
	struct sealer *sealer = sealer_new(key_one);
	str sealed = seal_close(sealer, *state, STR("plain"), identity);
	for (size_t i = 0; i < sealed.len * 8; i++) {
		str copy = arena_copy(*state, sealed);
		((char *)copy.data)[i / 8] ^= (char)(1 << i % 8);
		assert_false(opens(sealer, *state, copy, STR("plain")));
	}
	sealer_free(&sealer);
}

static void test_truncated(void **state)
{
	struct sealer *sealer = sealer_new(key_one);
	str sealed = seal_close(sealer, *state, STR("plain"), identity), plain;
	for (size_t len = 0; len < sealed.len; len++)
		assert_false(seal_open(sealer, *state, (str){ sealed.data, len }, identity, &plain));
	assert_false(seal_open(sealer, *state, STR_NONE, identity, &plain));
	sealer_free(&sealer);
}

static void test_wrong_identity(void **state)
{
	static const str others[] = { STR_INIT(""), STR_INIT("user_pool_client:2:secret"),
		STR_INIT("user_pool_client:1:secret "), { NULL, 0 } };
	struct sealer *sealer = sealer_new(key_one);
	str sealed = seal_close(sealer, *state, STR("plain"), identity), plain;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(seal_open(sealer, *state, sealed, others[i], &plain));
	sealer_free(&sealer);
}

static void test_rotation(void **state)
{
	struct sealer *old = sealer_new(key_one), *new = sealer_new(key_two);
	str sealed = seal_close(old, *state, STR("plain"), identity);
	assert_false(opens(new, *state, sealed, STR("plain")));
	assert_true(sealer_add_old_key(new, key_one));
	assert_true(opens(new, *state, sealed, STR("plain")));
	assert_false(opens(old, *state, seal_close(new, *state, STR("plain"), identity), STR("plain")));
	sealer_free(&old);
	sealer_free(&new);
}

static void test_too_many_keys(void **state)
{
	(void)state;
	struct sealer *sealer = sealer_new(key_one);
	for (int i = 0; i < 7; i++)
		assert_true(sealer_add_old_key(sealer, key_two));
	assert_false(sealer_add_old_key(sealer, key_two));
	sealer_free(&sealer);
}

static void test_hash(void **state)
{
	(void)state;
	static const struct {
		str purpose, data;
	} cases[] = {
		{ STR_INIT("code"), STR_INIT("123456") },
		{ STR_INIT("code1"), STR_INIT("23456") },
		{ STR_INIT(""), STR_INIT("code123456") },
		{ STR_INIT("code123456"), STR_INIT("") },
		{ { NULL, 0 }, { NULL, 0 } },
	};
	struct sealer *sealer = sealer_new(key_one), *other = sealer_new(key_two);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct digest hash = seal_hash(sealer, cases[i].purpose, cases[i].data);
		struct digest foreign = seal_hash(other, cases[i].purpose, cases[i].data);
		assert_false(str_equal(digest_str(&hash), digest_str(&foreign)));
		for (size_t j = 0; j < ARRAY_LEN(cases); j++) {
			struct digest compared = seal_hash(sealer, cases[j].purpose, cases[j].data);
			assert_int_equal(str_equal(digest_str(&hash), digest_str(&compared)), i == j);
		}
	}
	sealer_free(&sealer);
	sealer_free(&other);
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
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_each_seal_differs),
		cmocka_unit_test(test_tampered),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_wrong_identity),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_too_many_keys),
		cmocka_unit_test(test_hash),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
