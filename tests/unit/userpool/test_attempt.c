/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/attempt.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

enum { NOW = 1000000000, QUIET_TIME = 15 * MINUTE };

static str pool_id, other_pool_id, folding_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	folding_pool_id = house_pool(
		*state, "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	return 0;
}

static struct attempt_subject subject_in(struct request *request, enum attempt_kind kind, str in_pool,
	const struct user *user, const char *name)
{
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, in_pool, &pool));
	return attempt_subject(request, kind, pool, user, str_of(name));
}

/* --- Guesses --- */

struct guess {
	struct attempt_subject subject;
	bool is_right, is_blocked;
};

static RESULT settle(struct request *request, void *context)
{
	struct guess *guess = context;
	return attempt_settle(request, &guess->subject, guess->is_right, &guess->is_blocked);
}

/* Whether the guess is refused for being tried too often. */
static bool guess_at_kind(
	const struct house *house, enum attempt_kind kind, int64_t now, const char *name, bool is_right)
{
	struct request *request = house_request_at(house, now);
	struct guess guess = { .subject = subject_in(request, kind, pool_id, NULL, name),
		.is_right = is_right };
	bool is_blocked;
	assert_ok(request, attempt_check_blocked(request, &guess.subject, &is_blocked));
	assert_ok(request, store_write(request, settle, &guess));
	/* Both ways to ask agree. */
	assert_int_equal(guess.is_blocked, is_blocked);
	request_free(&request);
	return is_blocked;
}

static bool guess_at(const struct house *house, int64_t now, const char *name, bool is_right)
{
	return guess_at_kind(house, ATTEMPT_PASSWORD, now, name, is_right);
}

static bool fail_at(const struct house *house, int64_t now, const char *name)
{
	return guess_at(house, now, name, false);
}

/* Seconds of the block after each failure in a row. */
static const int64_t blocks[] = { 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900 };

static void test_blocks_double(void **state)
{
	int64_t now = NOW;
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		assert_false(fail_at(*state, now, "doubling"));
		if (blocks[i]) {
			assert_true(fail_at(*state, now, "doubling"));
			assert_true(fail_at(*state, now + blocks[i] * SECOND - 1, "doubling"));
		}
		now += blocks[i] * SECOND;
	}
}

/* Five are free, wherever in the quiet time they come. */
static void test_failures_add_up(void **state)
{
	for (int i = 0; i < 5; i++)
		assert_false(fail_at(*state, NOW + i * (QUIET_TIME - 1), "patient"));
	assert_true(fail_at(*state, NOW + 4 * (QUIET_TIME - 1) + SECOND - 1, "patient"));
}

static void test_tries_while_blocked_do_not_count(void **state)
{
	for (int i = 0; i < 5; i++)
		assert_false(fail_at(*state, NOW, "eager"));
	for (int i = 0; i < 100; i++)
		assert_true(fail_at(*state, NOW + i, "eager"));
	assert_false(fail_at(*state, NOW + SECOND, "eager"));
	/* The sixth that counts. */
	assert_true(fail_at(*state, NOW + 3 * SECOND - 1, "eager"));
	assert_false(fail_at(*state, NOW + 3 * SECOND, "eager"));
}

static void test_right_one_ends_the_count(void **state)
{
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 4; i++)
			assert_false(fail_at(*state, NOW, "forgetful"));
		assert_false(guess_at(*state, NOW, "forgetful", true));
	}
}

static void test_right_one_while_blocked_is_refused(void **state)
{
	for (int i = 0; i < 5; i++)
		assert_false(fail_at(*state, NOW, "hasty"));
	assert_true(guess_at(*state, NOW + SECOND - 1, "hasty", true));
	/* Nor did it end the count. */
	assert_false(fail_at(*state, NOW + SECOND, "hasty"));
	assert_true(guess_at(*state, NOW + 2 * SECOND, "hasty", true));
	assert_false(guess_at(*state, NOW + 3 * SECOND, "hasty", true));
	for (int i = 0; i < 5; i++)
		assert_false(fail_at(*state, NOW + 3 * SECOND, "hasty"));
}

/* Quiet begins when the block is over. */
static const struct {
	int failures;
	int64_t block; /* in seconds */
} quiet_cases[] = { { 1, 0 }, { 4, 0 }, { 5, 1 }, { 9, 16 }, { 15, 900 } };

static int64_t fail_often(const struct house *house, int failures, const char *name)
{
	int64_t now = NOW;
	for (int i = 0; i < failures; i++) {
		assert_false(fail_at(house, now, name));
		now += i + 1 < failures ? blocks[i] * SECOND : 0;
	}
	return now;
}

