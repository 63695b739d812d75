/* SPDX-License-Identifier: Apache-2.0 */
/* Account recovery. */
#include "userpool/recovery.h"

#include "audit/trail.h"
#include "store/store.h"
#include "userpool/address_kind.h"
#include "userpool/client.h"
#include "userpool/confirmation_code.h"
#include "userpool/former_password.h"
#include "userpool/inquiry.h"
#include "userpool/pool.h"

/* --- Where to --- */

/* NULL where administrators alone help. */
static const struct address_kind *kind_for(enum recovery_option_name_type mechanism)
{
	for (size_t i = 0; i < ADDRESS_KIND_COUNT; i++)
		if (address_kinds[i]->recovery == mechanism)
			return address_kinds[i];
	return NULL;
}

static const struct recovery_option_type_list *mechanisms_of(const struct user_pool *pool)
{
	static const struct recovery_option_type usual[] = {
		{ .priority = { true, 1 }, .name = RECOVERY_OPTION_NAME_TYPE_VERIFIED_PHONE_NUMBER },
		{ .priority = { true, 2 }, .name = RECOVERY_OPTION_NAME_TYPE_VERIFIED_EMAIL },
	};
	static const struct recovery_option_type_list usual_list = { (struct recovery_option_type *)usual,
		2 };
	const struct account_recovery_setting_type *setting = pool->settings.account_recovery_setting;
	return setting && setting->recovery_mechanisms.count ? &setting->recovery_mechanisms : &usual_list;
}

static bool is_for_admins_only(const struct user_pool *pool)
{
	return mechanisms_of(pool)->items[0].name == RECOVERY_OPTION_NAME_TYPE_ADMIN_ONLY;
}

static struct user_address proven_address(const struct user *user, const struct address_kind *kind)
{
	if (!kind || !address_kind_is_proven(kind, user))
		return (struct user_address){ .attribute = STR_NONE };
	return user_message_address_of(kind->attribute, user_attribute(user, kind->attribute));
}

/* The mechanism of the highest priority (the smallest number) that the user has an address for; nowhere
 * without. */
static struct user_address recovery_address(const struct user_pool *pool, const struct user *user)
{
	const struct recovery_option_type_list *mechanisms = mechanisms_of(pool);
	struct user_address best = { .attribute = STR_NONE };
	int64_t best_priority = INT64_MAX;
	for (size_t i = 0; i < mechanisms->count; i++) {
		const struct recovery_option_type *mechanism = &mechanisms->items[i];
		struct user_address address = proven_address(user, kind_for(mechanism->name));
		if (str_is_set(address.attribute) && mechanism->priority.value < best_priority) {
			best = address;
			best_priority = mechanism->priority.value;
		}
	}
	return best;
}

static RESULT check_state(struct request *request, const struct user *user)
{
	if (!user->is_enabled)
		return FAIL(request, NOT_AUTHORIZED, "User is disabled.");
	if (user->status == USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD ||
		user->status == USER_STATUS_TYPE_EXTERNAL_PROVIDER)
		return FAIL(request, NOT_AUTHORIZED, "User password cannot be reset in the current state.");
	return OK;
}

/* Raises what keeps the user from getting a code. */
static RESULT find_address(struct request *request, const struct user_pool *pool, struct user *user,
	struct user_address *address)
{
	TRY(check_state(request, user));
	if (is_for_admins_only(pool))
		return FAIL(request, NOT_AUTHORIZED, "Contact administrator to reset password.");
	TRY(user_load_attributes(request, user));
	*address = recovery_address(pool, user);
	if (!str_is_set(address->attribute))
		return FAIL(request, INVALID_PARAMETER,
			"Cannot reset password for the user as there is no registered/verified email or "
			"phone_number");
	return OK;
}

static RESULT send_code(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct user_address *address)
{
	str code;
	TRY(confirmation_code_make(request, user, CODE_FORGOT_PASSWORD, address, &code));
	return user_message_send(request, pool, address, TEMPLATE_FORGOT_PASSWORD, code, user->username);
}

/* --- ForgotPassword --- */

struct beginning {
	struct inquiry inquiry;
	struct user_address address;
	bool is_invented;
};

/* Takes as long as sending, so that time does not tell who exists. */
static RESULT pretend_to_send(struct request *request, const struct beginning *beginning)
{
	const struct inquiry *inquiry = &beginning->inquiry;
	return user_message_pretend(request, inquiry->pool, &beginning->address, TEMPLATE_FORGOT_PASSWORD,
		STR("000000"), inquiry->name);
}

