/* SPDX-License-Identifier: Apache-2.0 */
/* Missing members. */
#include "spec/missing.h"

static str missing_in_list(const struct spec_type *element, const struct spec_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		str missing = spec_missing(element, (const char *)list->items + i * element->size);
		if (str_is_set(missing))
			return missing;
	}
	return STR_NONE;
}

static str missing_in_value(const struct spec_type *type, const void *place)
{
	if (type->kind == SPEC_STRUCTURE)
		return spec_missing(type, *(void *const *)place);
	if (type->kind == SPEC_LIST && type->element->kind == SPEC_STRUCTURE)
		return missing_in_list(type->element, place);
	return STR_NONE;
}

str spec_missing(const struct spec_type *type, const void *structure)
{
	for (size_t i = 0; i < type->field_count; i++) {
		const struct spec_field *field = &type->fields[i];
		const void *place = spec_field_in(field, structure);
		bool is_present = spec_is_present(field->type, place);
		if (field->required && !is_present)
			return field->name;
		str missing = is_present ? missing_in_value(field->type, place) : STR_NONE;
		if (str_is_set(missing))
			return missing;
	}
	return STR_NONE;
}
