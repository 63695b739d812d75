/* SPDX-License-Identifier: Apache-2.0 */
/* How long something took, counted in classes by any number of threads without a lock. */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

enum { HISTOGRAM_CLASSES = 14 };

/* The longest of each class in microseconds, ascending: 0.5 ms to 10 s. One more class has all that took longer. */
extern const int64_t histogram_bounds_us[HISTOGRAM_CLASSES];

/* All zero at first. */
struct histogram {
	atomic_uint_fast64_t counts[HISTOGRAM_CLASSES + 1];
	atomic_uint_fast64_t sum_us;
};

/* Takes less than a tenth of a microsecond. */
void histogram_add(struct histogram *histogram, int64_t duration_us);

/* How many were added. */
uint64_t histogram_count(const struct histogram *histogram);
