/* SPDX-License-Identifier: Apache-2.0 */
/* A token bucket is one number: when it will be full again (the theoretical arrival time of the generic cell rate
   algorithm). One that is full says nothing and gives its place away. Keys are spread over stripes with a lock each. */
#include "base/limiter.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/fatal.h"

enum { STRIPES = 64, FIRST_CAPACITY = 16, NS_OF_MS = 1000000, NS_OF_SECOND = 1000000000 };

struct bucket {
	struct limiter_key key;
	int64_t full_at; /* nanoseconds */
};

struct stripe {
	pthread_mutex_t lock;
	struct bucket *buckets;
	size_t count, capacity;
};

struct limiter {
	struct stripe stripes[STRIPES];
};

struct limiter *limiter_new(void)
{
	struct limiter *limiter = calloc(1, sizeof *limiter);
	if (!limiter)
		fatal("out of memory");
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_init(&limiter->stripes[i].lock, NULL);
	return limiter;
}

void limiter_free(struct limiter **handle)
{
	struct limiter *limiter = *handle;
	if (!limiter)
		return;
	*handle = NULL;
	for (size_t i = 0; i < STRIPES; i++) {
		pthread_mutex_destroy(&limiter->stripes[i].lock);
		free(limiter->stripes[i].buckets);
	}
	free(limiter);
}

static void grow(struct stripe *stripe)
{
	stripe->capacity = stripe->capacity ? stripe->capacity * 2 : FIRST_CAPACITY;
	stripe->buckets = realloc(stripe->buckets, stripe->capacity * sizeof *stripe->buckets);
	if (!stripe->buckets)
		fatal("out of memory");
}

static bool is_key_of(const struct bucket *bucket, struct limiter_key key)
{
	return bucket->key.high == key.high && bucket->key.low == key.low;
}

/* A bucket of any rate is full within a second, so whatever says more is of another time. */
static bool is_full(const struct bucket *bucket, int64_t now)
{
	return bucket->full_at <= now || bucket->full_at > now + NS_OF_SECOND;
}

/* The key's bucket, a full one when it has none. Full ones of others go as they are met. */
static struct bucket *find(struct stripe *stripe, struct limiter_key key, int64_t now)
{
	size_t i = 0;
	while (i < stripe->count) {
		struct bucket *bucket = &stripe->buckets[i];
		if (is_key_of(bucket, key))
			return bucket;
		if (is_full(bucket, now))
			*bucket = stripe->buckets[--stripe->count];
		else
			i++;
	}
	if (stripe->count == stripe->capacity)
		grow(stripe);
	stripe->buckets[stripe->count] = (struct bucket){ .key = key, .full_at = now };
	return &stripe->buckets[stripe->count++];
}

/* A bucket of `rate` is empty when it takes a second to fill. */
static bool take(struct bucket *bucket, int64_t rate, int64_t now)
{
	int64_t interval = NS_OF_SECOND / rate;
	int64_t from = is_full(bucket, now) ? now : bucket->full_at;
	if (from - now > (rate - 1) * interval)
		return false;
	bucket->full_at = from + interval;
	return true;
}

bool limiter_take(struct limiter *limiter, struct limiter_key key, int64_t rate, int64_t now)
{
	struct stripe *stripe = &limiter->stripes[key.high % STRIPES];
	pthread_mutex_lock(&stripe->lock);
	bool taken = take(find(stripe, key, now * NS_OF_MS), rate, now * NS_OF_MS);
	pthread_mutex_unlock(&stripe->lock);
	return taken;
}

size_t limiter_size(struct limiter *limiter)
{
	size_t size = 0;
	for (size_t i = 0; i < STRIPES; i++) {
		pthread_mutex_lock(&limiter->stripes[i].lock);
		size += limiter->stripes[i].count;
		pthread_mutex_unlock(&limiter->stripes[i].lock);
	}
	return size;
}
