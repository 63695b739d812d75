/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars that may be absent. A text needs none of this: an absent str has no data. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct optional_int {
	bool set;
	int64_t value;
};

struct optional_bool {
	bool set;
	bool value;
};

static inline struct optional_int optional_int(int64_t value)
{
	return (struct optional_int){ .set = true, .value = value };
}

static inline struct optional_bool optional_bool(bool value)
{
	return (struct optional_bool){ .set = true, .value = value };
}

/* The value, or `fallback` when absent. */
static inline int64_t optional_int_or(struct optional_int optional, int64_t fallback)
{
	return optional.set ? optional.value : fallback;
}

static inline bool optional_bool_or(struct optional_bool optional, bool fallback)
{
	return optional.set ? optional.value : fallback;
}
