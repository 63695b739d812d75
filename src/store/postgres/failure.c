/* SPDX-License-Identifier: Apache-2.0 */
/* The table of SQLSTATEs. What is not listed is our fault. */
#include "store/postgres/failure.h"

#include "base/fatal.h"

static const struct {
	const char *prefix; /* a whole state, or a class */
	enum postgres_failure failure;
} states[] = {
	{ "40001", POSTGRES_CONFLICT }, /* serialization_failure */
	{ "40P01", POSTGRES_CONFLICT }, /* deadlock_detected */
	{ "23503", POSTGRES_RACE }, /* foreign_key_violation */
	{ "23505", POSTGRES_RACE }, /* unique_violation */
	{ "26000", POSTGRES_UNPREPARED }, /* invalid_sql_statement_name */
	{ "42P05", POSTGRES_UNPREPARED }, /* duplicate_prepared_statement */
	{ "0A000",
		POSTGRES_UNPREPARED }, /* feature_not_supported: "cached plan must not change result type" */
	{ "53", POSTGRES_BUSY }, /* insufficient resources */
	{ "55P03", POSTGRES_BUSY }, /* lock_not_available: lock_timeout */
	{ "57014", POSTGRES_BUSY }, /* query_canceled: the operator's statement_timeout */
	{ "08", POSTGRES_LOST }, /* connection exception */
	{ "25006", POSTGRES_LOST }, /* read_only_sql_transaction: no primary any more */
	{ "25P03", POSTGRES_LOST }, /* idle_in_transaction_session_timeout */
	{ "57P", POSTGRES_LOST }, /* shutdown, crash, database dropped, idle session */
};

enum postgres_failure postgres_failure_of(const char *state)
{
	if (!state)
		return POSTGRES_LOST;
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (str_has_prefix(str_of(state), str_of(states[i].prefix)))
			return states[i].failure;
	return POSTGRES_FAULT;
}

result postgres_failure_raise(struct request *request, enum postgres_failure failure)
{
	switch (failure) {
	case POSTGRES_CONFLICT:
	case POSTGRES_BUSY:
		return FAIL(request, SERVICE_UNAVAILABLE, "The service is busy, try again");
	case POSTGRES_LOST:
		return FAIL(request, SERVICE_UNAVAILABLE, "The service is unavailable, try again");
	default:
		return FAIL(request, INTERNAL, "Internal server error");
	}
}
