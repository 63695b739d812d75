/* SPDX-License-Identifier: Apache-2.0 */
/* Time. */
#define _GNU_SOURCE /* timegm */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

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
	char text[40];
	gmtime_r(&seconds, &utc);
	size_t len = strftime(text, sizeof text, format, &utc);
	return arena_copy(arena, (str){ text, len });
}

str clock_iso8601(struct arena *arena, int64_t milliseconds)
{
	return format_time(arena, milliseconds, "%Y-%m-%dT%H:%M:%SZ");
}

str clock_iso8601_ms(struct arena *arena, int64_t milliseconds)
{
	/* Every log line has one: the digits are put in place rather than printed. */
	str text = format_time(arena, milliseconds, "%Y-%m-%dT%H:%M:%S.000Z");
	char *last = (char *)(uintptr_t)text.data + text.len - 2;
	for (int64_t rest = milliseconds % SECOND; rest; rest /= 10)
		*last-- = (char)('0' + rest % 10);
	return text;
}

str clock_iso8601_basic(struct arena *arena, int64_t milliseconds)
{
	return format_time(arena, milliseconds, "%Y%m%dT%H%M%SZ");
}

static bool digits_at(str text, size_t at, size_t count, int *out)
{
	int64_t value;
	if (!str_to_int64(str_slice(text, at, count), &value) || value < 0)
		return false;
	*out = (int)value;
	return true;
}

bool clock_parse_iso8601_basic(str text, int64_t *milliseconds)
{
	struct tm utc = { 0 };
	if (text.len != 16 || text.data[8] != 'T' || text.data[15] != 'Z')
		return false;
	if (!digits_at(text, 0, 4, &utc.tm_year) || !digits_at(text, 4, 2, &utc.tm_mon) ||
		!digits_at(text, 6, 2, &utc.tm_mday) || !digits_at(text, 9, 2, &utc.tm_hour) ||
		!digits_at(text, 11, 2, &utc.tm_min) || !digits_at(text, 13, 2, &utc.tm_sec))
		return false;
	utc.tm_year -= 1900;
	utc.tm_mon -= 1;
	struct tm given = utc;
	time_t seconds = timegm(&utc);
	/* timegm() carries an impossible date over into the next month: then it differs from what was given. */
	if (utc.tm_mday != given.tm_mday || utc.tm_mon != given.tm_mon || utc.tm_hour != given.tm_hour ||
		utc.tm_min != given.tm_min || utc.tm_sec != given.tm_sec)
		return false;
	*milliseconds = (int64_t)seconds * SECOND;
	return true;
}
