/* SPDX-License-Identifier: Apache-2.0 */
/* Worker threads around one ring buffer. */
#include "base/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/fatal.h"

/* Handlers keep large things in arenas; the API's validator recurses to JSONTREE_DEPTH_MAX at most. */
enum { STACK_BYTES = 512 * 1024 };

struct job {
	void (*run)(void *);
	void *argument;
};

struct worker_pool {
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct job *ring;
	size_t capacity, first, count;
	bool stopping;
	atomic_size_t busy;
	unsigned thread_count;
	pthread_t threads[];
};

static bool take(struct worker_pool *pool, struct job *job)
{
	pthread_mutex_lock(&pool->lock);
	while (!pool->count && !pool->stopping)
		pthread_cond_wait(&pool->arrived, &pool->lock);
	bool got = pool->count > 0;
	if (got) {
		*job = pool->ring[pool->first];
		pool->first = (pool->first + 1) % pool->capacity;
		pool->count--;
	}
	pthread_mutex_unlock(&pool->lock);
	return got;
}

static void *work(void *argument)
{
	struct worker_pool *pool = argument;
	struct job job;
	while (take(pool, &job)) {
		pool->busy++;
		job.run(job.argument);
		pool->busy--;
	}
	return NULL;
}

struct worker_pool *worker_pool_new(unsigned threads, size_t queue_limit)
{
	struct worker_pool *pool = calloc(1, sizeof *pool + threads * sizeof pool->threads[0]);
	struct job *ring = calloc(queue_limit, sizeof *ring);
	pthread_attr_t attributes;
	if (!pool || !ring)
		fatal("out of memory");
	pool->ring = ring;
	pool->capacity = queue_limit;
	pool->thread_count = threads;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->arrived, NULL);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	for (unsigned i = 0; i < threads; i++)
		if (pthread_create(&pool->threads[i], &attributes, work, pool))
			fatal("cannot start a thread");
	pthread_attr_destroy(&attributes);
	return pool;
}

bool worker_pool_submit(struct worker_pool *pool, void (*run)(void *), void *job)
{
	pthread_mutex_lock(&pool->lock);
	bool taken = !pool->stopping && pool->count < pool->capacity;
	if (taken) {
		pool->ring[(pool->first + pool->count) % pool->capacity] = (struct job){ run, job };
		pool->count++;
		pthread_cond_signal(&pool->arrived);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

size_t worker_pool_queue_length(struct worker_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	size_t count = pool->count;
	pthread_mutex_unlock(&pool->lock);
	return count;
}

size_t worker_pool_busy(const struct worker_pool *pool)
{
	return pool->busy;
}

void worker_pool_free(struct worker_pool **handle)
{
	struct worker_pool *pool = *handle;
	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->arrived);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);
	pthread_cond_destroy(&pool->arrived);
	pthread_mutex_destroy(&pool->lock);
	free(pool->ring);
	free(pool);
	*handle = NULL;
}
