/* SPDX-License-Identifier: Apache-2.0 */
/* All that this process tells of itself in numbers. Names and labels come from tables, so there are only so many of
   them, whatever clients send. */
#pragma once

#include "base/buf.h"

struct exchange_host;
struct store;

/* Adds every family with its samples (base/exposition.h). Reads memory and /proc, and waits for nothing. `store` may be
   NULL. */
void metric_family_add_all(struct buf *out, const struct exchange_host *host, const struct store *store);
