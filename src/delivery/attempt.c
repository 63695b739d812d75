/* SPDX-License-Identifier: Apache-2.0 */
/* Claiming comes before sending: on a full disk nothing can be claimed, so nothing is sent time and again. */
#include "delivery/attempt.h"

#include <stdatomic.h>

#include "base/log.h"
#include "delivery/backoff.h"
#include "delivery/envelope.h"
#include "delivery/mask.h"
#include "delivery/medium.h"
#include "store/statements.h"
#include "store/store.h"

/* How long after it was written, or sent again by an operator, a message is tried again. */
#define TRIED_FOR DAY

static atomic_uint_fast64_t totals[OUTBOX_MEDIUM_COUNT][SENDER_OUTCOME_COUNT];

uint64_t attempt_total(enum outbox_medium medium, enum sender_outcome outcome)
{
	return totals[medium][outcome];
}

struct attempt {
	struct store_outbox_first_row row; /* as it was before the claim */
	int64_t number; /* of this attempt, from 1 */
	bool is_claimed;
	struct outbox_message message;
	const struct sender *asked; /* NULL when the message cannot be opened */
	enum sender_outcome answer;
	str recipient; /* masked */
	str problem; /* why it was not sent, the recipient masked */
	int64_t due_at; /* of the row, when it stays */
};

static RESULT claim(struct request *request, void *context)
{
	struct attempt *attempt = context;
	const struct store_outbox_claim_in in = {
		.id = attempt->row.id,
		.attempts = attempt->row.attempts,
		.due_at = request->now + ATTEMPT_CLAIM,
	};
	int64_t changed;
	TRY(store_outbox_claim(request, &in, &changed));
	attempt->is_claimed = changed > 0;
	return OK;
}

static RESULT delete_row(struct request *request, void *context)
{
	const struct attempt *attempt = context;
	return store_outbox_delete(request, &(struct store_outbox_delete_in){ .id = attempt->row.id }, NULL);
}

static RESULT postpone(struct request *request, void *context)
{
	const struct attempt *attempt = context;
	const struct store_outbox_postpone_in in = {
		.id = attempt->row.id,
		.attempts = attempt->number,
		.due_at = attempt->due_at,
		.problem = attempt->problem,
	};
	return store_outbox_postpone(request, &in, NULL);
}

static RESULT bury(struct request *request, void *context)
{
	const struct attempt *attempt = context;
	const struct store_outbox_bury_in in = {
		.id = attempt->row.id,
		.attempts = attempt->number,
		.due_at = attempt->due_at,
		.problem = attempt->problem,
	};
	return store_outbox_bury(request, &in, NULL);
}

/* What becomes of a message. */
struct fate {
	const char *event;
	enum log_level level;
	store_write_function *settle;
};

static const struct fate sent = { .event = "message_sent", .level = LOG_INFO, .settle = delete_row };
static const struct fate deferred = { .event = "message_deferred", .level = LOG_WARNING, .settle = postpone };
static const struct fate dead = { .event = "message_dead", .level = LOG_ERROR, .settle = bury };

/* Of the time that it is tried for. */
static int64_t began_at(const struct attempt *attempt)
{
	return optional_int_or(attempt->row.resent_at, attempt->row.created_at);
}

static const struct fate *fate_of(const struct attempt *attempt, int64_t now)
{
	if (attempt->answer == SENDER_SENT)
		return &sent;
	if (attempt->answer == SENDER_REFUSED || now - began_at(attempt) >= TRIED_FOR)
		return &dead;
	return &deferred;
}

static void log_fate(const struct attempt *attempt, const struct fate *fate, struct arena *arena)
{
	str sender = attempt->asked ? str_of(attempt->asked->name) : STR_NONE;
	str retry_at = fate == &deferred ? clock_iso8601(arena, attempt->due_at) : STR_NONE;
	log_event(fate->level, fate->event, LOG_TEXT("id", attempt->row.id),
		LOG_TEXT("pool", attempt->row.pool_id),
		LOG_TEXT("medium", medium_name(attempt->message.medium)),
		LOG_TEXT("recipient", attempt->recipient), LOG_TEXT("sender", sender),
		LOG_NUMBER("attempts", attempt->number), LOG_TEXT("retry_at", retry_at),
		LOG_TEXT("problem", attempt->problem));
}

static RESULT settle(struct request *request, struct attempt *attempt)
{
	int64_t now = clock_now(); /* sending may have taken long */
	const struct fate *fate = fate_of(attempt, now);
	attempt->due_at = now + (fate == &dead ? ATTEMPT_DEAD_KEPT : backoff_delay(attempt->number));
	totals[attempt->message.medium][attempt->answer]++;
	log_fate(attempt, fate, request->arena);
	return store_write(request, fate->settle, attempt);
}

static void ask(struct request *request, struct attempt *attempt, const struct sender *sender)
{
	const struct outbox_message *message = &attempt->message;
	str report = STR("no reason given");
	attempt->asked = sender;
	attempt->answer = sender->send(request->settings, request->arena, message, &report);
	attempt->recipient = medium_mask(request->arena, message->medium, message->recipient);
	if (attempt->answer != SENDER_SENT)
		attempt->problem =
			mask_within(request->arena, report, message->recipient, attempt->recipient);
}

static RESULT make(struct request *request, struct attempt *attempt, const struct sender *sender)
{
	const struct store_outbox_first_row *row = &attempt->row;
	TRY(store_write(request, claim, attempt));
	if (!attempt->is_claimed)
		return OK;
	if (envelope_open(request->sealer, request->arena, row->id, row->sealed_message, &attempt->message)) {
		ask(request, attempt, sender);
	} else {
		attempt->answer = SENDER_REFUSED;
		attempt->problem = STR("cannot be opened: sealed with another master key, or damaged");
	}
	return settle(request, attempt);
}

result attempt_next(struct request *request, const struct sender *const *senders, enum outbox_medium medium,
	struct attempt_outcome *outcome)
{
	struct attempt attempt = { .message.medium = medium };
	struct store_outbox_first_row *row = &attempt.row;
	bool found;
	TRY(store_outbox_first(
		request, &(struct store_outbox_first_in){ .medium = medium_name(medium) }, row, &found));
	*outcome = (struct attempt_outcome){ .next_at = found ? row->due_at : INT64_MAX };
	if (outcome->next_at > request->now)
		return OK;
	attempt.number = row->attempts + 1;
	attempt.message.pool_id = row->pool_id;
	attempt.message.id = row->id;
	TRY(make(request, &attempt, sender_find(senders, request->settings, medium)));
	outcome->asked = attempt.asked;
	outcome->answer = attempt.answer;
	return OK;
}
