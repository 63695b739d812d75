/* SPDX-License-Identifier: Apache-2.0 */
/* Filling in resource names. The generator saw to it that each {Member} is a member of the input. */
#include "api/resource.h"

#include "base/buf.h"
#include "base/settings.h"

/* Templates are ours; what fills them is bounded by the input's own limits and those of a body. */
enum { NAME_MAX_BYTES = 4 * 1024 * 1024 };

static str value_of(const struct request *request, const struct spec_operation *operation, const void *input, str name)
{
	if (str_equal(name, STR("region")))
		return request->settings->region;
	if (str_equal(name, STR("account")))
		return request->settings->account_id;
	const struct spec_field *field = spec_field_by_name(operation->input, name);
	if (!field || field->type->kind != SPEC_STRING)
		return STR_NONE;
	return *(const str *)spec_field_in(field, input);
}

str resource_name(struct request *request, const struct spec_operation *operation, const void *input)
{
	struct buf name = buf_new(request->arena, NAME_MAX_BYTES);
	str rest = operation->resource;
	while (str_is_set(rest)) {
		buf_add(&name, str_split(&rest, '{'));
		if (str_is_set(rest))
			buf_add(&name, value_of(request, operation, input, str_split(&rest, '}')));
	}
	return buf_str(&name);
}
