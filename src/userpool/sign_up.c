/* SPDX-License-Identifier: Apache-2.0 */
/* Sign-up. Whether a name is taken shows here, as it does everywhere that people choose names; elsewhere a
   client may have it hidden. */
#include "userpool/sign_up.h"

#include "store/store.h"
#include "userpool/address_kind.h"
#include "userpool/attempt.h"
#include "userpool/attribute.h"
#include "userpool/client.h"
#include "userpool/confirmation_code.h"
#include "userpool/confirmation_link.h"
#include "userpool/inquiry.h"
#include "userpool/new_user.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"
#include "userpool/user_message.h"

/* --- SignUp --- */

struct registration {
	const struct client *client;
	const struct user_pool *pool;
	struct user user;
	str name; /* as the request has it */
	str name_attribute;
	struct user_address address;
};

static RESULT check_open(struct request *request, const struct user_pool *pool)
{
	if (optional_bool_or(pool->settings.admin_create_user_config->allow_admin_create_user_only, false))
		return FAIL(request, NOT_AUTHORIZED, "SignUp is not permitted for this user pool");
	return OK;
}

static RESULT check_free(struct request *request, const struct registration *registration)
{
	bool is_free;
	TRY(sign_in_name_is_free(request, registration->pool, registration->name, &is_free));
	if (is_free)
		return OK;
	if (str_is_set(registration->name_attribute))
		return FAIL(request, USERNAME_EXISTS, "An account with the given %.*s already exists.",
			STR_ARG(registration->name_attribute));
	return FAIL(request, USERNAME_EXISTS, "User already exists");
}

static RESULT send_link(struct request *request, const struct user_pool *pool, const struct client *client,
	const struct user *user, const struct user_address *address)
{
	str code;
	TRY(confirmation_code_make_for_link(request, user, CODE_SIGN_UP, address, &code));
	return user_message_send(request, pool, address, TEMPLATE_VERIFICATION_LINK,
		confirmation_link_url(request, user, client->id, code), user->username);
}

static RESULT send_code(struct request *request, const struct user_pool *pool, const struct client *client,
	const struct user *user, const struct user_address *address)
{
	str code;
	if (confirmation_link_is_wanted(pool, address))
		return send_link(request, pool, client, user, address);
	TRY(confirmation_code_make(request, user, CODE_SIGN_UP, address, &code));
	return user_message_send(request, pool, address, TEMPLATE_VERIFICATION, code, user->username);
}

static RESULT insert(struct request *request, void *context)
{
	const struct registration *registration = context;
	const struct name_claim claim = { .attribute = registration->name_attribute,
		.taken = ERROR_USERNAME_EXISTS };
	TRY(check_free(request, registration));
	TRY(user_insert(request, registration->pool, &registration->user, &claim));
	if (!str_is_set(registration->address.attribute))
		return OK;
	struct attempt_subject limit =
		user_message_limit(request, registration->pool, &registration->address);
	TRY(attempt_count(request, &limit));
	return send_code(request, registration->pool, registration->client, &registration->user,
		&registration->address);
}

/* All that the request can be refused for, before the password costs anything. */
static RESULT check(
	struct request *request, const struct sign_up_request *input, struct registration *registration)
{
	const struct client *client = registration->client;
	TRY(client_check_secret_hash(request, client, input->username, input->secret_hash));
	TRY(check_open(request, registration->pool));
	TRY(attribute_check_writable(request, client, &input->user_attributes));
	TRY(new_user_prepare(request, registration->pool, input->username, &input->user_attributes,
		&registration->user, &registration->name_attribute));
	TRY(attribute_check_required(request, registration->pool, &registration->user.attributes));
	if (!str_is_set(input->password))
		return FAIL(request, INVALID_PARAMETER, "Missing required parameter Password");
	TRY(password_check_policy(request, registration->pool, input->password));
	return check_free(request, registration);
}