static RESULT begin(struct request *request, void *context)
{
	const struct beginning *beginning = context;
	const struct inquiry *inquiry = &beginning->inquiry;
	bool may_send;
	TRY(attempt_count(request, &inquiry->subject));
	if (!beginning->is_invented)
		TRY(user_check_there(request, &inquiry->user));
	TRY(user_message_may_send(request, inquiry->pool, &beginning->address, &may_send));
	if (!may_send)
		return OK;
	return beginning->is_invented
		       ? pretend_to_send(request, beginning)
		       : send_code(request, inquiry->pool, &inquiry->user, &beginning->address);
}

/* What users of the pool are likely to have: the address of highest priority that the pool verifies; of a
   pool that verifies none, the only one that counts, or e-mail. */
static str likely_attribute(const struct user_pool *pool)
{
	const struct recovery_option_type_list *mechanisms = mechanisms_of(pool);
	str likely = STR_NONE;
	int64_t priority = INT64_MAX;
	for (size_t i = 0; i < mechanisms->count; i++) {
		const struct recovery_option_type *mechanism = &mechanisms->items[i];
		const struct address_kind *kind = kind_for(mechanism->name);
		bool is_verified = kind && pool_is_auto_verified(pool, kind->attribute);
		if (is_verified && mechanism->priority.value < priority) {
			likely = kind->attribute;
			priority = mechanism->priority.value;
		}
	}
	const struct address_kind *only = mechanisms->count == 1 ? kind_for(mechanisms->items[0].name) : NULL;
	if (!str_is_set(likely) && only)
		likely = only->attribute;
	return str_is_set(likely) ? likely : STR("email");
}

static struct user_address invented_address(struct request *request, const struct inquiry *inquiry)
{
	return inquiry_invented_address(request, inquiry, likely_attribute(inquiry->pool));
}

/* Who may not have a code, and nobody, are the same to a caller who shall not know who exists. */
static RESULT choose_address(struct request *request, struct beginning *beginning)
{
	struct inquiry *inquiry = &beginning->inquiry;
	beginning->is_invented = !inquiry->exists;
	if (inquiry->exists) {
		result found = find_address(request, inquiry->pool, &inquiry->user, &beginning->address);
		bool is_refusal =
			request->error == ERROR_NOT_AUTHORIZED || request->error == ERROR_INVALID_PARAMETER;
		if (result_is_ok(found) || !is_refusal || !inquiry->client->hides_users)
			return found;
		request_clear_failure(request);
		beginning->is_invented = true;
	}
	beginning->address = invented_address(request, inquiry);
	return OK;
}

result recovery_begin(struct request *request, const struct forgot_password_request *input,
	struct code_delivery_details_type **details)
{
	struct beginning beginning;
	TRY(inquiry_open(request, input->client_id, input->username, input->secret_hash,
		ATTEMPT_FORGOT_PASSWORD, &beginning.inquiry));
	TRY(choose_address(request, &beginning));
	TRY(store_write(request, begin, &beginning));
	*details = user_message_details(request, &beginning.address);
	return OK;
}

/* --- ConfirmForgotPassword --- */

struct finish {
	struct inquiry inquiry;
	str code;
	struct password password;
	enum code_verdict verdict;
};

/* An administrator may have taken the user's leave to do this since the code was sent. */
static bool may_finish(const struct user *user)
{
	return user->is_enabled && (user->status == USER_STATUS_TYPE_CONFIRMED ||
					   user->status == USER_STATUS_TYPE_RESET_REQUIRED);
}

/* Whoever reads an address that the user has given up since shall not get the account. */
static RESULT check_still_proven(struct request *request, const struct user_address *address,
	struct user *user, enum code_verdict *verdict)
{
	if (*verdict != CODE_RIGHT)
		return OK;
	TRY(user_load_attributes(request, user));
	if (!str_equal(proven_address(user, address_kind_of(address->attribute)).value, address->value))
		*verdict = CODE_WRONG;
	return OK;
}

