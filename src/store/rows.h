/* SPDX-License-Identifier: Apache-2.0 */
/* Where an engine puts what a statement gave: rows of one struct type side by side, and a count of changes.
 */
#pragma once

#include "base/arena.h"

struct store_rows {
	struct arena *arena; /* holds the rows and every text in them */
	size_t row_size;
	char *data;
	size_t count, capacity;
	size_t max; /* rows that the caller can take; past them store_rows_add() gives NULL */
	int64_t changed; /* rows that the statement inserted, updated or deleted */
};

/* At most one row, written into *row, which belongs to the caller. */
struct store_rows store_rows_single(struct arena *arena, void *row, size_t row_size);

/* As many rows as there are, in the arena. */
struct store_rows store_rows_list(struct arena *arena, size_t row_size);

/* The next row, zeroed, to be filled; earlier ones may move. NULL when the caller takes no more. */
void *store_rows_add(struct store_rows *rows);
