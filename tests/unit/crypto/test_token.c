/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "crypto/signing_key.h"
#include "crypto/token.h"
#include "unit/crypto/fixed_key.h"

#define HEADER "{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"RS256\"}"

static struct signing_key *key;

static void test_sign(void **state)
{
	assert_str_equal(token_sign(*state, key, STR("{\"sub\":\"1\"}")), STR(FIXED_KEY_TOKEN));
}

static void test_split(void **state)
{
	struct token_parts parts;
	assert_true(token_split(*state, STR(FIXED_KEY_TOKEN), &parts));
	assert_str_equal(parts.header_json, STR(HEADER));
	assert_str_equal(parts.payload_json, STR("{\"sub\":\"1\"}"));
	assert_int_equal(parts.signature.len, SIGNATURE_LEN);
	assert_true(str_has_prefix(STR(FIXED_KEY_TOKEN), parts.signed_part));
	assert_true(signing_key_verify(key, parts.signed_part, parts.signature));
}

static void test_verify(void **state)
{
	str payload;
	assert_true(token_verify(*state, key, STR(FIXED_KEY_TOKEN), &payload));
	assert_str_equal(payload, STR("{\"sub\":\"1\"}"));
}

static const struct {
	const char *name;
	str token;
} malformed[] = {
	{ "absent", { NULL, 0 } },
	{ "empty", STR_INIT("") },
	{ "one part", STR_INIT("e30") },
	{ "two parts", STR_INIT("e30.e30") },
	{ "four parts", STR_INIT("e30.e30.AAAA.AAAA") },
	{ "dots alone", STR_INIT("..") },
	{ "no signature", STR_INIT("e30.e30.") },
	{ "no header", STR_INIT(".e30.AAAA") },
	{ "no payload", STR_INIT("e30..AAAA") },
	{ "padding", STR_INIT("e30=.e30.AAAA") },
	{ "padding of the signature", STR_INIT("e30.e30.AAA=") },
	{ "plain base64", STR_INIT("e30.e30.++//") },
	{ "white space", STR_INIT("e30.e30.AAAA ") },
	{ "line end", STR_INIT("e30.e30.AAAA\n") },
	{ "NUL", STR_INIT("e30.e30.AA\0A") },
	{ "trailing bits", STR_INIT("e31.e30.AAAA") },
};

static void test_malformed(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
		struct token_parts parts;
		str payload;
		assert_case(!token_split(*state, malformed[i].token, &parts), malformed[i].name);
		assert_case(!token_verify(*state, key, malformed[i].token, &payload), malformed[i].name);
	}
}

static void test_size_limit(void **state)
{
	char *token = arena_alloc(*state, TOKEN_LEN_MAX + 4);
	memset(token, 'A', TOKEN_LEN_MAX + 4);
	token[4] = token[TOKEN_LEN_MAX - 5] = '.';
	struct token_parts parts;
	assert_true(token_split(*state, (str){ token, TOKEN_LEN_MAX }, &parts));
	assert_false(token_split(*state, (str){ token, TOKEN_LEN_MAX + 4 }, &parts));
}

/* A token with any header, really signed with the key. */
static str forge(struct arena *arena, const char *header)
{
	str part = arena_printf(arena, "%.*s.%.*s", STR_ARG(base64url_encode(arena, str_of(header))),
		STR_ARG(base64url_encode(arena, STR("{\"sub\":\"1\"}"))));
	str signature = base64url_encode(arena, signing_key_sign(arena, key, part));
	return arena_printf(arena, "%.*s.%.*s", STR_ARG(part), STR_ARG(signature));
}

static void test_forged_headers(void **state)
{
	static const char *const headers[] = {
		"{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"none\"}",
		"{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"HS256\"}",
		"{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"rs256\"}",
		"{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"RS512\"}",
		"{\"kid\":\"" FIXED_KEY_ID "\"}",
		"{\"kid\":\"another\",\"alg\":\"RS256\"}",
		"{\"alg\":\"RS256\"}",
		"{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"RS256\",\"alg\":\"none\"}",
		"{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"RS256\",\"crit\":[\"x\"],\"x\":1}",
		"null",
	};
	str payload;
	assert_true(token_verify(*state, key, forge(*state, HEADER), &payload));
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		assert_case(!token_verify(*state, key, forge(*state, headers[i]), &payload), headers[i]);
}

/* The classic: the public key as the secret of an HMAC. */
static void test_public_key_as_secret(void **state)
{
	str part = arena_printf(*state, "%.*s.e30",
		STR_ARG(base64url_encode(*state, STR("{\"kid\":\"" FIXED_KEY_ID "\",\"alg\":\"HS256\"}"))));
	struct digest mac = digest_hmac_sha256(signing_key_modulus(*state, key), part);
	str token = arena_printf(*state, "%.*s.%.*s", STR_ARG(part),
		STR_ARG(base64url_encode(*state, digest_str(&mac))));
	str payload;
	assert_false(token_verify(*state, key, token, &payload));
}

static void test_changed_payload(void **state)
{
	struct token_parts parts;
	str payload;
	assert_true(token_split(*state, STR(FIXED_KEY_TOKEN), &parts));
	str token = arena_printf(*state, "%.*s.%.*s.%.*s", STR_ARG(base64url_encode(*state, parts.header_json)),
		STR_ARG(base64url_encode(*state, STR("{\"sub\":\"2\"}"))),
		STR_ARG(base64url_encode(*state, parts.signature)));
	assert_false(token_verify(*state, key, token, &payload));
}

static void test_foreign_key(void **state)
{
	struct signing_key *other = signing_key_generate();
	str payload;
	assert_false(token_verify(*state, other, STR(FIXED_KEY_TOKEN), &payload));
	assert_false(token_verify(*state, key, token_sign(*state, other, STR("{}")), &payload));
	signing_key_free(&other);
}

static int make_arena_and_key(void **state)
{
	struct arena *arena = arena_new();
	str der;
	*state = arena;
	if (base64_decode(arena, STR(FIXED_KEY), &der))
		key = signing_key_from_der(der);
	return key ? 0 : -1;
}

static int free_arena_and_key(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	signing_key_free(&key);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sign),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_size_limit),
		cmocka_unit_test(test_forged_headers),
		cmocka_unit_test(test_public_key_as_secret),
		cmocka_unit_test(test_changed_payload),
		cmocka_unit_test(test_foreign_key),
	};
	return cmocka_run_group_tests(tests, make_arena_and_key, free_arena_and_key);
}
