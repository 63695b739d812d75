/* SPDX-License-Identifier: Apache-2.0 */
/* The input of an operation that is called over the administration: members come from the path, from the query and
   from a JSON body, and become one tree. */
#pragma once

#include "base/jsontree.h"
#include "message/request.h"
#include "spec/operation.h"

/* Whether members of that type may stand in a query: scalars and lists of scalars, and nothing that is sensitive,
   because queries end up in logs and histories. */
bool admin_input_is_for_query(const struct spec_type *type);

/* Gathers the members of a message whose path fits the operation's. Query parameters that carry a signature
   (X-Amz-...) are no members. A member may be given twice only with the same value. Raises UnsupportedMediaType,
   Serialization, and InvalidParameter for unknown or contradicting parameters and those not of their type. */
RESULT admin_input_read(struct request *request, const struct spec_operation *operation,
	const struct message_request *message, const struct jsontree **input);
