/* SPDX-License-Identifier: Apache-2.0 */
/* Rendering. */
#include "spec/render.h"

#include "base/encode.h"
#include "base/jsontext.h"

static void render_value(struct buf *out, const struct spec_type *type, const void *place);

static void render_list(struct buf *out, const struct spec_type *type, const struct spec_list *list)
{
	const struct spec_type *element = type->element;
	buf_add_char(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		const void *item = (const char *)list->items + i * element->size;
		jsontext_add_separator(out);
		if (element->kind == SPEC_STRUCTURE)
			spec_render(out, element, item);
		else
			render_value(out, element, item);
	}
	buf_add_char(out, ']');
}

static void render_map(struct buf *out, const struct str_map *map)
{
	buf_add_char(out, '{');
	for (size_t i = 0; i < map->count; i++)
		jsontext_add_string_member(out, map->items[i].name, map->items[i].value);
	buf_add_char(out, '}');
}

static void render_value(struct buf *out, const struct spec_type *type, const void *place)
{
	switch (type->kind) {
	case SPEC_STRING:
		jsontext_add_string(out, *(const str *)place);
		break;
	case SPEC_BLOB:
		jsontext_add_string(out, base64_encode(out->arena, *(const str *)place));
		break;
	case SPEC_ENUM:
		jsontext_add_string(out, spec_enum_text(type, *(const int *)place));
		break;
	case SPEC_INTEGER:
		buf_add_int(out, ((const struct optional_int *)place)->value);
		break;
	case SPEC_BOOLEAN:
		buf_add(out, ((const struct optional_bool *)place)->value ? STR("true") : STR("false"));
		break;
	case SPEC_TIMESTAMP:
		jsontext_add_timestamp(out, ((const struct optional_int *)place)->value);
		break;
	case SPEC_STRUCTURE:
		spec_render(out, type, *(void *const *)place);
		break;
	case SPEC_LIST:
		render_list(out, type, place);
		break;
	case SPEC_MAP:
		render_map(out, place);
		break;
	}
}

void spec_render(struct buf *out, const struct spec_type *type, const void *structure)
{
	buf_add_char(out, '{');
	for (size_t i = 0; i < type->field_count; i++) {
		const struct spec_field *field = &type->fields[i];
		const void *place = spec_field_in(field, structure);
		if (!spec_is_present(field->type, place))
			continue;
		jsontext_add_name(out, field->name);
		render_value(out, field->type, place);
	}
	buf_add_char(out, '}');
}
