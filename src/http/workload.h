/* SPDX-License-Identifier: Apache-2.0 */
/* The requests under way and the workers that run them, from start to the last one of a drain. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workload;

struct workload *workload_new(unsigned threads, size_t queue_limit);

/* Nulls the pointer. Only after workload_drain(). */
void workload_free(struct workload **workload);

/* A request begins, a request is answered and gone. */
void workload_enter(struct workload *workload);
void workload_leave(struct workload *workload);

/* Hands run(job) to a worker; false, and nothing happens, when too many wait or the drain has come to its end. */
bool workload_submit(struct workload *workload, void (*run)(void *job), void *job);

/* Whether connections should end after their answer, and whether waiting jobs should refuse rather than run. */
bool workload_is_draining(const struct workload *workload);
bool workload_is_over(const struct workload *workload);

struct workload_load {
	size_t under_way; /* requests begun and not yet gone */
	size_t waiting; /* of these, for a worker */
	size_t busy, workers;
	uint64_t refused; /* jobs so far */
};

/* A snapshot. Waits for nothing but other threads that count. */
struct workload_load workload_load(struct workload *workload);

/* Waits until no request is under way, at most `patience` seconds; then has the waiting jobs refuse, waits for the
   running ones, and gives their answers a moment to leave. */
void workload_drain(struct workload *workload, unsigned patience);
