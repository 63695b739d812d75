/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of one statement, in an array that doubles. */
#include "store/rows.h"

enum { FIRST_CAPACITY = 8 };

struct store_rows store_rows_single(struct arena *arena, void *row, size_t row_size)
{
	return (struct store_rows){
		.arena = arena,
		.row_size = row_size,
		.data = row,
		.capacity = 1,
		.max = 1,
	};
}

struct store_rows store_rows_list(struct arena *arena, size_t row_size)
{
	return (struct store_rows){ .arena = arena, .row_size = row_size, .max = SIZE_MAX };
}

static void grow(struct store_rows *rows)
{
	size_t capacity = rows->capacity ? rows->capacity * 2 : FIRST_CAPACITY;
	char *data = arena_alloc_array(rows->arena, capacity, rows->row_size);
	if (rows->count)
		memcpy(data, rows->data, rows->count * rows->row_size);
	rows->data = data;
	rows->capacity = capacity;
}

void *store_rows_add(struct store_rows *rows)
{
	if (rows->count == rows->max)
		return NULL;
	if (rows->count == rows->capacity)
		grow(rows);
	char *row = rows->data + rows->count++ * rows->row_size;
	return memset(row, 0, rows->row_size);
}
