/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): well-formedness and counting. */
#pragma once

#include "base/str.h"

/* No overlong forms, no surrogates, nothing past U+10FFFF. */
bool utf8_is_valid(str text);

/* Code points in a valid text. */
size_t utf8_length(str text);
