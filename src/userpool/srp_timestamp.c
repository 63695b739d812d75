/* SPDX-License-Identifier: Apache-2.0 */
/* Time stamps. Reading forgives (a wrong weekday, a padded day), so what was read is written again and
 * compared. */
#define _GNU_SOURCE /* strptime, timegm */
#include "userpool/srp_timestamp.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/pattern.h"

enum { LEN_MAX = 40 };

bool srp_timestamp_has_form(str text)
{
	static struct pattern form = PATTERN_INIT(
		"[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} [A-Z]{3,4} [0-9]{4}");
	return text.len < LEN_MAX && pattern_matches(&form, text);
}

static str write(const struct tm *time, char text[LEN_MAX])
{
	char front[LEN_MAX], back[LEN_MAX];
	strftime(front, sizeof front, "%a %b", time);
	strftime(back, sizeof back, "%H:%M:%S UTC %Y", time);
	int len = snprintf(text, LEN_MAX, "%s %d %s", front, time->tm_mday, back);
	return (str){ text, (size_t)len };
}

bool srp_timestamp_parse(str text, int64_t *milliseconds)
{
	char given[LEN_MAX] = "", again[LEN_MAX];
	struct tm time = { .tm_isdst = 0 };
	if (text.len >= sizeof given)
		return false;
	memcpy(given, text.data, text.len);
	const char *end = strptime(given, "%a %b %d %H:%M:%S UTC %Y", &time);
	if (!end || *end)
		return false;
	*milliseconds = (int64_t)timegm(&time) * SECOND;
	return str_equal(write(&time, again), text);
}
