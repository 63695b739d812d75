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
