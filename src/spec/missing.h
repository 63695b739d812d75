/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a typed struct holds all that its spec requires: the check of our own answers. */
#pragma once

#include "spec/type.h"

/* The name of the first required member that is absent, also in nested structures; absent when all are there. */
str spec_missing(const struct spec_type *type, const void *structure);