static void test_quiet_time_resets(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(quiet_cases); i++) {
		struct request *request = house_request(*state);
		str name = arena_printf(request->arena, "quiet-%zu", i);
		int64_t last = fail_often(*state, quiet_cases[i].failures, name.data);
		int64_t quiet_from = last + quiet_cases[i].block * SECOND;
		for (int k = 0; k < 5; k++)
			assert_false(fail_at(*state, quiet_from + QUIET_TIME, name.data));
		assert_true(fail_at(*state, quiet_from + QUIET_TIME, name.data));
		request_free(&request);
	}
}

static void test_less_quiet_does_not_reset(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(quiet_cases); i++) {
		struct request *request = house_request(*state);
		str name = arena_printf(request->arena, "loud-%zu", i);
		int64_t last = fail_often(*state, quiet_cases[i].failures, name.data);
		int64_t later = last + quiet_cases[i].block * SECOND + QUIET_TIME - 1;
		assert_false(fail_at(*state, later, name.data));
		int64_t block = blocks[quiet_cases[i].failures] * SECOND;
		if (block)
			assert_true(guess_at(*state, later + block - 1, name.data, true));
		assert_false(guess_at(*state, later + block, name.data, true));
		request_free(&request);
	}
}

/* A request that waited is settled behind one that arrived later. */
static void test_time_never_goes_back(void **state)
{
	for (int i = 0; i < 4; i++)
		assert_false(fail_at(*state, NOW, "late"));
	assert_false(fail_at(*state, NOW + 500, "late"));
	assert_true(fail_at(*state, NOW, "late"));
	assert_true(fail_at(*state, NOW + SECOND, "late"));
	assert_false(fail_at(*state, NOW + SECOND + 500, "late"));
}

static void test_later_failure_of_an_earlier_request(void **state)
{
	for (int i = 0; i < 4; i++)
		assert_false(fail_at(*state, NOW + 500, "out of order"));
	assert_false(fail_at(*state, NOW, "out of order"));
	assert_true(fail_at(*state, NOW + SECOND + 499, "out of order"));
	assert_false(fail_at(*state, NOW + SECOND + 500, "out of order"));
}

static const struct {
	enum attempt_kind kind;
	int64_t longest_block, quiet;
} kinds[] = {
	{ ATTEMPT_PASSWORD, 15 * MINUTE, 15 * MINUTE },
	{ ATTEMPT_MFA_CODE, HOUR, DAY },
	{ ATTEMPT_SET_UP_MFA, 15 * MINUTE, 15 * MINUTE },
};

static void test_kinds(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		enum attempt_kind kind = kinds[i].kind;
		int64_t now = NOW, block = 0;
		for (int failures = 1; failures < 20; failures++, now += block) {
			assert_false(guess_at_kind(*state, kind, now, "kinds", false));
			block = failures < 5 ? 0 : (int64_t)SECOND << (failures - 5);
			block = block < kinds[i].longest_block ? block : kinds[i].longest_block;
			if (block)
				assert_true(guess_at_kind(*state, kind, now + block - 1, "kinds", true));
		}
		assert_int_equal(block, kinds[i].longest_block);
		now += kinds[i].quiet - 1;
		assert_false(guess_at_kind(*state, kind, now, "kinds", false));
		assert_true(guess_at_kind(*state, kind, now + block - 1, "kinds", false));
		now += block + kinds[i].quiet;
		for (int k = 0; k < 5; k++)
			assert_false(guess_at_kind(*state, kind, now, "kinds", false));
		assert_true(guess_at_kind(*state, kind, now, "kinds", false));
	}
}

/* --- Windows --- */

static RESULT count(struct request *request, void *context)
{
	return attempt_count(request, context);
}

static const struct {
	enum attempt_kind kind;
	int per_hour;
} windows[] = { { ATTEMPT_CONFIRM_SIGN_UP, 15 }, { ATTEMPT_RESEND_CODE, 5 } };

#define TOO_MANY "Attempt limit exceeded, please try after some time."

static void test_windows(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		struct request *request = house_request_at(*state, NOW);
		struct attempt_subject subject = subject_in(request, windows[i].kind, pool_id, NULL, "x");
		for (int k = 0; k < windows[i].per_hour; k++) {
			assert_ok(request, store_write(request, count, &subject));
			request->now += MINUTE;
		}
		assert_refused(
			request, store_write(request, count, &subject), ERROR_LIMIT_EXCEEDED, TOO_MANY);
		/* The hour begins with the first one, and what is refused does not prolong it. */
		request->now = NOW + HOUR - 1;
		assert_refused(
			request, store_write(request, count, &subject), ERROR_LIMIT_EXCEEDED, TOO_MANY);
		request->now = NOW + HOUR;
		for (int k = 0; k < windows[i].per_hour; k++)
			assert_ok(request, store_write(request, count, &subject));
		assert_refused(
			request, store_write(request, count, &subject), ERROR_LIMIT_EXCEEDED, TOO_MANY);
		request_free(&request);
	}
}

