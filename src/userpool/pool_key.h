/* SPDX-License-Identifier: Apache-2.0 */
/* The signing keys of a pool: one for ID tokens, one for access tokens, RS256. New pools take theirs from a stock that
   a background thread keeps filled, so that CreateUserPool never waits for RSA. */
#pragma once

#include "base/request.h"

struct signing_key;
struct user_pool;

enum pool_key_usage { POOL_KEY_ID, POOL_KEY_ACCESS, POOL_KEY_COUNT };

struct pool_keys {
	const struct signing_key *keys[POOL_KEY_COUNT];
	str jwks; /* the key set document (RFC 7517) */
};

/* The keys of a pool, decoded and ready, held until the request ends. A pool that was created while the stock was
   empty gets its keys here. */
RESULT pool_key_find(struct request *request, const struct user_pool *pool, const struct pool_keys **keys);

/* Inside the transaction that creates a pool: gives it two spare keys if there are any. */
RESULT pool_key_assign_spares(struct request *request, str pool_id);

struct pool_key_stock;

/* Starts the thread that keeps some spare keys ready, and stops it. */
struct pool_key_stock *pool_key_stock_start(const struct settings *settings, const struct sealer *sealer,
	struct store *store);
void pool_key_stock_stop(struct pool_key_stock **stock);

/* Asks the thread to look whether the stock needs filling. */
void pool_key_stock_wake(void);
