/* SPDX-License-Identifier: Apache-2.0 */
/* Transactions, each on a connection of its own, as if one came after the other (SERIALIZABLE). One that gets
   in the way of another is run again. */
#pragma once

#include "store/store.h"

struct histogram;
struct postgres_pool;
struct postgres_transactions;

/* `pool` must outlive it. */
struct postgres_transactions *postgres_transactions_new(struct postgres_pool *pool);

/* Nulls the pointer. */
void postgres_transactions_free(struct postgres_transactions **transactions);

/* Returns when the transaction is durable or has failed. When the connection is lost while it commits, nobody
   knows which: then it raises SERVICE_UNAVAILABLE and does not try again. */
RESULT postgres_transactions_run(struct postgres_transactions *transactions, struct request *request,
	store_write_function *run, void *context);

struct store_statistics postgres_transactions_statistics(const struct postgres_transactions *transactions);
