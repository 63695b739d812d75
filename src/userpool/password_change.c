/* SPDX-License-Identifier: Apache-2.0 */
/* Changing a password. A stolen access token is no way to guess the password faster: wrong ones are limited,
   and whoever is blocked at sign-in is blocked here. */
#include "userpool/password_change.h"

#include "audit/trail.h"
#include "store/store.h"
#include "userpool/access_token.h"
#include "userpool/attempt.h"
#include "userpool/former_password.h"

struct change {
	const struct caller *caller;
	struct user user;
	struct password password;
	struct attempt_subject tries, guesses; /* in this hour; at the password, here and at sign-in */
	bool is_right, is_blocked;
};

/* Ends well also after a wrong password, so that the guess stays counted. */
static RESULT settle(struct request *request, void *context)
{
	struct change *change = context;
	TRY(attempt_count(request, &change->tries));
	TRY(attempt_settle(request, &change->guesses, change->is_right, &change->is_blocked));
	if (change->is_right && !change->is_blocked) {
		trail_postpone(request);
		return attempt_forget(request, &change->tries);
	}
	trail_note_failure(request, change->is_blocked ? ERROR_LIMIT_EXCEEDED : ERROR_NOT_AUTHORIZED);
	return OK;
}

static RESULT apply(struct request *request, void *context)
{
	struct change *change = context;
	TRY(user_is_unchanged(request, &change->user, &change->is_right));
	if (!change->is_right) {
		trail_note_failure(request, ERROR_NOT_AUTHORIZED);
		return OK;
	}
	return user_set_password(
		request, change->caller->pool, &change->user, &change->password, change->user.status);
}

static RESULT check_previous(struct request *request, struct change *change, str previous)
{
	bool has_password = str_is_set(change->user.password.phc);
	if (has_password && !str_is_set(previous))
		return FAIL(request, INVALID_PARAMETER, "Missing required parameter PreviousPassword");
	if (!has_password && !str_is_set(previous)) {
		change->is_right = true;
		return OK;
	}
	return password_matches(request, &change->user.password, previous, &change->is_right);
}

/* Only who knows the password learns which ones were used before. */
static RESULT replace(struct request *request, struct change *change, str proposed)
{
	const struct user *user = &change->user;
	TRY(former_password_check(request, change->caller->pool, user, proposed));
	TRY(password_make(
		request, change->caller->pool, user->id, user->username, proposed, &change->password));
	return store_write(request, apply, change);
}

static RESULT refuse_blocked(struct request *request)
{
	return FAIL(request, LIMIT_EXCEEDED, "Attempt limit exceeded, please try after some time.");
}

static RESULT check_blocked(struct request *request, const struct change *change)
{
	bool is_blocked;
	TRY(attempt_check_blocked(request, &change->guesses, &is_blocked));
	return is_blocked ? refuse_blocked(request) : OK;
}

result password_change(struct request *request, str previous, str proposed)
{
	const struct caller *caller = request->caller;
	struct change change = { .caller = caller, .user = caller->user };
	change.tries = attempt_subject(
		request, ATTEMPT_CHANGE_PASSWORD, caller->pool, &caller->user, caller->user.username);
	change.guesses = attempt_subject(
		request, ATTEMPT_PASSWORD, caller->pool, &caller->user, caller->user.username);
	TRY(password_check_policy(request, caller->pool, proposed));
	TRY(check_blocked(request, &change));
	TRY(check_previous(request, &change, previous));
	TRY(store_write(request, settle, &change));
	if (change.is_blocked)
		return refuse_blocked(request);
	if (change.is_right)
		TRY(replace(request, &change, proposed));
	return change.is_right ? OK : FAIL(request, NOT_AUTHORIZED, "Incorrect username or password.");
}
