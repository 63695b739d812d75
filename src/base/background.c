/* SPDX-License-Identifier: Apache-2.0 */
/* Background work: a thread that sleeps on a condition between steps. */
#define _GNU_SOURCE /* gettid */
#include "base/background.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"

enum { LOWEST_PRIORITY = 19, MS_OF_SECOND = 1000, NS_OF_MS = 1000000, NS_OF_SECOND = 1000000000 };

struct background {
	background_step *step;
	void *context;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool is_urgent;
	bool is_asked, is_stopping;
};

static struct timespec in_future(int64_t milliseconds)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += milliseconds / MS_OF_SECOND;
	at.tv_nsec += milliseconds % MS_OF_SECOND * NS_OF_MS;
	if (at.tv_nsec >= NS_OF_SECOND) {
		at.tv_sec++;
		at.tv_nsec -= NS_OF_SECOND;
	}
	return at;
}

/* False when the thread shall end. */
static bool sleep_until_due(struct background *background, int64_t pause)
{
	struct timespec due = in_future(pause < 0 ? 0 : pause);
	pthread_mutex_lock(&background->lock);
	while (!background->is_asked && !background->is_stopping && pause != 0)
		if (pause < 0)
			pthread_cond_wait(&background->changed, &background->lock);
		else if (pthread_cond_timedwait(&background->changed, &background->lock, &due))
			break;
	background->is_asked = false;
	bool goes_on = !background->is_stopping;
	pthread_mutex_unlock(&background->lock);
	return goes_on;
}

static void *run(void *argument)
{
	struct background *background = argument;
	/* On Linux priority belongs to the thread; requests come first, and failing at this harms nothing. */
	if (!background->is_urgent)
		setpriority(PRIO_PROCESS, (id_t)gettid(), LOWEST_PRIORITY);
	while (sleep_until_due(background, background->step(background->context)))
		;
	return NULL;
}

static struct background *start(background_step *step, void *context, bool is_urgent)
{
	struct background *background = calloc(1, sizeof *background);
	pthread_condattr_t attributes;
	if (!background)
		fatal("out of memory");
	background->step = step;
	background->context = context;
	background->is_urgent = is_urgent;
	pthread_mutex_init(&background->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&background->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&background->thread, NULL, run, background))
		fatal("cannot start a thread");
	return background;
}

struct background *background_start(background_step *step, void *context)
{
	return start(step, context, false);
}

struct background *background_start_urgent(background_step *step, void *context)
{
	return start(step, context, true);
}

static void set_flag(struct background *background, bool *flag)
{
	pthread_mutex_lock(&background->lock);
	*flag = true;
	pthread_cond_signal(&background->changed);
	pthread_mutex_unlock(&background->lock);
}

void background_ask(struct background *background)
{
	set_flag(background, &background->is_asked);
}

void background_ask_to_stop(struct background *background)
{
	set_flag(background, &background->is_stopping);
}

void background_stop(struct background **handle)
{
	struct background *background = *handle;
	if (!background)
		return;
	background_ask_to_stop(background);
	pthread_join(background->thread, NULL);
	pthread_cond_destroy(&background->changed);
	pthread_mutex_destroy(&background->lock);
	free(background);
	*handle = NULL;
}
