/* SPDX-License-Identifier: Apache-2.0 */
/* The signing keys of a pool: one for ID tokens, one for access tokens, RS256. New pools take theirs from the stock of
   pool_key_stock.h, so that CreateUserPool never waits for RSA. */
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
   empty gets its keys here, which may take a second. Raises ResourceNotFound (the pool went meanwhile). */
RESULT pool_key_find(struct request *request, const struct user_pool *pool, const struct pool_keys **keys);

/* Inside the transaction that creates a pool: gives it two spare keys if there are any. */
RESULT pool_key_assign_spares(struct request *request, str pool_id);

/* A new key, ready to be stored. */
struct pool_key_made {
	str id; /* kid */
	str sealed_key;
};

/* Takes a fraction of a second: never inside a transaction. */
struct pool_key_made pool_key_make(struct request *request);
