/* SPDX-License-Identifier: Apache-2.0 */
/* The database of this process: opening, transactions, closing. Statements are in store/statements.h.

   Reading needs no ceremony: a statement called outside store_write() sees every write acknowledged before.
   Writing happens inside store_write() alone. */
#pragma once

#include "base/request.h"

struct histogram;
struct settings;
struct store;
struct store_catalogue;

/* Opens the database that the settings name, makes it when there is none, and brings its schema up to date.
   NULL, with a reason for the operator made in `arena`, when that fails, also when the database is newer than
   this program. The settings must outlive the store. */
struct store *store_open(struct arena *arena, const struct settings *settings, str *problem);

/* The same with another set of migrations and statements than the product's. */
struct store *store_open_catalogue(struct arena *arena, const struct settings *settings,
	const struct store_catalogue *catalogue, str *problem);

/* Claims the data directory for a server, until store_close() or the end of the process. False, with a
   reason, when another server has it. Administration commands beside a running server do not call this. Nodes
   that share a database have a data directory each. */
bool store_lock_exclusively(struct arena *arena, struct store *store, str *problem);

/* Whether this store holds that claim and the database is nobody else's: then what a server left half done
   here, no running server is at. */
bool store_is_locked(const struct store *store);

/* Whether servers with other data directories may use the same database. */
bool store_is_shared(const struct store *store);

/* No request may still use the store. Nulls the pointer. */
void store_close(struct store **store);

typedef result store_write_function(struct request *request, void *context);

/* Runs run(request, context) inside a transaction and returns after it is durable. When it fails, nothing of
   it is kept and its failure stands in the request; should a disk fail so that it takes nothing at all any
   more, a crash before its recovery may still bring the transaction back, whole. It may run on another thread
   while others wait behind it: no hashing, no network, no locks. Called inside another transaction it just
   runs as a part of that. Raises what `run` raises, INTERNAL, SERVICE_UNAVAILABLE (another process keeps the
   database busy, it cannot be reached, or it was lost during the commit, so that nobody knows whether that was
   done). An engine may run `run` again when it got in the way of another transaction: then `*context`, which
   nobody else may use meanwhile, is what it was before, and what `run` leaves elsewhere must not depend on how
   often that was. */
#define store_write(request, run, context) store_write_sized((request), (run), (context), sizeof *(context))
RESULT store_write_sized(struct request *request, store_write_function *run, void *context, size_t size);

/* Has run(context) called once the transaction that the request is in is durable: by the thread that called the
   outermost store_write(), before that returns, so locks are allowed there. In the order of asking; not at all
   when the transaction fails. Only inside store_write(). */
void store_after_commit(struct request *request, void (*run)(void *context), void *context);

/* From now on each transaction of the request calls begin(context) first, also when the engine tries it again, and,
   when it has gone well, end(request, context) as its last part: what fails there fails the transaction. Only outside
   of store_write(). */
void store_accompany(
	struct request *request, void (*begin)(void *context), store_write_function *end, void *context);

/* The newest migration of this program: what the schema of an open store has. */
unsigned store_schema_version(void);

struct store_statistics {
	uint64_t transactions; /* that ran, failed ones too */
	uint64_t commits; /* each of one or more transactions */
	uint64_t bytes; /* that the database takes on this machine's disk; 0: it is that of another server */
	const struct histogram *waits; /* of callers of store_write() until it was durable; lives as long as the store */
};

/* Counts since the store was opened. */
struct store_statistics store_statistics(const struct store *store);
