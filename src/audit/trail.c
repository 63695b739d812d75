/* SPDX-License-Identifier: Apache-2.0 */
/* The trail of one request. */
#include "audit/trail.h"

#include "audit/audit_event.h"
#include "audit/ration.h"
#include "audit/tally.h"
#include "base/log.h"
#include "base/settings.h"
#include "store/store.h"

/* Whether the event has a row of its own. */
enum room { ROOM_UNKNOWN, ROOM_OF_ITS_OWN, ROOM_IN_NUMBER };

struct trail {
	struct audit_event event;
	enum spec_trail kind;
	bool is_sign_in, is_routine, is_postponed;
	enum room room; /* taken once */
	str id; /* of the row, once it is durable */
	str new_id;
	struct audit_event written; /* what the row says */
};

static bool has_failed(const struct trail *trail)
{
	return trail->event.outcome == AUDIT_OUTCOME_TYPE_FAIL;
}

static bool fails_with(const struct trail *trail, enum error_code error)
{
	return has_failed(trail) && str_equal(trail->event.error, str_of(error_kind(error)->name));
}

/* --- Writing --- */

/* Keys that may do nothing are in more hands than others. */
static bool needs_ration(const struct trail *trail)
{
	if (trail->event.actor == AUDIT_ACTOR_TYPE_ADMINISTRATOR)
		return fails_with(trail, ERROR_ACCESS_DENIED);
	return has_failed(trail) || !trail->is_sign_in;
}

static enum room find_room(struct request *request, const struct trail *trail)
{
	if (fails_with(trail, ERROR_TOO_MANY_REQUESTS))
		return ROOM_IN_NUMBER;
	return !needs_ration(trail) || ration_take(request, &trail->event) ? ROOM_OF_ITS_OWN : ROOM_IN_NUMBER;
}

static bool has_room(struct request *request, struct trail *trail)
{
	if (trail->room == ROOM_UNKNOWN)
		trail->room = find_room(request, trail);
	return trail->room == ROOM_OF_ITS_OWN;
}

static void mark_written(void *context)
{
	struct trail *trail = context;
	trail->id = trail->new_id;
	trail->written = trail->event;
}

static bool is_said(const struct trail *trail)
{
	return trail->written.outcome == trail->event.outcome &&
	       str_equal(trail->written.error, trail->event.error);
}

/* Inserts the row, or has it say what is known by now. */
static RESULT write(struct request *request, void *context)
{
	struct trail *trail = context;
	if (!str_is_set(trail->id))
		TRY(audit_event_insert(request, &trail->event, &trail->new_id));
	else if (!is_said(trail))
		TRY(audit_event_set_outcome(request, trail->id, &trail->event));
	store_after_commit(request, mark_written, trail);
	return OK;
}

/* What another transaction of the request has noted of its outcome, or another try of this one, is void. */
static void begin_transaction(void *context)
{
	struct trail *trail = context;
	trail->is_postponed = trail->is_routine = trail->is_sign_in = false;
	trail->event.outcome = AUDIT_OUTCOME_TYPE_PASS;
	trail->event.error = STR_NONE;
}

/* The last part of each transaction of the request. */
static RESULT write_along(struct request *request, void *context)
{
	struct trail *trail = context;
	bool can_wait = (trail->is_postponed || trail->is_routine) && !has_failed(trail);
	if (can_wait || !has_room(request, trail))
		return OK;
	return write(request, trail);
}

/* --- Beginning and noting --- */

void trail_begin(struct request *request, enum spec_trail kind)
{
	if (!request->settings->audit_days)
		return;
	struct trail *trail = ARENA_NEW(request->arena, struct trail);
	trail->kind = kind;
	trail->event = (struct audit_event){
		.operation = request->operation,
		.actor = AUDIT_ACTOR_TYPE_ANONYMOUS,
		.outcome = AUDIT_OUTCOME_TYPE_PASS,
		.client_address = request->client_address,
		.user_agent = request->user_agent,
		.request_id = request->id,
		.count = 1,
	};
	request->trail = trail;
	store_accompany(request, begin_transaction, write_along, trail);
}

static void note(struct request *request, str *place, str id)
{
	if (!str_is_set(*place))
		*place = arena_copy(request->arena, id);
}

void trail_note_access_key(struct request *request, str access_key_id)
{
	if (request->trail)
		note(request, &request->trail->event.access_key_id, access_key_id);
}

void trail_note_administrator(struct request *request)
{
	if (request->trail)
		request->trail->event.actor = AUDIT_ACTOR_TYPE_ADMINISTRATOR;
}

void trail_note_pool(struct request *request, str pool_id)
{
	if (request->trail)
		note(request, &request->trail->event.pool_id, pool_id);
}

void trail_note_client(struct request *request, str client_id)
{
	if (request->trail)
		note(request, &request->trail->event.client_id, client_id);
}

