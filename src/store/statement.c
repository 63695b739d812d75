/* SPDX-License-Identifier: Apache-2.0 */
/* Running statements on the transaction of the request, or on a connection that is borrowed here. */
#include "store/statement.h"

#include <assert.h>

#include "store/engine.h"
#include "store/rows.h"

/* Reading has a connection for no longer than a statement takes: whoever hashes or signs meanwhile keeps
   none, and a few connections, whose caches stay warm, are enough for all workers. */
static RESULT run(struct request *request, const struct store_statement *statement, const void *in,
	struct store_rows *rows)
{
	const struct store_engine *engine = request->store->engine;
	assert(!statement->writes || store_engine_is_writing(request));
	if (request->connection)
		return engine->run(request->connection, request, statement, in, rows);
	TRY(engine->borrow(request->store, request));
	result done = engine->run(request->connection, request, statement, in, rows);
	store_engine_release(request);
	return done;
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
