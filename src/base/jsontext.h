/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON straight into a text, compact. Commas take care of themselves: a name or an item written anywhere
   but right behind an opening bracket gets one in front. */
#pragma once

#include "base/buf.h"
#include "base/jsontree.h"

/* A quoted and escaped string; `text` must be valid UTF-8. */
void jsontext_add_string(struct buf *out, str text);

/* The comma in front of the next item of a list, where one is due. */
void jsontext_add_separator(struct buf *out);

/* "name": with the comma in front where one is due. */
void jsontext_add_name(struct buf *out, str name);

/* Whole members; an absent string is left out. */
void jsontext_add_string_member(struct buf *out, str name, str value);
void jsontext_add_integer_member(struct buf *out, str name, int64_t value);
void jsontext_add_boolean_member(struct buf *out, str name, bool value);

/* A timestamp of the AWS JSON protocols: seconds since 1970 with three decimals, from milliseconds. */
void jsontext_add_timestamp(struct buf *out, int64_t milliseconds);

/* A parsed value again, members in their order. */
void jsontext_add_tree(struct buf *out, const struct jsontree *value);
