/* SPDX-License-Identifier: Apache-2.0 */
/* Running statements on the connection of the request, which is borrowed here when it has none yet. */
#include "store/statement.h"

#include <assert.h>

#include "store/engine.h"
#include "store/rows.h"

static void release_connection(void *object)
{
	struct request *request = object;
	store_engine_release(request);
}

static RESULT borrow_connection(struct request *request)
{
	TRY(request->store->engine->borrow(request->store, request));
	arena_defer(request->arena, release_connection, request);
	return OK;
}

static RESULT run(struct request *request, const struct store_statement *statement, const void *in,
	struct store_rows *rows)
{
	assert(!statement->writes || store_engine_is_writing(request));
	if (!request->connection)
		TRY(borrow_connection(request));
	return request->store->engine->run(request->connection, request, statement, in, rows);
}

result store_statement_one(struct request *request, const struct store_statement *statement, const void *in,
	void *row, bool *found)
{
	struct store_rows rows = store_rows_single(request->arena, row, statement->row_size);
	TRY(run(request, statement, in, &rows));
	*found = rows.count > 0;
	return OK;
}

result store_statement_many(struct request *request, const struct store_statement *statement, const void *in,
	void **out, size_t *count)
{
	struct store_rows rows = store_rows_list(request->arena, statement->row_size);
	TRY(run(request, statement, in, &rows));
	*out = rows.count ? rows.data : arena_alloc(request->arena, 0);
	*count = rows.count;
	return OK;
}

result store_statement_write(
	struct request *request, const struct store_statement *statement, const void *in, int64_t *changed)
{
	struct store_rows rows = store_rows_single(request->arena, NULL, 0);
	rows.max = 0;
	TRY(run(request, statement, in, &rows));
	if (changed)
		*changed = rows.changed;
	return OK;
}
