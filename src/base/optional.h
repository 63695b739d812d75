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
