/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the writer and the readers of one database file together. */
#include "store/sqlite/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "store/catalogue.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/migration.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/writer.h"

struct sqlite_store {
	struct store common;
	char *path;
	struct sqlite_readers *readers;
	struct sqlite_writer *writer;
};

/* SQLite would make the file with the rights of the umask; its companions take over the file's rights. */
static bool make_private_file(struct arena *arena, const char *path, str *problem)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0) {
		*problem = arena_printf(arena, "cannot open %s: %s", path, strerror(errno));
		return false;
	}
	close(file);
	return true;
}

static struct sqlite_connection *open_for_writing(
	struct arena *arena, const char *path, const struct store_catalogue *catalogue, str *problem)
{
	struct sqlite_connection *connection = sqlite_connection_open(
		arena, path, catalogue->statement_count, SQLITE_CONNECTION_WRITES, problem);
	if (!connection || sqlite_migration_apply(arena, connection, catalogue, problem))
		return connection;
	sqlite_connection_close(&connection);
	return NULL;
}

static struct store *engine_open(struct arena *arena, const struct settings *settings, str location,
	const struct store_catalogue *catalogue, str *problem)
{
	(void)settings;
	const char *path = arena_copy(arena, location).data;
	if (!make_private_file(arena, path, problem))
		return NULL;
	struct sqlite_connection *connection = open_for_writing(arena, path, catalogue, problem);
	if (!connection)
		return NULL;
	struct sqlite_store *store = calloc(1, sizeof *store);
	if (!store || !(store->path = strdup(path)))
		fatal("out of memory");
	store->readers = sqlite_readers_new(&store->common, path, catalogue->statement_count);
	store->writer = sqlite_writer_new(&store->common, connection);
	return &store->common;
}

static void engine_close(struct store *common)
{
	struct sqlite_store *store = (struct sqlite_store *)common;
	sqlite_readers_free(&store->readers);
	sqlite_writer_free(&store->writer); /* last: it leaves no write-ahead log behind */
	free(store->path);
	free(store);
}

static RESULT engine_borrow(struct store *common, struct request *request)
{
	return sqlite_readers_borrow(((struct sqlite_store *)common)->readers, request);
}

static void engine_release(struct store_connection *connection)
{
	struct sqlite_store *store = (struct sqlite_store *)connection->store;
	sqlite_readers_return(store->readers, (struct sqlite_connection *)connection);
}

static RESULT engine_run(struct store_connection *connection, struct request *request,
	const struct store_statement *statement, const void *in, struct store_rows *rows)
{
	return sqlite_connection_run((struct sqlite_connection *)connection, request, statement, in, rows);
}

static RESULT engine_write(
	struct store *common, struct request *request, store_write_function *run, void *context)
{
	return sqlite_writer_run(((struct sqlite_store *)common)->writer, request, run, context);
}

static uint64_t file_size(const char *path, const char *suffix)
{
	struct arena *arena = arena_new();
	struct stat status = { .st_size = 0 };
	int outcome = stat(arena_printf(arena, "%s%s", path, suffix).data, &status);
	arena_free(&arena);
	return outcome ? 0 : (uint64_t)status.st_size;
}

static struct store_statistics engine_statistics(const struct store *common)
{
	const struct sqlite_store *store = (const struct sqlite_store *)common;
	struct store_statistics statistics = sqlite_writer_statistics(store->writer);
	statistics.bytes = file_size(store->path, "") + file_size(store->path, "-wal");
	return statistics;
}

const struct store_engine sqlite_engine = {
	.scheme = "sqlite",
	.open = engine_open,
	.close = engine_close,
	.borrow = engine_borrow,
	.release = engine_release,
	.run = engine_run,
	.write = engine_write,
	.statistics = engine_statistics,
};
