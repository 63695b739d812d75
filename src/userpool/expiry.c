/* SPDX-License-Identifier: Apache-2.0 */
/* Expiry in small transactions, so that no request waits long behind one. */
#include "userpool/expiry.h"

#include <stdlib.h>

#include "audit/audit_event.h"
#include "base/background.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "base/settings.h"
#include "store/statements.h"
#include "store/store.h"

enum { BATCH = 200, PAUSE = 1 * MINUTE };

struct expiry {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	struct background *background;
};

/* Access tokens live for a day at most, and ask for the row of their sign-in as long. */
static RESULT delete_sign_ins(struct request *request, int64_t *deleted)
{
	return store_sign_in_delete_expired(
		request, &(struct store_sign_in_delete_expired_in){ .now = request->now - DAY, .limit = BATCH }, deleted);
}

static RESULT delete_sessions(struct request *request, int64_t *deleted)
{
	return store_challenge_session_delete_expired(
		request, &(struct store_challenge_session_delete_expired_in){ .now = request->now, .limit = BATCH }, deleted);
}

static RESULT delete_nonces(struct request *request, int64_t *deleted)
{
	return store_used_nonce_delete_expired(
		request, &(struct store_used_nonce_delete_expired_in){ .now = request->now, .limit = BATCH }, deleted);
}

static RESULT delete_attempts(struct request *request, int64_t *deleted)
{
	return store_attempt_delete_expired(
		request, &(struct store_attempt_delete_expired_in){ .now = request->now, .limit = BATCH }, deleted);
}

static RESULT delete_members(struct request *request, int64_t *deleted)
{
	return store_pool_group_delete_members(
		request, &(struct store_pool_group_delete_members_in){ .now = request->now, .limit = BATCH }, deleted);
}

static RESULT delete_groups(struct request *request, int64_t *deleted)
{
	return store_pool_group_delete_rows(
		request, &(struct store_pool_group_delete_rows_in){ .now = request->now, .limit = BATCH }, deleted);
}

static RESULT delete_audit_events(struct request *request, int64_t *deleted)
{
	int64_t kept = (int64_t)request->settings->audit_days * DAY;
	return audit_event_delete_before(request, request->now - kept, BATCH, deleted);
}

static result (*const kinds[])(struct request *request, int64_t *deleted) = {
	delete_sign_ins,
	delete_sessions,
	delete_nonces,
	delete_attempts,
	delete_members,
	delete_groups,
	delete_audit_events,
};

static RESULT delete_batch(struct request *request, void *context)
{
	bool *is_more = context;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		int64_t deleted;
		TRY(kinds[i](request, &deleted));
		*is_more = *is_more || deleted == BATCH;
	}
	return OK;
}

static int64_t step(void *context)
{
	const struct expiry *expiry = context;
	struct request *request = request_new();
	bool is_more = false;
	request->settings = expiry->settings;
	request->sealer = expiry->sealer;
	request->store = expiry->store;
	bool works = result_is_ok(store_write(request, delete_batch, &is_more));
	if (!works)
		log_event(LOG_ERROR, "expiry", LOG_TEXT("message", request->message), LOG_TEXT("detail", request->detail));
	request_free(&request);
	return works && is_more ? 0 : PAUSE;
}

struct expiry *expiry_start(const struct settings *settings, const struct sealer *sealer, struct store *store)
{
	struct expiry *expiry = calloc(1, sizeof *expiry);
	if (!expiry)
		fatal("out of memory");
	expiry->settings = settings;
	expiry->sealer = sealer;
	expiry->store = store;
	expiry->background = background_start(step, expiry);
	return expiry;
}

void expiry_stop(struct expiry **handle)
{
	struct expiry *expiry = *handle;
	if (!expiry)
		return;
	background_stop(&expiry->background);
	free(expiry);
	*handle = NULL;
}
