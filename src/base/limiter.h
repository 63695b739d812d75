/* SPDX-License-Identifier: Apache-2.0 */
/* Rates by key: at most so many a second, and a second's worth at once. A key that was not used for a second costs no
   memory. Safe to call from any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limiter;

/* As good as random, so that no two keys are the same by chance or by somebody's choice. */
struct limiter_key {
	uint64_t high, low;
};

struct limiter *limiter_new(void);
void limiter_free(struct limiter **limiter);

/* Takes one of the `rate` (at least 1) that the key has each second. False, and nothing taken, when there is none left.
   `now` is in milliseconds, of one clock; when that is set back, what was taken in its future is forgotten. */
bool limiter_take(struct limiter *limiter, struct limiter_key key, int64_t rate, int64_t now);

/* Keys that cost memory now. */
size_t limiter_size(struct limiter *limiter);
