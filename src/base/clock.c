/* SPDX-License-Identifier: Apache-2.0 */
/* Time. */
#define _GNU_SOURCE /* timegm, strptime */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

enum { TIME_MAX = 40 };

#define ISO8601_BASIC "%Y%m%dT%H%M%SZ"

static atomic_int_fast64_t fixed_time;

int64_t clock_now(void)
{
	if (fixed_time)
		return fixed_time;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void clock_fix(int64_t milliseconds)
{
	fixed_time = milliseconds;
}

static str format_time(struct arena *arena, int64_t milliseconds, const char *format)
{
	time_t seconds = (time_t)(milliseconds / SECOND);
	struct tm utc;
	char text[TIME_MAX];
	gmtime_r(&seconds, &utc);
	size_t len = strftime(text, sizeof text, format, &utc);
	return arena_copy(arena, (str){ text, len });
}

str clock_iso8601(struct arena *arena, int64_t milliseconds)
{
	return format_time(arena, milliseconds, "%Y-%m-%dT%H:%M:%SZ");
}

/* A thread formats each second once. */
void clock_add_iso8601_ms(struct buf *text, int64_t milliseconds)
{
	static _Thread_local char known[TIME_MAX];
	static _Thread_local int64_t known_seconds = -1;
	int64_t seconds = milliseconds / SECOND, rest = milliseconds % SECOND;
	if (seconds != known_seconds) {
		struct tm utc;
		gmtime_r(&(time_t){ seconds }, &utc);
		strftime(known, sizeof known, "%Y-%m-%dT%H:%M:%S.", &utc);
		known_seconds = seconds;
	}
	buf_add(text, str_of(known));
	for (int64_t unit = 100; unit; unit /= 10)
		buf_add_char(text, (char)('0' + rest / unit % 10));
	buf_add_char(text, 'Z');
}

str clock_iso8601_basic(struct arena *arena, int64_t milliseconds)
{
	return format_time(arena, milliseconds, ISO8601_BASIC);
}

/* Reads what strftime() would have written in that format, and nothing else: the round trip refuses the other
   spellings that strptime() is fond of, and dates that the calendar does not have. */
static bool parse_time(str text, const char *format, int64_t *milliseconds)
{
	struct tm utc = { 0 };
	char given[TIME_MAX], again[TIME_MAX];
	if (text.len >= sizeof given || str_find_char(text, '\0') >= 0)
		return false;
	memcpy(given, text.len ? text.data : "", text.len);
	given[text.len] = '\0';
	if (!strptime(given, format, &utc))
		return false;
	time_t seconds = timegm(&utc);
	if (!strftime(again, sizeof again, format, &utc) || strcmp(given, again) != 0)
		return false;
	*milliseconds = (int64_t)seconds * SECOND;
	return true;
}

bool clock_parse_iso8601_basic(str text, int64_t *milliseconds)
{
	return parse_time(text, ISO8601_BASIC, milliseconds);
}

bool clock_parse_http_date(str text, int64_t *milliseconds)
{
	return parse_time(text, "%a, %d %b %Y %H:%M:%S GMT", milliseconds);
}
