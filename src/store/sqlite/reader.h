/* SPDX-License-Identifier: Apache-2.0 */
/* Connections for reading: opened when first needed, lent for one statement at a time, the last returned first, so
   that a server works on few and warm ones. There are never more than twice the processors and some for threads that
   wait for the disk; past that, readers wait for each other. */
#pragma once

#include "base/request.h"

struct sqlite_connection;
struct sqlite_readers;
struct store;

struct sqlite_readers *sqlite_readers_new(struct store *store, const char *path, size_t statement_count);

/* All must have been returned. Nulls the pointer. */
void sqlite_readers_free(struct sqlite_readers **readers);

/* Sets request->connection, perhaps after waiting for another's. */
RESULT sqlite_readers_borrow(struct sqlite_readers *readers, struct request *request);

void sqlite_readers_return(struct sqlite_readers *readers, struct sqlite_connection *connection);
