/* SPDX-License-Identifier: Apache-2.0 */
/* What an error of the database means for whoever was at it, by its SQLSTATE (PostgreSQL documentation,
   appendix A). */
#pragma once

#include "base/request.h"

enum postgres_failure {
	POSTGRES_WORKS,
	POSTGRES_CONFLICT, /* with another transaction: this one may succeed when it is run again */
	POSTGRES_RACE, /* a constraint: perhaps because of a row that came or went while this one ran */
	POSTGRES_UNPREPARED, /* the named statement is not there, or of somebody else: sessions are shared */
	POSTGRES_BUSY, /* a limit or a full disk */
	POSTGRES_LOST, /* the connection is of no more use */
	POSTGRES_FAULT, /* anything else: ours */
};

/* `state` NULL: there was no answer. */
enum postgres_failure postgres_failure_of(const char *state);

/* Fails the request: INTERNAL for what is our fault, else SERVICE_UNAVAILABLE. */
RESULT postgres_failure_raise(struct request *request, enum postgres_failure failure);
