/* SPDX-License-Identifier: Apache-2.0 */
/* What every protocol does with an operation, in the order that AWS keeps: find it, check who asks, read the input,
   check that this caller may, run, render. A protocol only says where name and input stand in its messages. */
#pragma once

#include "base/jsontree.h"
#include "iam/principal.h"
#include "message/request.h"
#include "spec/operation.h"

struct call {
	const struct spec_service *service;
	const struct spec_operation *operation;
	struct principal principal; /* SPEC_SIGV4 only */
};

/* The call of that operation; its name goes to the log from here on. */
struct call call_begin(struct request *request, const struct spec_service *service,
	const struct spec_operation *operation);

/* Who asks. Before the input is read, so that strangers learn nothing from how it is refused. Raises what
   principal_authenticate() raises. */
RESULT call_authenticate(struct request *request, const struct message_request *message, struct call *call);

/* The JSON of a body; an empty one counts as {}. Raises Serialization. */
RESULT call_parse(struct request *request, str body, const struct jsontree **input);

/* Decodes, authorizes, throttles, runs and renders. What breaks the operation's own spec is logged as
   `unlisted_error` or `incomplete_output`. Raises Serialization, InvalidParameter, AccessDenied,
   TooManyRequests, and what the operation raises. */
RESULT call_run(struct request *request, const struct call *call, const struct jsontree *input, str *output);

/* Whatever became of it: the audit trail tells, where there is something to tell. Nothing happens where no call has
   begun. */
void call_end(struct request *request, result outcome);