void trail_note_user(struct request *request, str user_id)
{
	if (request->trail)
		note(request, &request->trail->event.user_id, user_id);
}

void trail_note_proof(struct request *request)
{
	if (request->trail && request->trail->event.actor == AUDIT_ACTOR_TYPE_ANONYMOUS)
		request->trail->event.actor = AUDIT_ACTOR_TYPE_USER;
}

void trail_note_sign_in(struct request *request)
{
	trail_note_proof(request);
	if (request->trail)
		request->trail->is_sign_in = true;
}

static void set_failed(struct trail *trail, enum error_code error)
{
	trail->event.outcome = AUDIT_OUTCOME_TYPE_FAIL;
	trail->event.error = str_of(error_kind(error)->name);
}

void trail_note_failure(struct request *request, enum error_code error)
{
	if (request->trail)
		set_failed(request->trail, error);
}

void trail_note_progress(struct request *request)
{
	trail_note_proof(request);
	if (request->trail)
		request->trail->event.outcome = AUDIT_OUTCOME_TYPE_IN_PROGRESS;
}

void trail_postpone(struct request *request)
{
	if (request->trail)
		request->trail->is_postponed = true;
}

void trail_note_routine(struct request *request)
{
	if (request->trail)
		request->trail->is_routine = true;
}

/* --- Ending --- */

/* What a user's call may fail with that somebody should know who looks for attacks, or helps the user. */
static bool concerns_security(enum error_code error)
{
	switch (error) {
	case ERROR_ALIAS_EXISTS:
	case ERROR_CODE_MISMATCH:
	case ERROR_ENABLE_SOFTWARE_TOKEN_MFA:
	case ERROR_EXPIRED_CODE:
	case ERROR_INVALID_PASSWORD:
	case ERROR_LIMIT_EXCEEDED:
	case ERROR_NOT_AUTHORIZED:
	case ERROR_PASSWORD_HISTORY_POLICY_VIOLATION:
	case ERROR_PASSWORD_RESET_REQUIRED:
	case ERROR_REFRESH_TOKEN_REUSE:
	case ERROR_TOO_MANY_FAILED_ATTEMPTS:
	case ERROR_UNAUTHORIZED:
	case ERROR_USER_NOT_CONFIRMED:
	case ERROR_USER_NOT_FOUND:
	case ERROR_USERNAME_EXISTS:
		return true;
	default:
		return false;
	}
}

/* What concerns no pool is not worth a word, unless somebody has used a key. */
static bool is_failure_worth_it(const struct trail *trail, enum error_code error)
{
	switch (error) {
	case ERROR_INTERNAL:
	case ERROR_SERVICE_UNAVAILABLE:
		return false;
	case ERROR_ACCESS_DENIED:
	case ERROR_INVALID_SIGNATURE:
	case ERROR_TOO_MANY_REQUESTS:
	case ERROR_UNRECOGNIZED_CLIENT:
		return true;
	default:
		break;
	}
	if (trail->kind == SPEC_TRAIL_READ)
		return false;
	if (trail->event.actor == AUDIT_ACTOR_TYPE_ADMINISTRATOR)
		return true;
	return str_is_set(trail->event.pool_id) && concerns_security(error);
}

static void log_unwritten(const struct request *request)
{
	log_event(LOG_ERROR, "audit_event_lost", LOG_TEXT("id", request->id),
		LOG_TEXT("operation", request->operation), LOG_TEXT("message", request->message),
		LOG_TEXT("detail", request->detail));
}

/* In a transaction of its own, while the request keeps why it failed. */
static void write_alone(struct request *request, struct trail *trail)
{
	const struct request before = *request;
	request_clear_failure(request);
	if (!result_is_ok(store_write(request, write, trail)))
		log_unwritten(request);
	request->error = before.error;
	request->message = before.message;
	request->reason_code = before.reason_code;
	request->detail = before.detail;
	request->failed_file = before.failed_file;
	request->failed_line = before.failed_line;
}

static void write_or_count(struct request *request, struct trail *trail)
{
	if (has_room(request, trail))
		write_alone(request, trail);
	else
		tally_add(&trail->event);
}

static bool is_due(const struct request *request, const struct trail *trail)
{
	if (has_failed(trail))
		return is_failure_worth_it(trail, request->error);
	return trail->kind == SPEC_TRAIL_DISCLOSURE || trail->room == ROOM_IN_NUMBER;
}

void trail_end(struct request *request, bool is_ok)
{
	struct trail *trail = request->trail;
	if (!trail)
		return;
	request->trail = NULL;
	request->companion = NULL;
	if (!is_ok)
		set_failed(trail, request->error);
	bool is_written = str_is_set(trail->id);
	if (is_written && !is_said(trail))
		write_alone(request, trail);
	if (!is_written && is_due(request, trail))
		write_or_count(request, trail);
}
