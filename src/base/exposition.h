/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as Prometheus reads them, its text format 0.0.4:
   https://prometheus.io/docs/instrumenting/exposition_formats/ */
#pragma once

#include "base/buf.h"
#include "base/histogram.h"

#define EXPOSITION_MEDIA_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum { EXPOSITION_LABELS_MAX = 3 };

/* Ended by an absent name where there are fewer than EXPOSITION_LABELS_MAX. */
struct exposition_label {
	str name;
	str value;
};

/* The head of a family, before its samples. `type` is "counter", "gauge" or "histogram"; `help` is one line. */
void exposition_begin(struct buf *out, str name, const char *type, const char *help);

/* One sample of a family; labels NULL for none. */
void exposition_add(struct buf *out, str name, const struct exposition_label *labels, uint64_t value);

/* The same for a time, in seconds. */
void exposition_add_seconds(struct buf *out, str name, const struct exposition_label *labels, uint64_t microseconds);

/* The samples of one histogram: _bucket, _sum and _count, which agree with each other. */
void exposition_add_histogram(
	struct buf *out, str name, const struct exposition_label *labels, const struct histogram *histogram);
