/* SPDX-License-Identifier: Apache-2.0 */
/* Every error that a caller can see, with its wire name and its status per protocol. */
#pragma once

enum error_code {
	ERROR_NONE,
#define ERROR(code, name, aws_status, rest_status) ERROR_##code,
#include "base/error.def"
#undef ERROR
	ERROR_COUNT
};

struct error_kind {
	const char *name; /* as SDKs know it, e.g. "UserNotFoundException" */
	unsigned aws_status; /* awsJson and awsQuery */
	unsigned rest_status; /* admin REST */
};

/* The row of a code; never NULL for a code of the enum other than ERROR_NONE. */
const struct error_kind *error_kind(enum error_code code);
