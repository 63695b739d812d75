/* SPDX-License-Identifier: Apache-2.0 */
/* Which language somebody reads (RFC 9110, 12.5.4; RFC 4647, 3.4). */
#pragma once

#include "base/str.h"

/* The index of the tag that the field Accept-Language wants most, 0 when it wants none of them or is absent.
   A range takes a tag that it begins ("pt" takes "pt-BR") or that begins it ("de-AT" takes "de"); of equal
   weights the first counts. What is not of the field's grammar is passed over. `tags` are at least one. */
size_t language_choose(str accepted, const str *tags, size_t count);
