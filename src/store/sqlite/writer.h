/* SPDX-License-Identifier: Apache-2.0 */
/* The one thread that writes. All transactions that wait when it becomes free share one commit, and so one
   sync of the disk; each runs in a savepoint of its own, so that one's failure is nobody else's. */
#pragma once

#include "store/store.h"

struct sqlite_connection;
struct sqlite_writer;

/* Owns the connection from now on. */
struct sqlite_writer *sqlite_writer_new(struct store *store, struct sqlite_connection *connection);

/* Finishes what waits, moves the write-ahead log into the database, nulls the pointer. */
void sqlite_writer_free(struct sqlite_writer **writer);

/* Returns when the transaction is durable or has failed. */
RESULT sqlite_writer_run(
	struct sqlite_writer *writer, struct request *request, store_write_function *run, void *context);

struct store_statistics sqlite_writer_statistics(const struct sqlite_writer *writer);
