/* SPDX-License-Identifier: Apache-2.0 */
/* How a command says that it cannot: one line for the operator on standard error, and its exit status. */
#pragma once

#include "base/request.h"

/* STATUS_NOT_RUNNING is what the Linux Standard Base has for a service that is asked for its status. */
enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE, STATUS_NOT_RUNNING };

/* It was tried and did not work; returns STATUS_FAILED. */
int refusal_failed(str problem);

/* The same for what stands in a request that failed. */
int refusal_of_request(const struct request *request);

/* A mistake on the command line, in the environment or in the configuration file: nothing was touched.
   Returns STATUS_USAGE. */
int refusal_usage(str problem);
