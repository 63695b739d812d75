/* SPDX-License-Identifier: Apache-2.0 */
/* Random material: keys, ids, codes. All of it comes from entropy_fill(), so a test can fix it. */
#pragma once

#include "base/arena.h"

str random_bytes(struct arena *arena, size_t len);

/* `len` bytes of `alphabet` (1 to 256 bytes long), each equally likely, with a NUL behind them. */
str random_text(struct arena *arena, str alphabet, size_t len);

/* `len` letters and digits: a secret that people and shells can pass on, which no program takes for an option. */
str random_token(struct arena *arena, size_t len);

/* `len` decimal digits. */
str random_digits(struct arena *arena, size_t len);
