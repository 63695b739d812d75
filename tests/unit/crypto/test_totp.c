/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "crypto/totp.h"

enum { STEP_MS = 30 * SECOND };

static const str rfc_secret = STR_INIT("12345678901234567890");

/* RFC 6238 appendix B, the rows of SHA1. Its codes have eight digits; six digits are the last ones of them.
 */
static const struct {
	int64_t seconds, step;
	const char *code;
} vectors[] = {
	{ 59, 0x1, "287082" },
	{ 1111111109, 0x23523ec, "081804" },
	{ 1111111111, 0x23523ed, "050471" },
	{ 1234567890, 0x273ef07, "005924" },
	{ 2000000000, 0x3f940aa, "279037" },
	{ 20000000000, 0x27bc86aa, "353130" },
};

static void test_vectors(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		int64_t step = totp_step(vectors[i].seconds * SECOND), used;
		assert_int_equal(step, vectors[i].step);
		assert_str_equal(totp_code(*state, rfc_secret, step), str_of(vectors[i].code));
		assert_int_equal(totp_check(*state, rfc_secret, vectors[i].seconds * SECOND, 0,
					 str_of(vectors[i].code), &used),
			TOTP_RIGHT);
		assert_int_equal(used, step);
	}
}

static void test_steps(void **state)
{
	(void)state;
	assert_int_equal(totp_step(0), 0);
	assert_int_equal(totp_step(STEP_MS - 1), 0);
	assert_int_equal(totp_step(STEP_MS), 1);
	assert_int_equal(totp_step(1738659903123), 57955330);
}

enum { NOW_STEP = 57955330 };

static const struct {
	int64_t code_step; /* whose code it is */
	int64_t last_step;
	enum totp_verdict verdict;
} windows[] = {
	{ NOW_STEP, 0, TOTP_RIGHT },
	{ NOW_STEP - 1, 0, TOTP_RIGHT },
	{ NOW_STEP + 1, 0, TOTP_RIGHT },
	{ NOW_STEP - 2, 0, TOTP_WRONG },
	{ NOW_STEP + 2, 0, TOTP_WRONG },
	/* A step counts once, and none before it any more. */
	{ NOW_STEP, NOW_STEP, TOTP_USED },
	{ NOW_STEP - 1, NOW_STEP, TOTP_USED },
	{ NOW_STEP + 1, NOW_STEP, TOTP_RIGHT },
	{ NOW_STEP, NOW_STEP - 1, TOTP_RIGHT },
	{ NOW_STEP - 1, NOW_STEP - 1, TOTP_USED },
	{ NOW_STEP + 1, NOW_STEP + 1, TOTP_USED },
	{ NOW_STEP, NOW_STEP + 1, TOTP_USED },
	{ NOW_STEP - 2, NOW_STEP - 2, TOTP_WRONG },
};

static void test_window(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		str code = totp_code(*state, rfc_secret, windows[i].code_step);
		for (int64_t offset = 0; offset < STEP_MS; offset += STEP_MS - 1) {
			int64_t step = -1;
			assert_int_equal(totp_check(*state, rfc_secret, NOW_STEP * (int64_t)STEP_MS + offset,
						 windows[i].last_step, code, &step),
				windows[i].verdict);
			assert_int_equal(step, windows[i].verdict == TOTP_RIGHT ? windows[i].code_step : -1);
		}
	}
}

/* Two steps in a row that have one code, found by trying. */
static void test_code_of_two_steps(void **state)
{
	enum { TWIN = 910737 };
	int64_t now = TWIN * (int64_t)STEP_MS, step;
	str code = STR("911617");
	assert_str_equal(totp_code(*state, rfc_secret, TWIN), code);
	assert_str_equal(totp_code(*state, rfc_secret, TWIN + 1), code);
	assert_int_equal(totp_check(*state, rfc_secret, now, 0, code, &step), TOTP_RIGHT);
	assert_int_equal(step, TWIN + 1);
	assert_int_equal(totp_check(*state, rfc_secret, now, TWIN, code, &step), TOTP_RIGHT);
	assert_int_equal(step, TWIN + 1);
	assert_int_equal(totp_check(*state, rfc_secret, now, TWIN + 1, code, &step), TOTP_USED);
}

static const str no_codes[] = { STR_INIT(""), { NULL, 0 }, STR_INIT("287081"), STR_INIT("28708"),
	STR_INIT("2870820"), STR_INIT("94287082"), STR_INIT(" 287082"), STR_INIT("287082 "),
	STR_INIT("28708\xd9\xa2"), STR_INIT("287082\0") };

static void test_other_texts(void **state)
{
	int64_t step;
	for (size_t i = 0; i < ARRAY_LEN(no_codes); i++)
		assert_int_equal(
			totp_check(*state, rfc_secret, 59 * SECOND, 0, no_codes[i], &step), TOTP_WRONG);
}

static void test_another_secret(void **state)
{
	int64_t step;
	assert_int_equal(
		totp_check(*state, STR("12345678901234567891"), 59 * SECOND, 0, STR("287082"), &step),
		TOTP_WRONG);
}

static void test_secrets(void **state)
{
	str one = totp_secret_new(*state), other = totp_secret_new(*state);
	assert_int_equal(one.len, TOTP_SECRET_LEN);
	assert_false(str_equal(one, other));
}

static const struct {
	str secret;
	const char *text;
} texts[] = {
	/* RFC 4648 section 10, without the padding. */
	{ STR_INIT("f"), "MY" },
	{ STR_INIT("fo"), "MZXQ" },
	{ STR_INIT("foob"), "MZXW6YQ" },
	{ STR_INIT("foobar"), "MZXW6YTBOI" },
	{ STR_INIT("01234567890123456789012345678901"),
		"GAYTEMZUGU3DOOBZGAYTEMZUGU3DOOBZGAYTEMZUGU3DOOBZGAYQ" },
};

static void test_secret_text(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_str_equal(totp_secret_text(*state, texts[i].secret), str_of(texts[i].text));
	assert_int_equal(totp_secret_text(*state, totp_secret_new(*state)).len, TOTP_SECRET_TEXT_LEN);
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
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_code_of_two_steps),
		cmocka_unit_test(test_other_texts),
		cmocka_unit_test(test_another_secret),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_secret_text),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
