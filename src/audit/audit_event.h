/* SPDX-License-Identifier: Apache-2.0 */
/* Events of the audit trail as they are stored. Their ids are UUIDs of version 7 (RFC 9562, 5.7) as bytes,
   which begin with the time: events have the order of their ids. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

enum { AUDIT_EVENT_ID_LEN = 16 };

/* The end of the times that an id can begin with, in milliseconds. */
#define AUDIT_EVENT_TIME_MAX ((INT64_C(1) << 48) - 1)

/* Texts are absent where an event has none. Never a secret, a name that somebody typed (it may be a
   password), or the value of an attribute: pools, clients and users are told by their ids. */
struct audit_event {
	str operation;
	enum audit_actor_type actor;
	str access_key_id; /* of an administrator */
	str pool_id, client_id, user_id; /* on what */
	enum audit_outcome_type outcome;
	str error; /* the name of an error, with AUDIT_OUTCOME_TYPE_FAIL */
	str client_address, user_agent; /* as the client says, of any length */
	str request_id; /* absent: of several */
	int64_t count; /* of the events that this one stands for */
};

/* Inside a transaction: stores an event. `*id` is its id, good as long as the request. */
RESULT audit_event_insert(struct request *request, const struct audit_event *event, str *id);

/* Inside a transaction: what came of it after all. */
RESULT audit_event_set_outcome(struct request *request, str id, const struct audit_event *event);

/* Inside a transaction: removes events from before that time, at most `limit`; counts them. */
RESULT audit_event_delete_before(struct request *request, int64_t time, int64_t limit, int64_t *deleted);

/* The least id of that time, which may be any: events from then on have that or a greater one. */
str audit_event_first_id(struct arena *arena, int64_t time);

/* The time in an id, and its text as UUIDs are written. */
int64_t audit_event_time(str id);
str audit_event_id_text(struct arena *arena, str id);
