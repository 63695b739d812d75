/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"

static const struct {
	str data;
	const char *hex;
} digests[] = {
	/* FIPS 180-4 examples. */
	{ STR_INIT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ { NULL, 0 }, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ STR_INIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ STR_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static void test_sha256(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(digests); i++) {
		struct digest digest = digest_sha256(digests[i].data);
		assert_str_equal(hex_encode(*state, digest_str(&digest)), str_of(digests[i].hex));
	}
}

static const struct {
	const char *key_hex;
	str data;
	const char *hex;
} authentications[] = {
	/* RFC 4231 test cases 1, 2 and 4. */
	{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", STR_INIT("Hi There"),
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "4a656665", STR_INIT("what do ya want for nothing?"),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "", STR_INIT(""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};

static void test_hmac_sha256(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(authentications); i++) {
		str key;
		assert_true(hex_decode(*state, str_of(authentications[i].key_hex), &key));
		struct digest digest = digest_hmac_sha256(key, authentications[i].data);
		assert_str_equal(hex_encode(*state, digest_str(&digest)), str_of(authentications[i].hex));
	}
}

static void test_long_key(void **state)
{
	/* RFC 4231 test case 6. */
	char key[131];
	memset(key, 0xaa, sizeof key);
	struct digest digest = digest_hmac_sha256((str){ key, sizeof key },
		STR("Test Using Larger Than Block-Size Key - Hash Key First"));
	assert_str_equal(hex_encode(*state, digest_str(&digest)),
		STR("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

static void test_parts(void **state)
{
	(void)state;
	const str parts[] = { STR("ab"), STR_NONE, STR(""), STR("c") };
	struct digest whole = digest_sha256(STR("abc")), pieces = digest_sha256_parts(parts, ARRAY_LEN(parts));
	assert_str_equal(digest_str(&pieces), digest_str(&whole));
	whole = digest_hmac_sha256(STR("key"), STR("abc"));
	pieces = digest_hmac_sha256_parts(STR("key"), parts, ARRAY_LEN(parts));
	assert_str_equal(digest_str(&pieces), digest_str(&whole));
}

/* The SECRET_HASH of a client with a secret: user name and client id under the secret. */
static void test_secret_hash(void **state)
{
	const str parts[] = { STR("4f3c2b1a-0000-4000-8000-1234567890ab"), STR("1example23456789") };
	struct digest digest = digest_hmac_sha256_parts(STR("my-client-secret"), parts, ARRAY_LEN(parts));
	assert_str_equal(base64_encode(*state, digest_str(&digest)),
		STR("N3AInHv+Yju+HcBKNvPSCj9n3hZw2Y22ex8bI3VokjI="));
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
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_hmac_sha256),
		cmocka_unit_test(test_long_key),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_secret_hash),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
