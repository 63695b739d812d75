/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes: cmocka with what it needs, and assertions on our own types. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

#define assert_str_equal(actual, expected)                                                     \
	do {                                                                                   \
		str actual_ = (actual), expected_ = (expected);                                \
		if (!str_equal(actual_, expected_))                                            \
			fail_msg("got \"%.*s\", wanted \"%.*s\"", STR_ARG(actual_), STR_ARG(expected_)); \
	} while (0)

/* An array of cases walked by one loop reports which one failed. */
#define assert_case(condition, name)                                     \
	do {                                                             \
		if (!(condition))                                        \
			fail_msg("case \"%s\": %s", (name), #condition); \
	} while (0)
