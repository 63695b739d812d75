/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "unit/cases.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/settings.h"
#include "crypto/password_hash.h"

#define SALT "MDEyMzQ1Njc4OWFiY2RlZg"
#define HASH "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

static const struct settings cheap = { .argon2_memory_kib = 64, .argon2_passes = 1 };

static struct request *request_with(const struct settings *settings)
{
	struct request *request = request_new();
	request->settings = settings;
	return request;
}

static void test_round_trip(void **state)
{
	static const str passwords[] = { STR_INIT("Passw0rd!"), STR_INIT(""), STR_INIT("a\0b"),
		STR_INIT("\xc3\xa9\xf0\x9f\x94\x91") };
	(void)state;
	struct request *request = request_with(&cheap);
	for (size_t i = 0; i < ARRAY_LEN(passwords); i++) {
		str phc;
		bool matches;
		assert_true(result_is_ok(password_hash_make(request, passwords[i], &phc)));
		assert_true(str_has_prefix(phc, STR("$argon2id$v=19$m=64,t=1,p=1$")));
		for (size_t j = 0; j < ARRAY_LEN(passwords); j++) {
			assert_true(result_is_ok(password_hash_check(request, phc, passwords[j], &matches)));
			assert_int_equal(matches, i == j);
		}
	}
	request_free(&request);
}

static void test_fresh_salt(void **state)
{
	(void)state;
	struct request *request = request_with(&cheap);
	str one, other;
	assert_true(result_is_ok(password_hash_make(request, STR("same"), &one)));
	assert_true(result_is_ok(password_hash_make(request, STR("same"), &other)));
	assert_false(str_equal(one, other));
	request_free(&request);
}

/* Made by libsodium's crypto_pwhash_str(). */
static void test_fixed(void **state)
{
	static const str phc = STR_INIT("$argon2id$v=19$m=256,t=2,p=1$g2nzKu5T4iaEFRZJGQbivg$"
					"yrz2vWFFbytkxy5Og1YCFeEwoZy9jkpKnnWH6FoLSsM");
	(void)state;
	struct request *request = request_with(&cheap);
	bool matches;
	assert_true(result_is_ok(password_hash_check(request, phc, STR("password"), &matches)));
	assert_true(matches);
	request_free(&request);
}

static void test_malformed(void **state)
{
	static const str texts[] = {
		{ NULL, 0 },
		STR_INIT(""),
		STR_INIT("$argon2id$"),
		STR_INIT("$2b$10$abc"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$" SALT),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$" SALT "$"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$" SALT "$AAAA"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" HASH),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$" SALT "$" HASH "$"),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=1$" SALT "$" HASH "A"),
		STR_INIT("x$argon2id$v=19$m=64,t=1,p=1$" SALT "$" HASH),
		STR_INIT("$argon2i$v=19$m=64,t=1,p=1$" SALT "$" HASH),
		STR_INIT("$argon2id$v=16$m=64,t=1,p=1$" SALT "$" HASH),
		STR_INIT("$argon2id$v=19$m=64,t=1,p=2$" SALT "$" HASH),
		STR_INIT("$argon2id$v=19$t=1,m=64,p=1$" SALT "$" HASH),
		STR_INIT("$argon2id$v=19$m=-64,t=1,p=1$" SALT "$" HASH),
		STR_INIT("$argon2id$v=19$m=64,t=0,p=1$" SALT "$" HASH),
		STR_INIT("$argon2id$v=19$m=99999999999,t=1,p=1$" SALT "$" HASH),
		STR_INIT("$argon2id$v=19$m=64,p=1$" SALT "$" HASH),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct request *request = request_with(&cheap);
		bool matches = true;
		assert_false(result_is_ok(password_hash_check(request, texts[i], STR("password"), &matches)));
		assert_int_equal(request->error, ERROR_INTERNAL);
		assert_false(matches);
		request_free(&request);
	}
}

/* Leaves the process 1 GiB of room to map, whatever a sanitizer took already; gives the limit to go back to. */
static struct rlimit limit_memory(void)
{
	struct rlimit before, narrow;
	size_t pages;
	FILE *statistics = fopen("/proc/self/statm", "r");
	assert_non_null(statistics);
	assert_int_equal(fscanf(statistics, "%zu", &pages), 1);
	fclose(statistics);
	assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
	narrow = before;
	narrow.rlim_cur = pages * (size_t)sysconf(_SC_PAGESIZE) + (1u << 30);
	assert_int_equal(setrlimit(RLIMIT_AS, &narrow), 0);
	return before;
}

/* Never told as a wrong password, nor as a right one. */
static void test_out_of_memory(void **state)
{
	(void)state;
	static const struct settings greedy = { .argon2_memory_kib = 4 << 20, .argon2_passes = 1 };
	static const str phc = STR_INIT("$argon2id$v=19$m=4194304,t=1,p=1$" SALT "$" HASH);
	struct request *request = request_with(&greedy);
	struct rlimit before = limit_memory();
	str made;
	bool matches = true;
	assert_false(result_is_ok(password_hash_make(request, STR("password"), &made)));
	assert_int_equal(request->error, ERROR_SERVICE_UNAVAILABLE);
	request_clear_failure(request);
	assert_false(result_is_ok(password_hash_waste(request, STR("password"))));
	assert_int_equal(request->error, ERROR_SERVICE_UNAVAILABLE);
	request_clear_failure(request);
	assert_false(result_is_ok(password_hash_check(request, phc, STR("password"), &matches)));
	assert_int_equal(request->error, ERROR_SERVICE_UNAVAILABLE);
	assert_false(matches);
	assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
	request_free(&request);
}

static void test_waste(void **state)
{
	(void)state;
	struct request *request = request_with(&cheap);
	assert_true(result_is_ok(password_hash_waste(request, STR("password"))));
	request_free(&request);
}

static void *hash_often(void *unused)
{
	(void)unused;
	struct request *request = request_with(&cheap);
	size_t good = 0;
	for (int i = 0; i < 10; i++) {
		str phc;
		good += result_is_ok(password_hash_make(request, STR("password"), &phc));
	}
	request_free(&request);
	return (void *)good;
}

static void test_threads(void **state)
{
	(void)state;
	pthread_t threads[6];
	password_hash_set_parallelism(1);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hash_often, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *good;
		pthread_join(threads[i], &good);
		assert_int_equal((size_t)good, 10);
	}
	password_hash_set_parallelism(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_fresh_salt),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_waste),
		cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
