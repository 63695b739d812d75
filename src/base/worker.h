/* SPDX-License-Identifier: Apache-2.0 */
/* A pool of threads with a bounded queue: takes jobs that may block, in the order of arrival. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct worker_pool;

/* `queue_limit` counts waiting jobs, not running ones. */
struct worker_pool *worker_pool_new(unsigned threads, size_t queue_limit);

/* Hands over run(job); false, and nothing happens, when the queue is full or the pool is being freed. */
bool worker_pool_submit(struct worker_pool *pool, void (*run)(void *job), void *job);

/* Jobs waiting and running now; a snapshot. */
size_t worker_pool_queue_length(struct worker_pool *pool);
size_t worker_pool_busy(const struct worker_pool *pool);

/* Runs what is queued to its end, joins the threads, nulls the pointer. */
void worker_pool_free(struct worker_pool **pool);
