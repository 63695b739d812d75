/* SPDX-License-Identifier: Apache-2.0 */
/* Spare signing keys, made ahead by one thread in the background at low priority and kept in the store until a new pool
   takes them. */
#pragma once

struct sealer;
struct settings;
struct store;
struct pool_key_stock;

enum { POOL_KEY_STOCK_SIZE = 8 };

/* One stock at a time; what it is given must outlive it. */
struct pool_key_stock *pool_key_stock_start(const struct settings *settings, const struct sealer *sealer,
	struct store *store);

/* Waits for the key that is being made, if any. Nulls the pointer. */
void pool_key_stock_stop(struct pool_key_stock **stock);

/* Asks the thread to look whether the stock needs filling; nothing happens without one. */
void pool_key_stock_wake(void);

/* How many spare keys there were when this process looked last. */
unsigned pool_key_stock_level(void);
