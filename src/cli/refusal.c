/* SPDX-License-Identifier: Apache-2.0 */
/* Refusals. */
#include "cli/refusal.h"

#include <stdio.h>

int refusal_failed(str problem)
{
	fprintf(stderr, "poolwarden: %.*s\n", STR_ARG(problem));
	return STATUS_FAILED;
}

int refusal_of_request(const struct request *request)
{
	/* Whoever has the data folder may know the reason too. */
	fprintf(stderr, "poolwarden: %.*s%s%.*s\n", STR_ARG(request->message),
		str_is_set(request->detail) ? ": " : "", STR_ARG(request->detail));
	return STATUS_FAILED;
}

int refusal_usage(str problem)
{
	fprintf(stderr, "poolwarden: %.*s\nTry `poolwarden help`.\n", STR_ARG(problem));
	return STATUS_USAGE;
}
