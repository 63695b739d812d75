/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/userpool/interruption.h"

#include "store/store.h"
#include "unit/userpool/house.h"

static struct {
	void (*happen)(const void *context);
	const void *context;
} interruption;

void interruption_set(void (*happen)(const void *context), const void *context)
{
	interruption.happen = happen;
	interruption.context = context;
}

static struct {
	const struct house *house;
	const char *sql;
} statement;

static void execute(const void *context)
{
	(void)context;
	house_execute(statement.house, statement.sql);
}

void interruption_execute(const struct house *house, const char *sql)
{
	statement.house = house;
	statement.sql = sql;
	interruption_set(execute, NULL);
}

/* The names that the linker gives them. */
RESULT __real_store_write_sized(
	struct request *request, store_write_function *run, void *context, size_t size);
RESULT __wrap_store_write_sized(
	struct request *request, store_write_function *run, void *context, size_t size);

result __wrap_store_write_sized(
	struct request *request, store_write_function *run, void *context, size_t size)
{
	void (*happen)(const void *) = interruption.happen;
	interruption.happen = NULL;
	if (happen)
		happen(interruption.context);
	return __real_store_write_sized(request, run, context, size);
}
