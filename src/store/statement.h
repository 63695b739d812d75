/* SPDX-License-Identifier: Apache-2.0 */
/* A named statement as data, and the three ways to run one. Only generated code calls these: everybody else
   calls the typed functions of store/statements.h, which the build makes of sql/query. */
#pragma once

#include "base/request.h"

enum store_type { STORE_TEXT, STORE_BLOB, STORE_INTEGER, STORE_BOOLEAN };

/* One parameter or column and where it stands in its struct: text and blob as str, integer as int64_t or
   struct optional_int, boolean as bool or struct optional_bool. */
struct store_field {
	const char *name;
	enum store_type type;
	bool optional; /* may be NULL */
	size_t offset;
};

struct store_statement {
	const char *name;
	const char *sql; /* parameters are $1, $2 ... in the order of their first appearance */
	size_t index; /* counts from 0 within its catalogue */
	bool writes; /* only allowed inside store_write() */
	const struct store_field *parameters, *columns; /* in the order of the statement's text */
	size_t parameter_count, column_count;
	size_t row_size;
};

/* Fills *row and sets *found when there is a row. A second row is an error of the statement. */
RESULT store_statement_one(struct request *request, const struct store_statement *statement, const void *in,
	void *row, bool *found);

/* All rows, in an array in the request's arena; a valid pointer also when there are none. */
RESULT store_statement_many(struct request *request, const struct store_statement *statement, const void *in,
	void **rows, size_t *count);

/* Reports how many rows changed, unless `changed` is NULL. */
RESULT store_statement_write(
	struct request *request, const struct store_statement *statement, const void *in, int64_t *changed);
