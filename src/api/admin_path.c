/* SPDX-License-Identifier: Apache-2.0 */
/* Segments are compared as they were sent: a literal one is plain ASCII and has no other honest spelling. */
#include "api/admin_path.h"

#include "base/buf.h"

/* The name inside "{UserPoolId}", absent for a literal segment. */
static str placeholder_of(str segment)
{
	return str_has_prefix(segment, STR("{")) ? str_slice(segment, 1, segment.len - 2) : STR_NONE;
}

bool admin_path_fits(str rest_path, str path)
{
	if (!str_has_prefix(path, STR(ADMIN_PATH_ROOT)))
		return false;
	path = str_from(path, sizeof ADMIN_PATH_ROOT - 1);
	while (str_is_set(rest_path) && str_is_set(path)) {
		str wanted = str_split(&rest_path, '/');
		str sent = str_split(&path, '/');
		if (!str_is_set(placeholder_of(wanted)) && !str_equal(wanted, sent))
			return false;
	}
	return !str_is_set(rest_path) && !str_is_set(path);
}

bool admin_path_next(str *rest_path, str *placeholder)
{
	if (!str_is_set(*rest_path))
		return false;
	*placeholder = placeholder_of(str_split(rest_path, '/'));
	return true;
}

static bool is_secret(const struct spec_operation *operation, str placeholder)
{
	const struct spec_field *field =
		str_is_set(placeholder) ? spec_field_by_name(operation->input, placeholder) : NULL;
	return field && field->type->is_sensitive;
}

str admin_path_without_secrets(struct arena *arena, const struct spec_operation *operation, str path)
{
	struct buf out = buf_new(arena, path.len + operation->rest_path.len + sizeof ADMIN_PATH_ROOT);
	str rest_path = operation->rest_path;
	buf_add(&out, STR(ADMIN_PATH_ROOT));
	path = str_from(path, sizeof ADMIN_PATH_ROOT - 1);
	str_split(&rest_path, '/');
	str_split(&path, '/');
	while (str_is_set(rest_path)) {
		str wanted = str_split(&rest_path, '/');
		str sent = str_split(&path, '/');
		buf_add_char(&out, '/');
		buf_add(&out, is_secret(operation, placeholder_of(wanted)) ? wanted : sent);
	}
	return buf_str(&out);
}

bool admin_path_has(str rest_path, str member)
{
	str placeholder;
	while (admin_path_next(&rest_path, &placeholder))
		if (str_is_set(placeholder) && str_equal(placeholder, member))
			return true;
	return false;
}
