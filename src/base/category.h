/* SPDX-License-Identifier: Apache-2.0 */
/* Categories of operations that share a quota, and rates for them as an operator writes them down. */
#pragma once

#include "base/str.h"

enum category {
	CATEGORY_NONE, /* never limited */
#define CATEGORY(code, name, usual_rate) CATEGORY_##code,
#include "base/category.def"
#undef CATEGORY
	CATEGORY_COUNT
};

/* Requests per second by category; 0 where there is no limit. */
struct category_rates {
	int64_t of[CATEGORY_COUNT];
};

enum { CATEGORY_RATE_MAX = 1000000 };

/* "UserAuthentication"; absent for CATEGORY_NONE. */
str category_name(enum category category);

/* The category of that name, CATEGORY_NONE when there is none. */
enum category category_by_name(str name);

/* What Cognito allows an account without being asked. */
int64_t category_usual_rate(enum category category);

/* Reads what an operator wrote: "off", "cognito" (the usual rate of each category), and NAME=RATE, separated by commas;
   what comes later counts. False when it is malformed. */
bool category_rates_parse(str text, struct category_rates *rates);
