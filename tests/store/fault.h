/* SPDX-License-Identifier: Apache-2.0 */
/* Files that fail on purpose: a VFS of SQLite in front of the system's, the default one from fault_install()
   on. It counts what SQLite asks of files and fails what a plan names. Nothing is synced to the disk: no test
   cuts the power, and thousands of runs are to take seconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum fault_operation {
	FAULT_OPEN,
	FAULT_READ,
	FAULT_WRITE,
	FAULT_TRUNCATE,
	FAULT_SYNC,
	FAULT_SIZE, /* asking how long a file is */
	FAULT_DELETE,
	FAULT_ACCESS, /* asking whether a file is there */
	FAULT_LOCK,
	FAULT_SHM_MAP,
	FAULT_SHM_LOCK,
	FAULT_OPERATION_COUNT
};

enum { FAULT_ANY = (1 << FAULT_OPERATION_COUNT) - 1 };

struct fault_plan {
	unsigned operations; /* those that count and fail: bits 1 << enum fault_operation */
	uint64_t first; /* the first one that fails, from 1 */
	bool lasts; /* all that follow fail too */
	bool is_full; /* as on a full disk: half of what is to be written gets there; else the device fails */
};

/* Before the first database is opened. */
void fault_install(void);

/* From now on. Counting begins again. */
void fault_begin(const struct fault_plan *plan);

/* Nothing fails any more. Tells how many operations of the plan there were. */
uint64_t fault_end(void);

/* "write" */
const char *fault_name(enum fault_operation operation);
