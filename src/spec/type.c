/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the tables. */
#include "spec/type.h"

const struct spec_field *spec_field_by_name(const struct spec_type *structure, str name)
{
	for (size_t i = 0; i < structure->field_count; i++)
		if (str_equal(structure->fields[i].name, name))
			return &structure->fields[i];
	return NULL;
}

bool spec_is_scalar(const struct spec_type *type)
{
	return type->kind != SPEC_STRUCTURE && type->kind != SPEC_LIST && type->kind != SPEC_MAP;
}

bool spec_is_present(const struct spec_type *type, const void *place)
{
	switch (type->kind) {
	case SPEC_STRING:
	case SPEC_BLOB:
		return str_is_set(*(const str *)place);
	case SPEC_ENUM:
		return *(const int *)place != 0;
	case SPEC_INTEGER:
	case SPEC_TIMESTAMP:
		return ((const struct optional_int *)place)->set;
	case SPEC_BOOLEAN:
		return ((const struct optional_bool *)place)->set;
	case SPEC_STRUCTURE:
		return *(void *const *)place != NULL;
	case SPEC_LIST:
	case SPEC_MAP:
		return ((const struct spec_list *)place)->items != NULL;
	}
	return false;
}

str spec_enum_text(const struct spec_type *type, int value)
{
	return value > 0 && (size_t)value <= type->value_count ? type->values[value] : STR_NONE;
}

int spec_enum_value(const struct spec_type *type, str text)
{
	for (size_t i = 1; i <= type->value_count; i++)
		if (str_equal(type->values[i], text))
			return (int)i;
	return 0;
}
