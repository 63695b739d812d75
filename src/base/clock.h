/* SPDX-License-Identifier: Apache-2.0 */
/* Time: milliseconds since 1970 (UTC) everywhere inside, formatted only at the edges. */
#pragma once

#include "base/buf.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
#define DAY ((int64_t)24 * HOUR)

/* Wall clock, or the fixed time of a test. */
int64_t clock_now(void);

/* Never goes back; for measuring only. Microseconds from an arbitrary start. */
int64_t clock_monotonic_us(void);

/* For tests alone: clock_now() stands still at `milliseconds`; 0 lets it run again. */
void clock_fix(int64_t milliseconds);

/* "2026-11-24T12:40:00Z" */
str clock_iso8601(struct arena *arena, int64_t milliseconds);

/* "2026-11-24T12:40:00.123Z", which every line of the log begins with: cheap within one second. Not before 1970. */
void clock_add_iso8601_ms(struct buf *text, int64_t milliseconds);

/* The basic form of SigV4, "20261124T124000Z". */
str clock_iso8601_basic(struct arena *arena, int64_t milliseconds);

/* Reads the basic form; false when it is anything else or no real date. */
bool clock_parse_iso8601_basic(str text, int64_t *milliseconds);

/* Reads the date of HTTP as it is written today, "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section
   5.6.7); false when it is anything else or no real date. */
bool clock_parse_http_date(str text, int64_t *milliseconds);
