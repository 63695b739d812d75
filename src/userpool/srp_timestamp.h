/* SPDX-License-Identifier: Apache-2.0 */
/* The TIMESTAMP that clients sign: "Tue Feb 4 09:05:03 UTC 2025", in English, in UTC, the day without
 * padding. */
#pragma once

#include "base/str.h"

/* Whether it looks like one. */
bool srp_timestamp_has_form(str text);

/* Milliseconds since 1970 of a text that is exactly what that moment is written like; false for any other. */
bool srp_timestamp_parse(str text, int64_t *milliseconds);