result sign_up(struct request *request, const struct sign_up_request *input, struct sign_up_response *output)
{
	struct registration registration = { .name = input->username };
	struct user *user = &registration.user;
	TRY(client_find_with_pool(request, input->client_id, &registration.client, &registration.pool));
	TRY(check(request, input, &registration));
	user->status = USER_STATUS_TYPE_UNCONFIRMED;
	TRY(password_make(
		request, registration.pool, user->id, user->username, input->password, &user->password));
	registration.address = user_message_verification_address(registration.pool, user);
	TRY(store_write(request, insert, &registration));
	output->user_sub = user->id;
	output->user_confirmed = optional_bool(false);
	if (str_is_set(registration.address.attribute))
		output->code_delivery_details = user_message_details(request, &registration.address);
	return OK;
}

/* --- ConfirmSignUp --- */

struct confirmation {
	struct inquiry inquiry;
	str code;
	bool takes_over;
	enum code_verdict verdict;
};

/* The address that the code was sent to is proven now, and may count as a name. */
static RESULT confirm(struct request *request, struct confirmation *confirmation, str attribute)
{
	struct attribute_type verified = {
		.name = address_kind_of(attribute)->verified,
		.value = STR("true"),
	};
	const struct name_claim claim = { .taken = ERROR_ALIAS_EXISTS,
		.takes_over = confirmation->takes_over };
	struct inquiry *inquiry = &confirmation->inquiry;
	TRY(confirmation_code_forget(request, &inquiry->user, CODE_SIGN_UP));
	TRY(user_confirm(request, &inquiry->user));
	TRY(user_set_attributes(request, inquiry->pool, &inquiry->user,
		&(struct attribute_type_list){ &verified, 1 }, &claim));
	return attempt_forget(request, &inquiry->subject);
}

/* The address may have changed since: the code is not for another one. */
static RESULT judge(struct request *request, struct confirmation *confirmation, struct user_address *address)
{
	struct user *user = &confirmation->inquiry.user;
	TRY(confirmation_code_check(
		request, user, CODE_SIGN_UP, confirmation->code, &confirmation->verdict, address));
	if (confirmation->verdict != CODE_RIGHT)
		return OK;
	TRY(user_load_attributes(request, user));
	if (!str_equal(user_attribute(user, address->attribute), address->value))
		confirmation->verdict = CODE_WRONG;
	return OK;
}

static RESULT judge_code(struct request *request, struct confirmation *confirmation)
{
	struct user_address address;
	TRY(attempt_count(request, &confirmation->inquiry.subject));
	confirmation->verdict = CODE_WRONG;
	if (!confirmation->inquiry.exists)
		return OK;
	TRY(judge(request, confirmation, &address));
	return confirmation->verdict == CODE_RIGHT ? confirm(request, confirmation, address.attribute) : OK;
}

/* Ends well also after a wrong code, so that the guess stays counted; the verdict tells. */
static RESULT settle(struct request *request, void *context)
{
	struct confirmation *confirmation = context;
	TRY(judge_code(request, confirmation));
	confirmation_code_note(request, confirmation->verdict);
	return OK;
}

result sign_up_confirm(struct request *request, const struct confirm_sign_up_request *input)
{
	struct confirmation confirmation = {
		.code = input->confirmation_code,
		.takes_over = optional_bool_or(input->force_alias_creation, false),
	};
	TRY(inquiry_open(request, input->client_id, input->username, input->secret_hash,
		ATTEMPT_CONFIRM_SIGN_UP, &confirmation.inquiry));
	if (confirmation.inquiry.exists)
		TRY(user_check_unconfirmed(request, &confirmation.inquiry.user));
	TRY(store_write(request, settle, &confirmation));
	return confirmation.verdict == CODE_RIGHT ? OK
						  : inquiry_refuse_code(request, &confirmation.inquiry, confirmation.verdict);
}

/* --- By a link --- */

/* Nobody is told apart by what this does: who is unknown, or confirmed already, costs the same look and the
   same write. A right link counts whatever strangers have tried, since trying does not find it. */
static RESULT judge_link(struct request *request, void *context)
{
	struct confirmation *confirmation = context;
	struct user_address address;
	TRY(judge(request, confirmation, &address));
	return confirmation->verdict == CODE_RIGHT ? confirm(request, confirmation, address.attribute)
						   : attempt_count(request, &confirmation->inquiry.subject);
}

