/* SPDX-License-Identifier: Apache-2.0 */
/* This process, from /proc/self and the system calls that need none. */
#include "base/process.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { US_OF_SECOND = 1000000 };

/* Of proc_pid_stat(5), behind the name in parentheses, which may have anything in it but is never longer than this. */
struct stat_fields {
	unsigned long threads, started_ticks, virtual_bytes;
	long resident_pages;
};

static struct stat_fields read_stat(void)
{
	struct stat_fields fields = { .threads = 0 };
	char text[1024] = "";
	FILE *file = fopen("/proc/self/stat", "re");
	if (!file)
		return fields;
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	const char *behind = strrchr(text, ')');
	/* state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority nice */
	if (behind)
		sscanf(behind + 1,
			" %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %*s %lu %lu %ld",
			&fields.threads, &fields.started_ticks, &fields.virtual_bytes, &fields.resident_pages);
	return fields;
}

/* The kernel counts from its own start. */
static int64_t start_time(unsigned long ticks)
{
	struct timespec since_boot;
	clock_gettime(CLOCK_BOOTTIME, &since_boot);
	int64_t up = (int64_t)since_boot.tv_sec * SECOND + since_boot.tv_nsec / 1000000;
	return clock_now() - up + (int64_t)ticks * SECOND / sysconf(_SC_CLK_TCK);
}

static uint64_t us_of(struct timeval time)
{
	return (uint64_t)time.tv_sec * US_OF_SECOND + (uint64_t)time.tv_usec;
}

/* Linux 6.2 and newer tell the number as the size of the folder. */
static uint64_t count_open_files(void)
{
	static const char path[] = "/proc/self/fd";
	struct stat status;
	if (stat(path, &status) == 0 && status.st_size > 0)
		return (uint64_t)status.st_size;
	uint64_t count = 0;
	DIR *folder = opendir(path);
	if (!folder)
		return 0;
	for (const struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count ? count - 1 : 0; /* without the folder's own */
}

struct process_usage process_usage(void)
{
	struct stat_fields fields = read_stat();
	struct rusage usage = { .ru_maxrss = 0 };
	struct rlimit files = { .rlim_cur = 0 };
	getrusage(RUSAGE_SELF, &usage);
	getrlimit(RLIMIT_NOFILE, &files);
	return (struct process_usage){
		.started_at = fields.started_ticks ? start_time(fields.started_ticks) : 0,
		.processor_us = us_of(usage.ru_utime) + us_of(usage.ru_stime),
		.resident_bytes = (uint64_t)fields.resident_pages * (uint64_t)sysconf(_SC_PAGESIZE),
		.virtual_bytes = fields.virtual_bytes,
		.threads = fields.threads,
		.open_files = count_open_files(),
		.open_files_max = files.rlim_cur,
	};
}
