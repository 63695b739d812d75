/* SPDX-License-Identifier: Apache-2.0 */
/* Segments are compared as they were sent: a literal one is plain ASCII and has no other honest spelling. */
#include "api/admin_path.h"

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

bool admin_path_has(str rest_path, str member)
{
	str placeholder;
	while (admin_path_next(&rest_path, &placeholder))
		if (str_is_set(placeholder) && str_equal(placeholder, member))
			return true;
	return false;
}
