/* SPDX-License-Identifier: Apache-2.0 */
/* How the members of requests, responses and their nested types are described at run time. The tables are
   generated from src/spec/<service>/; everything that decodes, validates, copies or renders walks them.

   C shapes:  string, blob  str                        absent: data NULL
              enum          enum <type>                absent: 0
              integer       struct optional_int
              boolean       struct optional_bool
              timestamp     struct optional_int        milliseconds since 1970
              structure     struct <type> *            absent: NULL
              list          struct <element>_list      absent: items NULL; structures stand inline
              map           struct str_map             absent: items NULL */
#pragma once

#include "base/optional.h"
#include "base/pattern.h"
#include "base/str.h"

struct str_list {
	str *items;
	size_t count;
};

struct str_pair {
	str name, value;
};

struct str_map {
	struct str_pair *items;
	size_t count;
};

/* What every generated list looks like to code that walks tables. */
struct spec_list {
	void *items;
	size_t count;
};

enum spec_kind {
	SPEC_STRING,
	SPEC_BLOB,
	SPEC_ENUM,
	SPEC_INTEGER,
	SPEC_BOOLEAN,
	SPEC_TIMESTAMP,
	SPEC_STRUCTURE,
	SPEC_LIST,
	SPEC_MAP,
};

struct spec_type;

struct spec_field {
	str name; /* wire name, "UserPoolId" */
	const struct spec_type *type;
	size_t offset; /* in the C struct */
	bool required;
};

struct spec_type {
	const char *name; /* as in the API model, "UserPoolIdType" */
	enum spec_kind kind;
	struct optional_int min, max; /* length of text in code points, size of lists and maps, value of integers */
	struct pattern *pattern; /* the whole text must match; NULL for none */
	bool is_sensitive; /* never shown in messages or logs */

	const str *values; /* enum: the texts of 1..value_count; index 0 is unused */
	size_t value_count;

	const struct spec_field *fields; /* structure */
	size_t field_count;

	const struct spec_type *element; /* list: its items; map: its values */
	const struct spec_type *key; /* map */

	size_t size; /* bytes of the C shape when it stands inline in a list or is allocated for a pointer */
};

/* The member of that wire name, NULL when there is none. */
const struct spec_field *spec_field_by_name(const struct spec_type *structure, str name);

/* Where a field lives in its struct. */
static inline void *spec_field_at(const struct spec_field *field, void *structure)
{
	return (char *)structure + field->offset;
}

static inline const void *spec_field_in(const struct spec_field *field, const void *structure)
{
	return (const char *)structure + field->offset;
}

/* Whether it is one value without parts. */
bool spec_is_scalar(const struct spec_type *type);

/* Whether a value of that type at that place is present. */
bool spec_is_present(const struct spec_type *type, const void *place);

/* The text of an enum's value, absent for 0; and back, 0 for an unknown text. */
str spec_enum_text(const struct spec_type *type, int value);
int spec_enum_value(const struct spec_type *type, str text);

/* Offsets in generated tables: the build stops when the C member has another type than the table says. */
#define SPEC_OFFSET(structure, member, c_type)                                       \
	(offsetof(structure, member) +                                               \
		0 * sizeof(char[_Generic(&((structure *)0)->member, c_type *: 1)]))
