/* SPDX-License-Identifier: Apache-2.0 */
/* The errors table, from base/error.def. */
#include "base/error.h"

#include <assert.h>

static const struct error_kind kinds[ERROR_COUNT] = {
#define ERROR(code, wire_name, aws, rest) \
	[ERROR_##code] = { .name = wire_name, .aws_status = aws, .rest_status = rest },
#include "base/error.def"
#undef ERROR
};

const struct error_kind *error_kind(enum error_code code)
{
	assert(code > ERROR_NONE && code < ERROR_COUNT);
	return &kinds[code];
}