static RESULT judge(struct request *request, struct finish *finish)
{
	struct inquiry *inquiry = &finish->inquiry;
	struct user_address address;
	bool found = false;
	finish->verdict = CODE_WRONG;
	if (inquiry->exists)
		TRY(user_by_id(request, inquiry->pool->id, inquiry->user.id, &inquiry->user, &found));
	if (!found || !may_finish(&inquiry->user))
		return OK;
	TRY(confirmation_code_check(
		request, &inquiry->user, CODE_FORGOT_PASSWORD, finish->code, &finish->verdict, &address));
	return check_still_proven(request, &address, &inquiry->user, &finish->verdict);
}

/* Ends well also after a wrong code, so that the guess stays counted; the verdict tells. */
static RESULT count_and_judge(struct request *request, void *context)
{
	struct finish *finish = context;
	TRY(attempt_count(request, &finish->inquiry.subject));
	TRY(judge(request, finish));
	confirmation_code_note(request, finish->verdict);
	trail_postpone(request);
	return OK;
}

/* The code may be used up by now. */
static RESULT replace_password(struct request *request, void *context)
{
	struct finish *finish = context;
	struct inquiry *inquiry = &finish->inquiry;
	struct attempt_subject guesses =
		attempt_subject(request, ATTEMPT_PASSWORD, inquiry->pool, &inquiry->user, inquiry->name);
	TRY(judge(request, finish));
	confirmation_code_note(request, finish->verdict);
	if (finish->verdict != CODE_RIGHT)
		return OK;
	/* Which uses up the code. */
	TRY(user_set_password(
		request, inquiry->pool, &inquiry->user, &finish->password, USER_STATUS_TYPE_CONFIRMED));
	TRY(user_invalidate_tokens(request, inquiry->user.id));
	TRY(attempt_forget(request, &guesses));
	return attempt_forget(request, &inquiry->subject);
}

/* What may be known where it may be known who exists. */
static RESULT check_user(struct request *request, const struct inquiry *inquiry)
{
	if (!inquiry->exists || inquiry->client->hides_users)
		return OK;
	if (inquiry->user.status == USER_STATUS_TYPE_UNCONFIRMED)
		return FAIL(request, USER_NOT_CONFIRMED, "User is not confirmed.");
	return check_state(request, &inquiry->user);
}

/* Only the code's owner learns which passwords were used before. */
static RESULT make_password(struct request *request, struct finish *finish, str password)
{
	const struct inquiry *inquiry = &finish->inquiry;
	TRY(former_password_check(request, inquiry->pool, &inquiry->user, password));
	return password_make(request, inquiry->pool, inquiry->user.id, inquiry->user.username, password,
		&finish->password);
}

result recovery_finish(struct request *request, const struct confirm_forgot_password_request *input)
{
	struct finish finish = { .code = input->confirmation_code };
	TRY(inquiry_open(request, input->client_id, input->username, input->secret_hash,
		ATTEMPT_CONFIRM_FORGOT_PASSWORD, &finish.inquiry));
	TRY(password_check_policy(request, finish.inquiry.pool, input->password));
	TRY(check_user(request, &finish.inquiry));
	TRY(store_write(request, count_and_judge, &finish));
	if (finish.verdict == CODE_RIGHT) {
		TRY(make_password(request, &finish, input->password));
		TRY(store_write(request, replace_password, &finish));
	}
	/* Only somebody can have a code that is over. */
	if (finish.verdict == CODE_EXPIRED && finish.inquiry.client->hides_users)
		finish.verdict = CODE_WRONG;
	return finish.verdict == CODE_RIGHT ? OK
					    : inquiry_refuse_code(request, &finish.inquiry, finish.verdict);
}

/* --- AdminResetUserPassword --- */

struct reset {
	const struct user_pool *pool;
	struct user user;
	struct user_address address;
};

static RESULT reset(struct request *request, void *context)
{
	struct reset *reset = context;
	TRY(user_require_reset(request, reset->pool, &reset->user));
	TRY(user_invalidate_tokens(request, reset->user.id));
	return send_code(request, reset->pool, &reset->user, &reset->address);
}

result recovery_require(struct request *request, const struct admin_reset_user_password_request *input)
{
	struct reset context;
	TRY(pool_find(request, input->user_pool_id, &context.pool));
	TRY(user_get(request, context.pool, input->username, &context.user));
	if (context.user.status == USER_STATUS_TYPE_UNCONFIRMED)
		return FAIL(request, NOT_AUTHORIZED, "User password cannot be reset in the current state.");
	TRY(find_address(request, context.pool, &context.user, &context.address));
	return store_write(request, reset, &context);
}
