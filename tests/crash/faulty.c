/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a server of the product's objects whose files fail when it is told so: linked with them, it puts the
   VFS of store/fault.h in place before main(), and carries out what is written into the file that FAULT_ORDER
   names, begin OPERATIONS FIRST LASTS FULL      the members of struct fault_plan as numbers end The file is
   gone when that is done. */
#include "store/fault.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void obey(FILE *order)
{
	unsigned operations;
	unsigned long long first;
	int lasts, is_full;
	fault_end();
	if (fscanf(order, "begin %u %llu %d %d", &operations, &first, &lasts, &is_full) == 4)
		fault_begin(&(struct fault_plan){
			.operations = operations, .first = first, .lasts = lasts, .is_full = is_full });
}

static void *await_orders(void *path)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	for (;; nanosleep(&pause, NULL)) {
		FILE *order = fopen(path, "r");
		if (!order)
			continue;
		obey(order);
		fclose(order);
		unlink(path);
	}
	return NULL;
}

__attribute__((constructor)) static void begin(void)
{
	char *path = getenv("FAULT_ORDER");
	pthread_t thread;
	sigset_t all, before;
	fault_install();
	if (!path)
		return;
	sigfillset(&all); /* signals are the server's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, await_orders, path))
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}
