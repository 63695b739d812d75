/* SPDX-License-Identifier: Apache-2.0 */
/* Letters without their case, for names that compare without it. */
#pragma once

#include "base/arena.h"

/* Every letter by its simple lower-case mapping (Unicode, as in UnicodeData.txt); nothing is normalized.
   `text` must be valid UTF-8. Absent stays absent. */
str fold_case(struct arena *arena, str text);
