/* SPDX-License-Identifier: Apache-2.0 */
/* Values between our structs and PostgreSQL's binary formats: text, bytea, bigint; a boolean is a bigint of 0
   or 1, as the statements write it. A value that does not fit its declaration fails the request with
   INTERNAL: the statement's author was wrong. */
#pragma once

#include <libpq-fe.h>

#include "base/request.h"

struct store_statement;

/* The parameters of one run, in libpq's form. They point into the request's memory. */
struct postgres_values {
	int count;
	Oid *types;
	const char **data;
	int *lengths, *formats;
};

RESULT postgres_value_bind(struct request *request, const struct store_statement *statement, const void *in,
	struct postgres_values *out);

/* Copies the columns of row `number` to their places in `row`, texts into the request's arena. */
RESULT postgres_value_read(struct request *request, const struct store_statement *statement,
	const PGresult *given, int number, void *row);
