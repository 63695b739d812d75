/* SPDX-License-Identifier: Apache-2.0 */
/* Administration of users. */
#include "userpool/user_admin.h"

#include "base/fatal.h"
#include "store/store.h"
#include "userpool/attribute.h"
#include "userpool/former_password.h"
#include "userpool/mfa_preference.h"
#include "userpool/new_user.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"
#include "userpool/user_message.h"

enum { MEDIA_MAX = 2 };

/* --- Inviting --- */

struct invitation {
	const struct user_pool *pool;
	const struct admin_create_user_request *input;
	struct user user;
	struct password password;
	str clear_password; /* temporary; sent, never kept */
	str name_attribute;
	struct user_address addresses[MEDIA_MAX];
	size_t address_count;
};

/* By SMS unless the request says otherwise; then the user must have such an address, else nothing is sent. */
static RESULT choose_addresses(struct request *request, struct invitation *invitation)
{
	static const enum delivery_medium_type usual[] = { DELIVERY_MEDIUM_TYPE_SMS };
	const struct delivery_medium_type_list *wanted = &invitation->input->desired_delivery_mediums;
	const enum delivery_medium_type *media = wanted->count ? wanted->items : usual;
	size_t count = wanted->count ? wanted->count : 1;
	if (invitation->input->message_action == MESSAGE_ACTION_TYPE_SUPPRESS)
		return OK;
	for (enum delivery_medium_type medium = DELIVERY_MEDIUM_TYPE_SMS;
		medium <= DELIVERY_MEDIUM_TYPE_EMAIL; medium++) {
		bool is_wanted = false;
		for (size_t i = 0; i < count; i++)
			is_wanted = is_wanted || media[i] == medium;
		struct user_address address = user_message_address(&invitation->user, medium);
		if (is_wanted && str_is_set(address.attribute))
			invitation->addresses[invitation->address_count++] = address;
	}
	if (wanted->count && !invitation->address_count)
		return FAIL(request, INVALID_PARAMETER,
			"The user has no address for any of the desired delivery mediums.");
	return OK;
}

static RESULT send(struct request *request, const struct invitation *invitation)
{
	str called = new_user_called(&invitation->user, invitation->name_attribute);
	for (size_t i = 0; i < invitation->address_count; i++)
		TRY(user_message_send(request, invitation->pool, &invitation->addresses[i],
			TEMPLATE_INVITATION, invitation->clear_password, called));
	return OK;
}

static RESULT make_password(struct request *request, struct invitation *invitation)
{
	str given = invitation->input->temporary_password;
	invitation->clear_password = str_is_set(given) ? given : password_random(request, invitation->pool);
	TRY(password_check_policy(request, invitation->pool, invitation->clear_password));
	return password_make(request, invitation->pool, invitation->user.id, invitation->user.username,
		invitation->clear_password, &invitation->password);
}

/* --- A new user --- */

static RESULT check_free(struct request *request, const struct invitation *invitation)
{
	bool is_free;
	TRY(sign_in_name_is_free(request, invitation->pool, invitation->input->username, &is_free));
	return is_free ? OK : FAIL(request, USERNAME_EXISTS, "User account already exists");
}

static RESULT insert(struct request *request, void *context)
{
	struct invitation *invitation = context;
	const struct name_claim claim = {
		.attribute = invitation->name_attribute,
		.taken = ERROR_ALIAS_EXISTS,
		.takes_over = optional_bool_or(invitation->input->force_alias_creation, false),
	};
	TRY(check_free(request, invitation));
	TRY(user_insert(request, invitation->pool, &invitation->user, &claim));
	return send(request, invitation);
}

/* What is proven must be there. */
static RESULT check_marks(struct request *request, const struct user *user)
{
	static const str addresses[] = { STR_INIT("email"), STR_INIT("phone_number") };
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		str mark = arena_printf(request->arena, "%.*s_verified", STR_ARG(addresses[i]));
		if (str_is_empty(user_attribute(user, addresses[i])) &&
			str_equal(user_attribute(user, mark), STR("true")))
			return FAIL(request, INVALID_PARAMETER, "%.*s is required when %.*s is true.",
				STR_ARG(addresses[i]), STR_ARG(mark));
	}
	return OK;
}

static RESULT create(struct request *request, struct invitation *invitation)
{
	struct user *user = &invitation->user;
	TRY(new_user_prepare(request, invitation->pool, invitation->input->username,
		&invitation->input->user_attributes, user, &invitation->name_attribute));
	TRY(check_marks(request, user));
	TRY(check_free(request, invitation));
	TRY(choose_addresses(request, invitation));
	TRY(make_password(request, invitation));
	user->password = invitation->password;
	user->status = USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD;
	return store_write(request, insert, invitation);
}

/* --- The same invitation again --- */

static RESULT check_invited(struct request *request, const struct user *user)
{
	if (user->status != USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD)
		return FAIL(request, UNSUPPORTED_USER_STATE,
			"Resend not possible. %.*s status is not FORCE_CHANGE_PASSWORD",
			STR_ARG(user->username));
	return OK;
}

