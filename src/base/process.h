/* SPDX-License-Identifier: Apache-2.0 */
/* What this process takes of the machine, as the kernel counts it. */
#pragma once

#include <stdint.h>

struct process_usage {
	int64_t started_at; /* milliseconds since 1970 */
	uint64_t processor_us; /* of all threads, user and system */
	uint64_t resident_bytes, virtual_bytes;
	uint64_t threads;
	uint64_t open_files, open_files_max;
};

/* Reads a few small files of /proc; what cannot be read is 0. */
struct process_usage process_usage(void);
