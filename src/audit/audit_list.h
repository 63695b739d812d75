/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail for those who look into it. API: ListAuditEvents.

   The cost of a page: the rows of one index, from its place on, until the page is full, at most 5,000 of
   them. Users, access keys, operations and pools have an index, failures and what administrators did as well.
 */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

/* A page of the events that every filter lets pass, the newest first. A page may be short, or empty, and yet
   not be the last: `next_token` says so. Raises InvalidParameter (token). */
RESULT audit_list(struct request *request, const struct list_audit_events_request *input,
	struct list_audit_events_response *output);
