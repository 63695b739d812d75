/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes, and the random UUIDs (RFC 9562 version 4) made of them. */
#pragma once

#include "base/arena.h"

enum { UUID_TEXT_LEN = 36 };

/* A new random UUID in lower-case text. */
str uuid_new(struct arena *arena);

/* The UUID that follows from 16 bytes that are as good as random: looks like any other. */
str uuid_from(struct arena *arena, const unsigned char bytes[16]);

/* Bytes from the kernel's generator. Everything random in the product comes from here. */
void entropy_fill(void *bytes, size_t len);

/* For tests alone: from now on a repeatable sequence made from `seed`; 0 goes back to the kernel. */
void entropy_fix(uint64_t seed);