static RESULT forget(struct request *request, void *context)
{
	return attempt_forget(request, context);
}

static void test_forgetting(void **state)
{
	struct request *request = house_request(*state);
	struct attempt_subject subject = subject_in(request, ATTEMPT_RESEND_CODE, pool_id, NULL, "forgotten");
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 5; i++)
			assert_ok(request, store_write(request, count, &subject));
		assert_refused(
			request, store_write(request, count, &subject), ERROR_LIMIT_EXCEEDED, TOO_MANY);
		assert_ok(request, store_write(request, forget, &subject));
	}
	/* Also where nothing was counted. */
	assert_ok(request, store_write(request, forget, &subject));
	request_free(&request);
}

/* --- Subjects --- */

static bool is_same(const struct attempt_subject *a, const struct attempt_subject *b)
{
	return str_equal(digest_str(&a->hash), digest_str(&b->hash));
}

static void test_subjects(void **state)
{
	struct request *request = house_request(*state);
	const struct user jane = { .id = STR("11111111-1111-4111-8111-111111111111") };
	const struct user john = { .id = STR("22222222-2222-4222-8222-222222222222") };
	const struct attempt_subject subjects[] = {
		subject_in(request, ATTEMPT_PASSWORD, pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_MFA_CODE, pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_SET_UP_MFA, pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_CONFIRM_SIGN_UP, pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_RESEND_CODE, pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_PASSWORD, pool_id, NULL, "Jane"),
		subject_in(request, ATTEMPT_PASSWORD, other_pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_PASSWORD, folding_pool_id, NULL, "jane"),
		subject_in(request, ATTEMPT_PASSWORD, pool_id, NULL, ""),
		subject_in(request, ATTEMPT_PASSWORD, pool_id, NULL, jane.id.data),
		subject_in(request, ATTEMPT_PASSWORD, pool_id, &jane, "jane"),
		subject_in(request, ATTEMPT_CONFIRM_SIGN_UP, pool_id, &jane, "jane"),
		subject_in(request, ATTEMPT_PASSWORD, pool_id, &john, "jane"),
	};
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		for (size_t k = 0; k < i; k++)
			assert_false(is_same(&subjects[i], &subjects[k]));
	request_free(&request);
}

/* However the user was called, and however nobody is spelled where that makes no difference. */
static void test_names_of_one_subject(void **state)
{
	struct request *request = house_request(*state);
	const struct user jane = { .id = STR("11111111-1111-4111-8111-111111111111") };
	struct attempt_subject by_name = subject_in(request, ATTEMPT_PASSWORD, pool_id, &jane, "jane");
	struct attempt_subject by_address =
		subject_in(request, ATTEMPT_PASSWORD, pool_id, &jane, "j@example.com");
	assert_true(is_same(&by_name, &by_address));
	struct attempt_subject lower =
		subject_in(request, ATTEMPT_PASSWORD, folding_pool_id, NULL, "\xc3\xa9va");
	struct attempt_subject upper =
		subject_in(request, ATTEMPT_PASSWORD, folding_pool_id, NULL, "\xc3\x89VA");
	assert_true(is_same(&lower, &upper));
	request_free(&request);
}

static void test_subjects_count_apart(void **state)
{
	for (int i = 0; i < 5; i++)
		assert_false(fail_at(*state, NOW, "one"));
	assert_true(fail_at(*state, NOW, "one"));
	assert_false(fail_at(*state, NOW, "another"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_double),
		cmocka_unit_test(test_failures_add_up),
		cmocka_unit_test(test_tries_while_blocked_do_not_count),
		cmocka_unit_test(test_right_one_ends_the_count),
		cmocka_unit_test(test_right_one_while_blocked_is_refused),
		cmocka_unit_test(test_quiet_time_resets),
		cmocka_unit_test(test_less_quiet_does_not_reset),
		cmocka_unit_test(test_time_never_goes_back),
		cmocka_unit_test(test_later_failure_of_an_earlier_request),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_forgetting),
		cmocka_unit_test(test_subjects),
		cmocka_unit_test(test_names_of_one_subject),
		cmocka_unit_test(test_subjects_count_apart),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
