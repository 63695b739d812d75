/* SPDX-License-Identifier: Apache-2.0 */
/* Counted views of bytes. Nothing here allocates. */
#include "base/str.h"

str str_from(str s, size_t from)
{
	if (from > s.len)
		from = s.len;
	return (str){ s.data ? s.data + from : NULL, s.len - from };
}

str str_slice(str s, size_t from, size_t len)
{
	str rest = str_from(s, from);
	if (len < rest.len)
		rest.len = len;
	return rest;
}

bool str_has_prefix(str s, str prefix)
{
	return s.len >= prefix.len && str_equal(str_slice(s, 0, prefix.len), prefix);
}

bool str_has_suffix(str s, str suffix)
{
	return s.len >= suffix.len && str_equal(str_from(s, s.len - suffix.len), suffix);
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_equal_ignoring_ascii_case(str a, str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
			return false;
	return true;
}

int str_compare(str a, str b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.data, b.data, common) : 0;
	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

ptrdiff_t str_find_char(str s, char c)
{
	const char *at = s.len ? memchr(s.data, c, s.len) : NULL;
	return at ? at - s.data : -1;
}

str str_split(str *rest, char separator)
{
	str whole = *rest;
	ptrdiff_t at = str_find_char(whole, separator);
	if (at < 0) {
		*rest = STR_NONE;
		return whole;
	}
	*rest = str_from(whole, (size_t)at + 1);
	return str_slice(whole, 0, (size_t)at);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

str str_trim(str s)
{
	while (s.len && is_blank(s.data[0]))
		s = str_from(s, 1);
	while (s.len && is_blank(s.data[s.len - 1]))
		s.len--;
	return s;
}

bool str_to_int64(str s, int64_t *out)
{
	bool negative = s.len && s.data[0] == '-';
	int64_t value = 0;
	if (s.len <= (size_t)negative)
		return false;
	for (size_t i = negative; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, s.data[i] - '0', &value))
			return false;
	}
	/* Built up as a negative number, whose range is the larger one. */
	if (!negative && value == INT64_MIN)
		return false;
	*out = negative ? value : -value;
	return true;
}
