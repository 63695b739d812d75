/* SPDX-License-Identifier: Apache-2.0 */
/* Counting attempts. Outcomes are settled one after the other in transactions, so guesses that are checked
   side by side count as if they had come in a row. */
#include "userpool/attempt.h"

#include "base/clock.h"
#include "crypto/seal.h"
#include "store/statements.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"

enum {
	WINDOW = HOUR,
	FREE_FAILURES = 5,
	FIRST_BLOCK = 1 * SECOND,
};

static const struct kind {
	const char *name;
	int64_t per_window; /* 0: no window */
	int64_t longest_block; /* after wrong guesses */
	int64_t quiet; /* after that they are forgotten */
} kinds[ATTEMPT_KIND_COUNT] = {
	[ATTEMPT_PASSWORD] = { .name = "password", .longest_block = 15 * MINUTE, .quiet = 15 * MINUTE },
	[ATTEMPT_MFA_CODE] = { .name = "mfa_code", .longest_block = 1 * HOUR, .quiet = DAY },
	[ATTEMPT_MFA_MESSAGE] = { .name = "mfa_message", .per_window = 15 },
	[ATTEMPT_SET_UP_MFA] = { .name = "set_up_mfa", .longest_block = 15 * MINUTE, .quiet = 15 * MINUTE },
	[ATTEMPT_CONFIRM_SIGN_UP] = { .name = "confirm_sign_up", .per_window = 15 },
	[ATTEMPT_RESEND_CODE] = { .name = "resend_code", .per_window = 5 },
	[ATTEMPT_FORGOT_PASSWORD] = { .name = "forgot_password", .per_window = 5 },
	[ATTEMPT_CHANGE_PASSWORD] = { .name = "change_password", .per_window = 5 },
	[ATTEMPT_ATTRIBUTE_CODE] = { .name = "attribute_code", .per_window = 5 },
	[ATTEMPT_CONFIRM_FORGOT_PASSWORD] = { .name = "confirm_forgot_password", .per_window = 15 },
	[ATTEMPT_VERIFY_ATTRIBUTE] = { .name = "verify_attribute", .per_window = 15 },
	[ATTEMPT_MESSAGE] = { .name = "message", .per_window = 20 },
};

struct attempt_subject attempt_subject(struct request *request, enum attempt_kind kind,
	const struct user_pool *pool, const struct user *user, str name)
{
	str who = user ? arena_printf(request->arena, "user:%.*s", STR_ARG(user->id))
		       : arena_printf(request->arena, "name:%.*s:%.*s", STR_ARG(pool->id),
				 STR_ARG(sign_in_name_key(request, pool, name)));
	str data = arena_printf(request->arena, "%s:%.*s", kinds[kind].name, STR_ARG(who));
	return (struct attempt_subject){ .kind = kind,
		.hash = seal_hash(request->sealer, STR("attempt"), data) };
}

static void add_one(const struct request *request, struct store_attempt_get_row *row)
{
	row->count++;
	/* Requests that waited may come in another order than they arrived. */
	if (row->last < request->now)
		row->last = request->now;
}

/* The count that stands; zeroed when there is none or it is over. */
static RESULT read(
	struct request *request, const struct attempt_subject *subject, struct store_attempt_get_row *row)
{
	bool found;
	TRY(store_attempt_get(request,
		&(struct store_attempt_get_in){ .subject_hash = digest_str(&subject->hash) }, row, &found));
	if (!found || row->expires_at <= request->now)
		*row = (struct store_attempt_get_row){ .since = request->now };
	return OK;
}

static RESULT write(struct request *request, const struct attempt_subject *subject,
	const struct store_attempt_get_row *row)
{
	return store_attempt_set(request,
		&(struct store_attempt_set_in){
			.subject_hash = digest_str(&subject->hash),
			.count = row->count,
			.since = row->since,
			.last = row->last,
			.expires_at = row->expires_at,
		},
		NULL);
}

result attempt_count(struct request *request, const struct attempt_subject *subject)
{
	struct store_attempt_get_row row;
	TRY(read(request, subject, &row));
	if (row.count >= kinds[subject->kind].per_window)
		return FAIL(request, LIMIT_EXCEEDED, "Attempt limit exceeded, please try after some time.");
	add_one(request, &row);
	row.expires_at = row.since + WINDOW;
	return write(request, subject, &row);
}

/* 2^(n-5) seconds after the n-th failure. */
static int64_t block_after(const struct kind *kind, int64_t failures)
{
	int64_t block = FIRST_BLOCK;
	if (failures < FREE_FAILURES)
		return 0;
	for (int64_t i = FREE_FAILURES; i < failures && block < kind->longest_block; i++)
		block *= 2;
	return block < kind->longest_block ? block : kind->longest_block;
}

static bool is_blocked_by(
	const struct request *request, const struct kind *kind, const struct store_attempt_get_row *row)
{
	int64_t block = block_after(kind, row->count);
	/* Requests may be settled behind one that arrived later and failed: that alone blocks nobody. */
	return block && request->now < row->last + block;
}

result attempt_check_blocked(struct request *request, const struct attempt_subject *subject, bool *is_blocked)
{
	struct store_attempt_get_row row;
	TRY(read(request, subject, &row));
	*is_blocked = is_blocked_by(request, &kinds[subject->kind], &row);
	return OK;
}

result attempt_settle(
	struct request *request, const struct attempt_subject *subject, bool is_right, bool *is_blocked)
{
	const struct kind *kind = &kinds[subject->kind];
	struct store_attempt_get_row row;
	TRY(read(request, subject, &row));
	*is_blocked = is_blocked_by(request, kind, &row);
	if (*is_blocked)
		return OK;
	if (is_right)
		return row.count ? attempt_forget(request, subject) : OK;
	add_one(request, &row);
	row.expires_at = row.last + block_after(kind, row.count) + kind->quiet;
	return write(request, subject, &row);
}

result attempt_forget(struct request *request, const struct attempt_subject *subject)
{
	return store_attempt_delete(request,
		&(struct store_attempt_delete_in){ .subject_hash = digest_str(&subject->hash) }, NULL);
}
