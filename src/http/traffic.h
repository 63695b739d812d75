/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked and how it went, counted by operation and error: names that the tables have and no other, so what is
   asked cannot make the counts grow. */
#pragma once

#include "base/buf.h"
#include "base/request.h"

struct traffic;

struct traffic *traffic_new(void);

/* Nulls the pointer. */
void traffic_free(struct traffic **traffic);

/* A request is over. Any thread; takes less than a microsecond and no lock. `status` is 0 when nothing was answered. */
void traffic_count(
	struct traffic *traffic, const struct request *request, unsigned status, int64_t duration_us);

/* Families of metrics, with the samples that were counted at all. */
void traffic_add_requests(struct buf *out, str name, const struct traffic *traffic);
void traffic_add_durations(struct buf *out, str name, const struct traffic *traffic);
void traffic_add_responses(struct buf *out, str name, const struct traffic *traffic);
