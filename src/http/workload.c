/* SPDX-License-Identifier: Apache-2.0 */
/* Counting requests and bounding a drain. */
#include "http/workload.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/fatal.h"
#include "base/worker.h"

enum { LAST_ANSWERS_SECONDS = 2 };

struct workload {
	pthread_mutex_t lock;
	pthread_cond_t emptied;
	size_t under_way;
	uint64_t refused;
	atomic_bool draining, over;
	unsigned threads;
	struct worker_pool *workers;
};

struct workload *workload_new(unsigned threads, size_t queue_limit)
{
	struct workload *workload = calloc(1, sizeof *workload);
	if (!workload)
		fatal("out of memory");
	pthread_mutex_init(&workload->lock, NULL);
	pthread_cond_init(&workload->emptied, NULL);
	workload->threads = threads;
	workload->workers = worker_pool_new(threads, queue_limit);
	return workload;
}

void workload_free(struct workload **handle)
{
	struct workload *workload = *handle;
	if (!workload)
		return;
	worker_pool_free(&workload->workers);
	pthread_cond_destroy(&workload->emptied);
	pthread_mutex_destroy(&workload->lock);
	free(workload);
	*handle = NULL;
}

void workload_enter(struct workload *workload)
{
	pthread_mutex_lock(&workload->lock);
	workload->under_way++;
	pthread_mutex_unlock(&workload->lock);
}

void workload_leave(struct workload *workload)
{
	pthread_mutex_lock(&workload->lock);
	if (--workload->under_way == 0)
		pthread_cond_broadcast(&workload->emptied);
	pthread_mutex_unlock(&workload->lock);
}

/* Under the lock, so that no job reaches a pool that workload_drain() is taking down. */
bool workload_submit(struct workload *workload, void (*run)(void *job), void *job)
{
	pthread_mutex_lock(&workload->lock);
	bool taken = !workload->over && worker_pool_submit(workload->workers, run, job);
	workload->refused += !taken;
	pthread_mutex_unlock(&workload->lock);
	return taken;
}

/* Once it is over the workers are being taken down. */
struct workload_load workload_load(struct workload *workload)
{
	pthread_mutex_lock(&workload->lock);
	struct workload_load load = { .under_way = workload->under_way, .refused = workload->refused };
	if (!workload->over) {
		load.waiting = worker_pool_queue_length(workload->workers);
		load.busy = worker_pool_busy(workload->workers);
		load.workers = workload->threads;
	}
	pthread_mutex_unlock(&workload->lock);
	return load;
}

bool workload_is_draining(const struct workload *workload)
{
	return workload->draining;
}

bool workload_is_over(const struct workload *workload)
{
	return workload->over;
}

static void wait_until_empty(struct workload *workload, unsigned seconds)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	while (workload->under_way)
		if (pthread_cond_timedwait(&workload->emptied, &workload->lock, &until))
			return;
}

void workload_drain(struct workload *workload, unsigned patience)
{
	pthread_mutex_lock(&workload->lock);
	workload->draining = true;
	wait_until_empty(workload, patience);
	workload->over = true;
	pthread_mutex_unlock(&workload->lock);
	worker_pool_free(&workload->workers);
	pthread_mutex_lock(&workload->lock);
	wait_until_empty(workload, LAST_ANSWERS_SECONDS);
	pthread_mutex_unlock(&workload->lock);
}
