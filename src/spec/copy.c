/* SPDX-License-Identifier: Apache-2.0 */
/* Copying by name. */
#include "spec/copy.h"

/* A structure's C shape as a member is a pointer, whatever its own size. */
static size_t member_size(const struct spec_type *type)
{
	return type->kind == SPEC_STRUCTURE ? sizeof(void *) : type->size;
}

void spec_copy_members(const struct spec_type *to_type, void *to, const struct spec_type *from_type, const void *from)
{
	for (size_t i = 0; i < from_type->field_count; i++) {
		const struct spec_field *source = &from_type->fields[i];
		const struct spec_field *target = spec_field_by_name(to_type, source->name);
		const void *place = spec_field_in(source, from);
		if (target && target->type == source->type && spec_is_present(source->type, place))
			memcpy(spec_field_at(target, to), place, member_size(source->type));
	}
}
