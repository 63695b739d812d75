/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded (LD_PRELOAD): every sync of a file takes SLOW_SYNC_US microseconds more. So a machine whose disk answers at
   once shows what happens on one whose disk does not; server and baseline get the same. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

typedef int sync_function(int file);

static int sync_slowly(const char *name, int file)
{
	const char *delay = getenv("SLOW_SYNC_US");
	sync_function *next = (sync_function *)dlsym(RTLD_NEXT, name);
	if (delay)
		usleep((useconds_t)atoi(delay));
	return next(file);
}

int fsync(int file)
{
	return sync_slowly("fsync", file);
}

int fdatasync(int file)
{
	return sync_slowly("fdatasync", file);
}