result sign_up_confirm_by_link(struct request *request, str pool_id, str client_id, str username, str code)
{
	struct confirmation confirmation = { .code = code };
	if (!confirmation_code_is_for_link(code))
		return confirmation_code_refuse(request, CODE_WRONG);
	TRY(inquiry_open_on_page(
		request, pool_id, client_id, username, ATTEMPT_CONFIRM_SIGN_UP, &confirmation.inquiry));
	if (!confirmation.inquiry.exists)
		confirmation.inquiry.user.id = STR(""); /* looked for all the same */
	TRY(store_write(request, judge_link, &confirmation));
	return confirmation.verdict == CODE_RIGHT ? OK : confirmation_code_refuse(request, CODE_WRONG);
}

/* --- ResendConfirmationCode --- */

struct resending {
	struct inquiry inquiry;
	struct user_address address;
};

static RESULT resend(struct request *request, void *context)
{
	const struct resending *resending = context;
	const struct inquiry *inquiry = &resending->inquiry;
	bool may_send;
	TRY(attempt_count(request, &inquiry->subject));
	if (!inquiry->exists)
		return OK;
	TRY(user_check_there(request, &inquiry->user));
	TRY(user_message_may_send(request, inquiry->pool, &resending->address, &may_send));
	if (!may_send)
		return OK;
	return send_code(request, inquiry->pool, inquiry->client, &inquiry->user, &resending->address);
}

/* Finds the address where a code would go. */
static RESULT find_address(struct request *request, struct inquiry *inquiry, struct user_address *address)
{
	if (!inquiry->exists) {
		str attribute = pool_is_auto_verified(inquiry->pool, STR("email")) ? STR("email")
										   : STR("phone_number");
		if (pool_is_auto_verified(inquiry->pool, attribute))
			*address = inquiry_invented_address(request, inquiry, attribute);
		return OK;
	}
	if (inquiry->user.status != USER_STATUS_TYPE_UNCONFIRMED)
		return FAIL(request, INVALID_PARAMETER, "User is already confirmed.");
	TRY(user_load_attributes(request, &inquiry->user));
	*address = user_message_verification_address(inquiry->pool, &inquiry->user);
	return OK;
}

result sign_up_resend(struct request *request, const struct resend_confirmation_code_request *input,
	struct code_delivery_details_type **details)
{
	struct resending resending = { .address = { .attribute = STR_NONE } };
	struct inquiry *inquiry = &resending.inquiry;
	TRY(inquiry_open(request, input->client_id, input->username, input->secret_hash, ATTEMPT_RESEND_CODE,
		inquiry));
	TRY(find_address(request, inquiry, &resending.address));
	if (!str_is_set(resending.address.attribute))
		return FAIL(request, INVALID_PARAMETER, "Auto verification not turned on.");
	TRY(store_write(request, resend, &resending));
	*details = user_message_details(request, &resending.address);
	return OK;
}

/* --- AdminConfirmSignUp --- */

struct admin_confirmation {
	const struct user_pool *pool;
	struct user user;
};

static RESULT confirm_by_admin(struct request *request, void *context)
{
	struct admin_confirmation *confirmation = context;
	/* The operation has no error of its own for a name that somebody else has. */
	const struct name_claim claim = { .taken = ERROR_INVALID_PARAMETER };
	TRY(user_confirm(request, &confirmation->user));
	TRY(user_load_attributes(request, &confirmation->user));
	return sign_in_name_update(request, confirmation->pool, &confirmation->user, &claim);
}

result sign_up_admin_confirm(struct request *request, str pool_id, str username)
{
	struct admin_confirmation confirmation;
	TRY(pool_find(request, pool_id, &confirmation.pool));
	TRY(user_get(request, confirmation.pool, username, &confirmation.user));
	TRY(user_check_unconfirmed(request, &confirmation.user));
	return store_write(request, confirm_by_admin, &confirmation);
}
