/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8. */
#include "base/utf8.h"

/* Length of the sequence that starts at `at`, 0 when it is ill-formed. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
	if (at[0] < 0x80)
		return 1;
	size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
	if (at[0] < 0xc2 || at[0] > 0xf4 || left < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
		(at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return len;
}

bool utf8_is_valid(str text)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	for (size_t i = 0; i < text.len;) {
		size_t len = sequence_length(bytes + i, text.len - i);
		if (!len)
			return false;
		i += len;
	}
	return true;
}

size_t utf8_length(str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
	return count;
}

/* The controls of ASCII and Latin 1 (C0, DEL, C1), LINE and PARAGRAPH SEPARATOR, and the marks of Unicode's
   bidirectional algorithm (UAX #9). */
static bool is_hostile(const unsigned char *at, size_t len)
{
	if (len == 1)
		return at[0] < 0x20 || at[0] == 0x7f;
	if (len == 2)
		return (at[0] == 0xc2 && at[1] < 0xa0) || (at[0] == 0xd8 && at[1] == 0x9c);
	if (len != 3 || at[0] != 0xe2)
		return false;
	return (at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xa8 && at[2] <= 0xae))) ||
		(at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9);
}

str utf8_excerpt(struct arena *arena, str text, size_t max)
{
	const unsigned char *bytes = (const unsigned char *)text.data;
	size_t end = 0;
	if (!str_is_set(text))
		return STR_NONE;
	char *excerpt = arena_alloc(arena, text.len < max ? text.len + 1 : max + 1);
	for (size_t i = 0; i < text.len;) {
		size_t len = sequence_length(bytes + i, text.len - i);
		if (!len)
			return STR_NONE;
		bool is_shown_as_is = !is_hostile(bytes + i, len);
		size_t shown = is_shown_as_is ? len : 1;
		if (end + shown > max)
			break;
		memcpy(excerpt + end, is_shown_as_is ? (const char *)bytes + i : "?", shown);
		end += shown;
		i += len;
	}
	return (str){ excerpt, end };
}
