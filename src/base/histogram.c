/* SPDX-License-Identifier: Apache-2.0 */
/* Histograms. Orders of memory are relaxed: a reader may see one count of a moment and not yet the other. */
#include "base/histogram.h"

const int64_t histogram_bounds_us[HISTOGRAM_CLASSES] = { 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
	500000, 1000000, 2500000, 5000000, 10000000 };

void histogram_add(struct histogram *histogram, int64_t duration_us)
{
	int i = 0;
	while (i < HISTOGRAM_CLASSES && duration_us > histogram_bounds_us[i])
		i++;
	atomic_fetch_add_explicit(&histogram->counts[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&histogram->sum_us, (uint64_t)duration_us, memory_order_relaxed);
}

uint64_t histogram_count(const struct histogram *histogram)
{
	uint64_t count = 0;
	for (int i = 0; i <= HISTOGRAM_CLASSES; i++)
		count += atomic_load_explicit(&histogram->counts[i], memory_order_relaxed);
	return count;
}
