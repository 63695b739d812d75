/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping. */
#include "message/html.h"

static str reference_of(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	default:
		return STR_NONE;
	}
}

void html_add(struct buf *out, str text)
{
	for (size_t i = 0; i < text.len; i++) {
		str reference = reference_of(text.data[i]);
		if (str_is_set(reference))
			buf_add(out, reference);
		else
			buf_add_char(out, text.data[i]);
	}
}
