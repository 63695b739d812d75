/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encoding. Decoding is strict: what two readers could take for different texts is refused. */
#include "message/url.h"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads the two digits behind a '%' at `at`; -1 when they are missing or no digits. */
static int escaped_byte(str text, size_t at)
{
	if (text.len - at < 3)
		return -1;
	int high = digit_value(text.data[at + 1]), low = digit_value(text.data[at + 2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool url_decode(struct arena *arena, str text, bool plus_is_space, str *out)
{
	char *decoded = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		int byte = (unsigned char)text.data[i];
		if (byte == '%') {
			byte = escaped_byte(text, i);
			i += 2;
		} else if (byte == '+' && plus_is_space) {
			byte = ' ';
		}
		if (byte <= 0)
			return false;
		decoded[len++] = (char)byte;
	}
	*out = (str){ decoded, len };
	return true;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
		c == '.' || c == '_' || c == '~';
}

str url_encode(struct arena *arena, str text, str keep)
{
	static const char digits[] = "0123456789ABCDEF";
	char *encoded = arena_alloc_array(arena, text.len + 1, 3);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (is_unreserved(c) || str_find_char(keep, c) >= 0) {
			encoded[len++] = c;
			continue;
		}
		encoded[len++] = '%';
		encoded[len++] = digits[(unsigned char)c >> 4];
		encoded[len++] = digits[(unsigned char)c & 15];
	}
	return (str){ encoded, len };
}

static bool decode_pair(struct arena *arena, str text, struct url_pair *pair)
{
	str rest = text;
	str name = str_split(&rest, '=');
	return url_decode(arena, name, true, &pair->name) && url_decode(arena, rest, true, &pair->value);
}

/* Empty pieces, as in "a=1&&b=2", hold no pair. */
static size_t count_pieces(str text)
{
	size_t count = 0;
	while (str_is_set(text))
		count += !str_is_empty(str_split(&text, '&'));
	return count;
}

bool url_pairs(struct arena *arena, str text, size_t max, struct url_pair **pairs, size_t *count)
{
	size_t found = count_pieces(text), at = 0;
	if (found > max)
		return false;
	*pairs = ARENA_ARRAY(arena, struct url_pair, found);
	while (str_is_set(text)) {
		str piece = str_split(&text, '&');
		if (str_is_empty(piece))
			continue;
		if (!decode_pair(arena, piece, &(*pairs)[at++]))
			return false;
	}
	*count = found;
	return true;
}

str url_pair_value(const struct url_pair *pairs, size_t count, str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(pairs[i].name, name))
			return pairs[i].value;
	return STR_NONE;
}
