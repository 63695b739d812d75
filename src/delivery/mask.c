/* SPDX-License-Identifier: Apache-2.0 */
/* Masks have a length of their own, so that they do not tell that of the address. */
#include "delivery/mask.h"

#include "base/buf.h"

enum { SHOWN_DIGITS = 4, SHORTEST_SHOWN = 8 };

/* UTF-8 continues a character with bytes 10xxxxxx. */
static str first_character(str text)
{
	size_t len = text.len ? 1 : 0;
	while (len < text.len && ((unsigned char)text.data[len] & 0xc0) == 0x80)
		len++;
	return str_slice(text, 0, len);
}

str mask_email(struct arena *arena, str address)
{
	str domain = address;
	str local = first_character(str_split(&domain, '@'));
	if (!str_is_set(domain))
		return arena_printf(arena, "%.*s***", STR_ARG(local));
	return arena_printf(arena, "%.*s***@%.*s***", STR_ARG(local), STR_ARG(first_character(domain)));
}

str mask_phone_number(struct arena *arena, str number)
{
	str shown = number.len < SHORTEST_SHOWN ? STR("") : str_from(number, number.len - SHOWN_DIGITS);
	return arena_printf(arena, "+*******%.*s", STR_ARG(shown));
}

str mask_within(struct arena *arena, str text, str address, str masked)
{
	size_t copies = address.len ? text.len / address.len : 0;
	struct buf out = buf_new(arena, text.len + copies * masked.len);
	while (text.len) {
		bool found = address.len &&
			     str_equal_ignoring_ascii_case(str_slice(text, 0, address.len), address);
		buf_add(&out, found ? masked : str_slice(text, 0, 1));
		text = str_from(text, found ? address.len : 1);
	}
	return buf_str(&out);
}
