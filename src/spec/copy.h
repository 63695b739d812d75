/* SPDX-License-Identifier: Apache-2.0 */
/* Moving members between structs of different types, by their wire names. */
#pragma once

#include "spec/type.h"

/* Copies each member of `from` that is present and that `to` has with the same name and type; the rest of `to` keeps
   its value. Shallow: nested values are shared. */
void spec_copy_members(const struct spec_type *to_type, void *to, const struct spec_type *from_type,
	const void *from);
