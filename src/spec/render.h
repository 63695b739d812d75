/* SPDX-License-Identifier: Apache-2.0 */
/* From a typed struct to JSON text, by the tables. Absent members are left out. */
#pragma once

#include "base/buf.h"
#include "spec/type.h"

/* Appends the structure as an object; {} when nothing is set. */
void spec_render(struct buf *out, const struct spec_type *type, const void *structure);
