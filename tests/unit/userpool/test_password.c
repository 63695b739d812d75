/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "userpool/password.h"

#include "base/fatal.h"
#include "crypto/srp.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

#define POLICY(members) "{\"PoolName\":\"p\",\"Policies\":{\"PasswordPolicy\":{" members "}}}"

enum { STANDARD, LONG, UPPER, LOWER, NUMBER, SYMBOL, LOOSE, POOLS };

static const char *const pool_settings[POOLS] = {
	[STANDARD] = "{\"PoolName\":\"p\"}",
	[LONG] = POLICY("\"MinimumLength\":99"),
	[UPPER] = POLICY("\"MinimumLength\":6,\"RequireUppercase\":true"),
	[LOWER] = POLICY("\"MinimumLength\":6,\"RequireLowercase\":true"),
	[NUMBER] = POLICY("\"MinimumLength\":6,\"RequireNumbers\":true"),
	[SYMBOL] = POLICY("\"MinimumLength\":6,\"RequireSymbols\":true"),
	[LOOSE] = POLICY("\"MinimumLength\":6"),
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

/* --- The policy --- */

#define REFUSAL      "Password did not conform with policy: Password "
#define FORM \
	"Password did not conform with policy: Password must have at most 256 characters and no space at its ends"
#define SHORT        REFUSAL "not long enough"
#define MISSES(kind) REFUSAL "must have " kind " characters"

static const struct {
	size_t pool;
	const char *password;
	const char *message; /* NULL: it is fine */
} policies[] = {
	{ STANDARD, "Passw0rd!", NULL },
	{ STANDARD, "aA1!aA1!", NULL },
	{ STANDARD, "aA1!aA1", SHORT },
	{ STANDARD, "", SHORT },
	{ STANDARD, "passw0rd!", MISSES("uppercase") },
	{ STANDARD, "PASSW0RD!", MISSES("lowercase") },
	{ STANDARD, "Password!", MISSES("numeric") },
	{ STANDARD, "Passw0rdx", MISSES("symbol") },
	{ STANDARD, "abcdefgh", MISSES("uppercase") },
	{ STANDARD,
		"\xc3\x89\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"1!",
		NULL },
	{ STANDARD,
		"\xc3\x89\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"1!",
		SHORT },
	{ LONG, "a b c d e f g h i j k l m n o p q r s t u v w x y z ", SHORT },
	{ UPPER, "aaaaaB", NULL },
	{ UPPER, "aaaaa\xd0\x96", NULL },
	{ UPPER, "aaaaa\xd0\xb6", MISSES("uppercase") },
	{ UPPER, "aaaaa\n\nB", FORM },
	{ LOWER, "AAAAAb", NULL },
	{ LOWER, "AAAAA\xd0\xb6", NULL },
	{ LOWER, "AAAAA\xd0\x96", MISSES("lowercase") },
	{ LOWER, "\xe5\x90\x8d\xe5\x89\x8d\xe5\x90\x8d\xe5\x89\x8d\xe5\x90\x8d\xe5\x89\x8d",
		MISSES("lowercase") },
	{ NUMBER, "aaaaa1", NULL },
	{ NUMBER, "aaaaa\xd9\xa1", NULL },
	{ NUMBER, "aaaaa\xc2\xbd", MISSES("numeric") },
	{ SYMBOL, "aaaaaa", MISSES("symbol") },
	{ SYMBOL, "aaa aa", NULL },
	{ SYMBOL, "aaaaa\xc2\xa7", MISSES("symbol") },
	{ SYMBOL, "aaaaa\xe2\x82\xac", MISSES("symbol") },
	{ LOOSE, "aaaaaa", NULL },
	{ LOOSE, "      ", FORM },
	{ LOOSE, " aaaaaa", FORM },
	{ LOOSE, "aaaaaa ", FORM },
	{ LOOSE, "aaaaa", SHORT },
};

static void check_policy(const struct house *house, size_t pool, str password, const char *message)
{
	struct request *request = house_request(house);
	if (message)
		assert_refused(request, password_check_policy(request, find_pool(request, pool), password),
			ERROR_INVALID_PASSWORD, message);
	else
		assert_ok(request, password_check_policy(request, find_pool(request, pool), password));
	request_free(&request);
}

static void test_policies(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		check_policy(*state, policies[i].pool, str_of(policies[i].password), policies[i].message);
}

/* https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html */
static void test_symbols(void **state)
{
	static const char symbols[] = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";
	for (char c = ' '; c < 0x7f; c++) {
		char password[] = "aaa?aa";
		password[3] = c;
		check_policy(*state, SYMBOL, str_of(password), strchr(symbols, c) ? NULL : MISSES("symbol"));
	}
}

/* --- What is kept --- */

static void make(struct request *request, str password, struct password *made)
{
	assert_ok(request,
		password_make(request, find_pool(request, LOOSE), STR("id"), STR("jane"), password, made));
}

static bool matches(struct request *request, const struct password *kept, str password)
{
	bool is_right;
	assert_ok(request, password_matches(request, kept, password, &is_right));
	return is_right;
}

static void test_matches(void **state)
{
	static const str wrong[] = { STR_INIT("Secret"), STR_INIT("secret "), STR_INIT("secre"), STR_INIT(""),
		STR_INIT("secret\0"), { NULL, 0 } };
	struct request *request = house_request(*state);
	struct password kept;
	make(request, STR("secret"), &kept);
	assert_true(matches(request, &kept, STR("secret")));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(matches(request, &kept, wrong[i]));
	request_free(&request);
}

static void test_make(void **state)
{
	struct request *request = house_request_at(*state, 1234567);
	struct password one, again;
	make(request, STR("secret"), &one);
	make(request, STR("secret"), &again);
	assert_int_equal(one.set_at, 1234567);
	assert_true(str_has_prefix(one.phc, STR("$argon2id$v=19$m=1024,t=1,p=1$")));
	assert_int_equal(one.srp_salt.len, 32);
	assert_false(str_equal(one.phc, again.phc));
	assert_false(str_equal(one.srp_salt, again.srp_salt));
	assert_false(str_equal(one.sealed_srp_verifier, again.sealed_srp_verifier));
	request_free(&request);
}

static void test_long_password(void **state)
{
	struct request *request = house_request(*state);
	struct password kept;
	str longest = (str){ arena_alloc(request->arena, 1024), 1024 };
	memset((char *)longest.data, 'x', longest.len);
	make(request, longest, &kept);
	assert_true(matches(request, &kept, longest));
	assert_false(matches(request, &kept, str_slice(longest, 0, 1023)));
	request_free(&request);
}

static void test_no_password(void **state)
{
	struct request *request = house_request(*state);
	const struct password none = { .set_at = 0 };
	str verifier;
	bool found;
	assert_false(matches(request, &none, STR("secret")));
	assert_false(matches(request, &none, STR("")));
	assert_false(matches(request, &none, STR_NONE));
	assert_ok(request, password_srp_verifier(request, STR("id"), &none, &verifier, &found));
	assert_false(found);
	request_free(&request);
}

static void test_spoiled_hash(void **state)
{
	static const str spoiled[] = { STR_INIT(""), STR_INIT("secret"),
		STR_INIT("$argon2id$v=19$m=1024,t=1,p=1$"), STR_INIT("$2b$12$abcdefghijklmnopqrstuu") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(spoiled); i++) {
		const struct password kept = { .phc = spoiled[i] };
		bool is_right = true;
		assert_refused(request, password_matches(request, &kept, STR("secret"), &is_right),
			ERROR_INTERNAL, "Internal server error");
		assert_false(is_right);
	}
	request_free(&request);
}

/* --- For SRP --- */

static void test_srp_verifier(void **state)
{
	struct request *request = house_request(*state);
	const struct user_pool *pool = find_pool(request, LOOSE);
	struct password kept;
	str verifier;
	bool found;
	make(request, STR("secret"), &kept);
	assert_ok(request, password_srp_verifier(request, STR("id"), &kept, &verifier, &found));
	assert_true(found);
	assert_str_equal(verifier, srp_verifier_with_salt(request->arena, kept.srp_salt, pool->short_name,
					   STR("jane"), STR("secret")));
	assert_null(memmem(kept.sealed_srp_verifier.data, kept.sealed_srp_verifier.len, verifier.data, 16));
	request_free(&request);
}

/* A verifier cannot be moved to another user's row. */
static void test_srp_verifier_of_another(void **state)
{
	struct request *request = house_request(*state);
	struct password kept;
	str verifier;
	bool found;
	make(request, STR("secret"), &kept);
	assert_refused(request, password_srp_verifier(request, STR("other"), &kept, &verifier, &found),
		ERROR_INTERNAL, "The user's password cannot be read.");
	((char *)kept.sealed_srp_verifier.data)[40] ^= 1;
	assert_refused(request, password_srp_verifier(request, STR("id"), &kept, &verifier, &found),
		ERROR_INTERNAL, "The user's password cannot be read.");
	request_free(&request);
}

/* --- Random passwords --- */

static void test_random(void **state)
{
	for (size_t i = 0; i < POOLS; i++) {
		struct request *request = house_request(*state);
		const struct user_pool *pool = find_pool(request, i);
		str one = password_random(request, pool), other = password_random(request, pool);
		assert_ok(request, password_check_policy(request, pool, one));
		assert_int_equal(one.len, i == LONG ? 99 : 12);
		assert_false(str_equal(one, other));
		request_free(&request);
	}
}

/* It satisfies a policy that is made stricter later, and nobody misreads it. */
static void test_random_letters(void **state)
{
	struct request *request = house_request(*state);
	for (int i = 0; i < 100; i++) {
		str password = password_random(request, find_pool(request, LOOSE));
		assert_ok(request, password_check_policy(request, find_pool(request, STANDARD), password));
		for (size_t k = 0; k < password.len; k++)
			assert_null(strchr("0O1Il <>&\"'", password.data[k]));
	}
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_long_password),
		cmocka_unit_test(test_no_password),
		cmocka_unit_test(test_spoiled_hash),
		cmocka_unit_test(test_srp_verifier),
		cmocka_unit_test(test_srp_verifier_of_another),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_letters),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