static RESULT replace(struct request *request, void *context)
{
	struct invitation *invitation = context;
	struct user now;
	bool found;
	/* The user may have chosen a password by now. */
	TRY(user_by_id(request, invitation->pool->id, invitation->user.id, &now, &found));
	if (found)
		TRY(check_invited(request, &now));
	TRY(user_set_password(request, invitation->pool, &invitation->user, &invitation->password,
		USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD));
	return send(request, invitation);
}

static RESULT resend(struct request *request, struct invitation *invitation)
{
	struct user *user = &invitation->user;
	TRY(user_get(request, invitation->pool, invitation->input->username, user));
	TRY(check_invited(request, user));
	TRY(user_load_attributes(request, user));
	/* A user whose name is a UUID is called by an address. */
	if (str_equal(user->username, user->id))
		invitation->name_attribute =
			str_is_set(user_attribute(user, STR("email"))) ? STR("email") : STR("phone_number");
	TRY(choose_addresses(request, invitation));
	TRY(make_password(request, invitation));
	return store_write(request, replace, invitation);
}

result user_admin_create(
	struct request *request, const struct admin_create_user_request *input, struct user_type *created)
{
	struct invitation invitation = { .input = input };
	TRY(pool_find(request, input->user_pool_id, &invitation.pool));
	TRY(input->message_action == MESSAGE_ACTION_TYPE_RESEND ? resend(request, &invitation)
								: create(request, &invitation));
	*created = user_shown(request, &invitation.user);
	return OK;
}

/* --- One user --- */

result user_admin_get(
	struct request *request, str pool_id, str username, struct admin_get_user_response *output)
{
	const struct user_pool *pool;
	struct user user;
	TRY(pool_find(request, pool_id, &pool));
	TRY(user_get(request, pool, username, &user));
	TRY(user_load_attributes(request, &user));
	output->username = user.username;
	output->user_attributes = user_shown_attributes(request, &user);
	output->user_create_date = optional_int(user.created_at);
	output->user_last_modified_date = optional_int(user.modified_at);
	output->enabled = optional_bool(user.is_enabled);
	output->user_status = user.status;
	output->mfa_options = mfa_preference_options(request, &user);
	output->preferred_mfa_setting = user.mfa.preferred;
	output->user_mfa_setting_list = mfa_preference_list(request, &user);
	return OK;
}

struct password_change {
	const struct user_pool *pool;
	struct user user;
	struct password password;
	enum user_status_type status;
};

/* Who was not confirmed is so now, and may have names that count from then on. The operation has no error of
   its own for one that somebody else has. */
static RESULT set_password(struct request *request, void *context)
{
	struct password_change *change = context;
	const struct name_claim claim = { .taken = ERROR_INVALID_PARAMETER };
	TRY(user_set_password(request, change->pool, &change->user, &change->password, change->status));
	TRY(user_load_attributes(request, &change->user));
	return sign_in_name_update(request, change->pool, &change->user, &claim);
}

result user_admin_set_password(struct request *request, const struct admin_set_user_password_request *input)
{
	struct password_change change = {
		.status = optional_bool_or(input->permanent, false) ? USER_STATUS_TYPE_CONFIRMED
								    : USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD,
	};
	TRY(pool_find(request, input->user_pool_id, &change.pool));
	TRY(user_get(request, change.pool, input->username, &change.user));
	TRY(password_check_policy(request, change.pool, input->password));
	TRY(former_password_check(request, change.pool, &change.user, input->password));
	TRY(password_make(request, change.pool, change.user.id, change.user.username, input->password,
		&change.password));
	return store_write(request, set_password, &change);
}

/* --- Enabled or not --- */

static RESULT disable(struct request *request, void *context)
{
	struct user *user = context;
	TRY(user_set_enabled(request, user, false));
	return user_invalidate_tokens(request, user->id);
}

static RESULT enable(struct request *request, void *context)
{
	return user_set_enabled(request, context, true);
}

static RESULT write_user(struct request *request, str pool_id, str username, store_write_function *write)
{
	const struct user_pool *pool;
	struct user user;
	TRY(pool_find(request, pool_id, &pool));
	TRY(user_get(request, pool, username, &user));
	return store_write(request, write, &user);
}

result user_admin_disable(struct request *request, str pool_id, str username)
{
	return write_user(request, pool_id, username, disable);
}

result user_admin_enable(struct request *request, str pool_id, str username)
{
	return write_user(request, pool_id, username, enable);
}

/* --- Ends --- */

static RESULT sign_out(struct request *request, void *context)
{
	const struct user *user = context;
	return user_invalidate_tokens(request, user->id);
}

result user_admin_sign_out(struct request *request, str pool_id, str username)
{
	return write_user(request, pool_id, username, sign_out);
}

result user_admin_delete(struct request *request, str pool_id, str username)
{
	const struct user_pool *pool;
	TRY(pool_find(request, pool_id, &pool));
	return user_delete(request, pool, username);
}
