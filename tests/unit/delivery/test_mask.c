/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery/mask.h"

#include "base/fatal.h"
#include "unit/cases.h"

static const struct {
	str (*mask)(struct arena *, str);
	str address, expected;
} mask_cases[] = {
	{ mask_email, STR_INIT("jane@example.com"), STR_INIT("j***@e***") },
	{ mask_email, STR_INIT("j@e"), STR_INIT("j***@e***") },
	{ mask_email, STR_INIT("\xc3\xa9va@\xe4\xbe\x8b.jp"), STR_INIT("\xc3\xa9***@\xe4\xbe\x8b***") },
	{ mask_email, STR_INIT("jane"), STR_INIT("j***") },
	{ mask_email, STR_INIT("@example.com"), STR_INIT("***@e***") },
	{ mask_email, STR_INIT("jane@"), STR_INIT("j***@***") },
	{ mask_email, STR_INIT(""), STR_INIT("***") },
	{ mask_phone_number, STR_INIT("+15555551234"), STR_INIT("+*******1234") },
	{ mask_phone_number, STR_INIT("+4915112345678"), STR_INIT("+*******5678") },
	{ mask_phone_number, STR_INIT("+1234"), STR_INIT("+*******") },
	{ mask_phone_number, STR_INIT(""), STR_INIT("+*******") },
};

static void masks_addresses(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(mask_cases); i++)
		assert_str_equal(mask_cases[i].mask(arena, mask_cases[i].address), mask_cases[i].expected);
	arena_free(&arena);
}

static const struct {
	str text, address, expected;
} within_cases[] = {
	{ STR_INIT("550 <jane@example.com> unknown"), STR_INIT("jane@example.com"),
		STR_INIT("550 <MASK> unknown") },
	{ STR_INIT("550 <Jane@EXAMPLE.com>"), STR_INIT("jane@example.com"), STR_INIT("550 <MASK>") },
	{ STR_INIT("aaa"), STR_INIT("a"), STR_INIT("MASKMASKMASK") },
	{ STR_INIT("aba"), STR_INIT("abab"), STR_INIT("aba") },
	{ STR_INIT("text"), STR_INIT(""), STR_INIT("text") },
	{ STR_INIT(""), STR_INIT("a"), STR_INIT("") },
};

static void masks_within_a_text(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < ARRAY_LEN(within_cases); i++)
		assert_str_equal(
			mask_within(arena, within_cases[i].text, within_cases[i].address, STR("MASK")),
			within_cases[i].expected);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_addresses),
		cmocka_unit_test(masks_within_a_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
