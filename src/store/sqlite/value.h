/* SPDX-License-Identifier: Apache-2.0 */
/* Values between our structs and SQLite's statements. A value that does not fit its declaration fails the
   request with INTERNAL: the statement's author was wrong. */
#pragma once

#include <sqlite3.h>

#include "base/request.h"

struct store_statement;

/* Binds every parameter from its place in `in`, which must live until the statement is reset. */
RESULT sqlite_value_bind(struct request *request, const struct store_statement *statement,
	sqlite3_stmt *prepared, const void *in);

/* Copies the columns of the current row to their places in `row`, texts into the request's arena. */
RESULT sqlite_value_read(
	struct request *request, const struct store_statement *statement, sqlite3_stmt *prepared, void *row);
