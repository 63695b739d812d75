/* SPDX-License-Identifier: Apache-2.0 */
/* The VFS. A file of ours has the system's file behind it, in the same piece of memory. */
#include "store/fault.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>

static const struct {
	const char *name;
	int code; /* of a device that fails */
	int full_code; /* of a full one; 0: it does not notice */
} operations[FAULT_OPERATION_COUNT] = {
	[FAULT_OPEN] = { "open", SQLITE_CANTOPEN, SQLITE_CANTOPEN },
	[FAULT_READ] = { "read", SQLITE_IOERR_READ, 0 },
	[FAULT_WRITE] = { "write", SQLITE_IOERR_WRITE, SQLITE_FULL },
	[FAULT_TRUNCATE] = { "truncate", SQLITE_IOERR_TRUNCATE, 0 },
	[FAULT_SYNC] = { "sync", SQLITE_IOERR_FSYNC, SQLITE_IOERR_FSYNC },
	[FAULT_SIZE] = { "size", SQLITE_IOERR_FSTAT, 0 },
	[FAULT_DELETE] = { "delete", SQLITE_IOERR_DELETE, 0 },
	[FAULT_ACCESS] = { "access", SQLITE_IOERR_ACCESS, 0 },
	[FAULT_LOCK] = { "lock", SQLITE_IOERR_LOCK, 0 },
	[FAULT_SHM_MAP] = { "shm_map", SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMSIZE },
	[FAULT_SHM_LOCK] = { "shm_lock", SQLITE_IOERR_SHMLOCK, 0 },
};

/* --- The plan --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault_plan current;
static uint64_t counted;

void fault_begin(const struct fault_plan *plan)
{
	pthread_mutex_lock(&lock);
	current = *plan;
	counted = 0;
	pthread_mutex_unlock(&lock);
}

uint64_t fault_end(void)
{
	pthread_mutex_lock(&lock);
	current = (struct fault_plan){ .operations = 0 };
	uint64_t count = counted;
	pthread_mutex_unlock(&lock);
	return count;
}

const char *fault_name(enum fault_operation operation)
{
	return operations[operation].name;
}

/* What the operation that comes now ends with: SQLITE_OK when it shall be done. */
static int verdict(enum fault_operation operation)
{
	int code = SQLITE_OK;
	pthread_mutex_lock(&lock);
	if (current.operations & 1U << operation) {
		counted++;
		if (current.lasts ? counted >= current.first : counted == current.first)
			code = current.is_full ? operations[operation].full_code : operations[operation].code;
	}
	pthread_mutex_unlock(&lock);
	return code;
}

#define TRY_TO(operation)                                                                                    \
	do {                                                                                                 \
		int verdict_ = verdict(operation);                                                           \
		if (verdict_ != SQLITE_OK)                                                                   \
			return verdict_;                                                                     \
	} while (0)

/* --- A file --- */

struct file {
	sqlite3_file common;
	sqlite3_file *real;
};

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct file *)file)->real;
}

static int file_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *data, int len, sqlite3_int64 offset)
{
	TRY_TO(FAULT_READ);
	return real(file)->pMethods->xRead(real(file), data, len, offset);
}

static int file_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 offset)
{
	int code = verdict(FAULT_WRITE);
	if (code == SQLITE_OK)
		return real(file)->pMethods->xWrite(real(file), data, len, offset);
	if (code == SQLITE_FULL)
		real(file)->pMethods->xWrite(real(file), data, len / 2, offset);
	return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	TRY_TO(FAULT_TRUNCATE);
	return real(file)->pMethods->xTruncate(real(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	return verdict(FAULT_SYNC);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	TRY_TO(FAULT_SIZE);
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	TRY_TO(FAULT_LOCK);
	return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_check_reserved_lock(sqlite3_file *file, int *is_reserved)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), is_reserved);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
	return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int file_device_characteristics(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int file_shm_map(sqlite3_file *file, int region, int size, int extends, void volatile **out)
{
	TRY_TO(FAULT_SHM_MAP);
	return real(file)->pMethods->xShmMap(real(file), region, size, extends, out);
}

/* Giving a lock back never fails in earnest. */
static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	if (flags & SQLITE_SHM_LOCK)
		TRY_TO(FAULT_SHM_LOCK);
	return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int deletes)
{
	return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* without memory-mapped files, which the store does not use */
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_reserved_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_device_characteristics,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

/* --- The file system --- */

static sqlite3_vfs *system_vfs, vfs;

static int vfs_open(sqlite3_vfs *self, sqlite3_filename name, sqlite3_file *opened, int flags, int *out_flags)
{
	(void)self;
	struct file *file = (struct file *)opened;
	file->common.pMethods = NULL; /* SQLite closes what has methods */
	TRY_TO(FAULT_OPEN);
	file->real = (sqlite3_file *)(file + 1);
	int code = system_vfs->xOpen(system_vfs, name, file->real, flags, out_flags);
	if (file->real->pMethods)
		file->common.pMethods = &methods;
	return code;
}

static int vfs_delete(sqlite3_vfs *self, const char *name, int syncs_folder)
{
	(void)self;
	(void)syncs_folder;
	TRY_TO(FAULT_DELETE);
	return system_vfs->xDelete(system_vfs, name, 0);
}

static int vfs_access(sqlite3_vfs *self, const char *name, int flags, int *out)
{
	(void)self;
	TRY_TO(FAULT_ACCESS);
	return system_vfs->xAccess(system_vfs, name, flags, out);
}

void fault_install(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	assert(system_vfs);
	vfs = *system_vfs;
	vfs.pNext = NULL;
	vfs.zName = "fault";
	vfs.szOsFile += (int)sizeof(struct file);
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	vfs.xAccess = vfs_access;
	int code = sqlite3_vfs_register(&vfs, 1);
	assert(code == SQLITE_OK);
}
