/* SPDX-License-Identifier: Apache-2.0 */
/* NEW_PASSWORD_REQUIRED: whoever was given a temporary password chooses one, and fills in what the pool
 * requires. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/jsontext.h"
#include "store/store.h"
#include "userpool/attribute.h"
#include "userpool/auth.h"
#include "userpool/challenge_session.h"
#include "userpool/client.h"
#include "userpool/former_password.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"

#define ATTRIBUTE_PREFIX "userAttributes."

enum { TEXT_MAX_BYTES = 1024 * 1024 };

static bool is_due(const struct auth *auth, const struct user *user)
{
	(void)auth;
	return user->status == USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD;
}

/* --- Asking --- */

static str required_attributes(const struct auth *auth, const struct user *user)
{
	const struct schema_attribute_type_list *schema = &auth->pool->settings.schema_attributes;
	struct buf text = buf_new(auth->request->arena, TEXT_MAX_BYTES);
	buf_add_char(&text, '[');
	for (size_t i = 0; i < schema->count; i++) {
		str name = schema->items[i].name;
		if (!optional_bool_or(schema->items[i].required, false) || str_equal(name, STR("sub")) ||
			!str_is_empty(user_attribute(user, name)))
			continue;
		jsontext_add_separator(&text);
		jsontext_add_string(
			&text, arena_printf(auth->request->arena, ATTRIBUTE_PREFIX "%.*s", STR_ARG(name)));
	}
	buf_add_char(&text, ']');
	return buf_str(&text);
}

static str attributes_as_json(const struct auth *auth, const struct user *user)
{
	struct buf text = buf_new(auth->request->arena, TEXT_MAX_BYTES);
	buf_add_char(&text, '{');
	for (size_t i = 0; i < user->attributes.count; i++)
		if (client_may_read(auth->client, user->attributes.items[i].name))
			jsontext_add_string_member(
				&text, user->attributes.items[i].name, user->attributes.items[i].value);
	buf_add_char(&text, '}');
	return buf_str(&text);
}

static RESULT check_validity(const struct auth *auth, const struct user *user)
{
	int64_t days = auth->pool->settings.policies->password_policy->temporary_password_validity_days.value;
	if (auth->request->now < user->password.set_at + days * DAY)
		return OK;
	return FAIL(auth->request, NOT_AUTHORIZED,
		"Temporary password has expired and must be reset by an administrator.");
}

static RESULT ask(struct auth *auth, struct user *user)
{
	TRY(check_validity(auth, user));
	TRY(user_load_attributes(auth->request, user));
	auth_ask_with(auth, "USER_ID_FOR_SRP", user->username);
	auth_ask_with(auth, "requiredAttributes", required_attributes(auth, user));
	auth_ask_with(auth, "userAttributes", attributes_as_json(auth, user));
	return OK;
}

/* --- Taking the answer --- */

struct change {
	struct auth *auth;
	struct user user;
	struct password password;
	struct attribute_type_list attributes; /* that come along */
	struct auth_step step;
};

static void read_attributes(const struct auth *auth, struct attribute_type_list *attributes)
{
	const struct str_map *given = auth->parameters;
	attributes->items = ARENA_ARRAY(auth->request->arena, struct attribute_type, given->count);
	for (size_t i = 0; i < given->count; i++)
		if (str_has_prefix(given->items[i].name, STR(ATTRIBUTE_PREFIX)))
			attributes->items[attributes->count++] = (struct attribute_type){
				.name = str_from(given->items[i].name, sizeof ATTRIBUTE_PREFIX - 1),
				.value = given->items[i].value,
			};
}

/* What is not mutable is for the administrator to say, or to leave out; but what the pool demands can be
   given once. */
static bool is_fixed(const struct schema_attribute_type *schema, str value)
{
	bool can_be_given = optional_bool_or(schema->required, false) && str_is_empty(value);
	return !optional_bool_or(schema->mutable, false) && !can_be_given;
}

static RESULT check_change(
	const struct auth *auth, const struct user *user, const struct attribute_type *change)
{
	const struct schema_attribute_type *schema = pool_schema_attribute(auth->pool, change->name);
	str value = user_attribute(user, change->name);
	bool is_same = str_equal(value, change->value);
	if (attribute_is_kept_from_users(change->name) || (!is_same && is_fixed(schema, value)))
		return FAIL(auth->request, INVALID_PARAMETER, "Cannot modify the non-mutable attribute %.*s",
			STR_ARG(change->name));
	/* A required attribute that has a value is the administrator's word as well. */
	if (!is_same && optional_bool_or(schema->required, false) && !str_is_empty(value))
		return FAIL(auth->request, NOT_AUTHORIZED, "Cannot modify an already provided %.*s",
			STR_ARG(change->name));
	return OK;
}

static RESULT check_changes(
	const struct auth *auth, const struct user *user, const struct attribute_type_list *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		TRY(check_change(auth, user, &changes->items[i]));
	return OK;
}

static RESULT check_attributes(struct auth *auth, struct change *change)
{
	struct request *request = auth->request;
	read_attributes(auth, &change->attributes);
	TRY(attribute_check_values(request, auth->pool, &change->attributes));
	change->attributes = attribute_with_usual_booleans(request->arena, auth->pool, &change->attributes);
	TRY(check_changes(auth, &change->user, &change->attributes));
	TRY(attribute_check_writable(request, auth->client, &change->attributes));
	change->attributes =
		attribute_unverify(request->arena, &change->user.attributes, &change->attributes);
	struct attribute_type_list merged =
		attribute_merge(request->arena, &change->user.attributes, &change->attributes);
	return attribute_check_required(request, auth->pool, &merged);
}

static RESULT apply(struct request *request, void *context)
{
	struct change *change = context;
	const struct name_claim claim = { .taken = ERROR_ALIAS_EXISTS };
	bool is_unchanged;
	TRY(challenge_session_use(request, change->auth->session));
	TRY(user_is_unchanged(request, &change->user, &is_unchanged));
	if (!is_unchanged)
		return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
	TRY(user_set_password(
		request, change->auth->pool, &change->user, &change->password, USER_STATUS_TYPE_CONFIRMED));
	TRY(user_set_attributes(request, change->auth->pool, &change->user, &change->attributes, &claim));
	return auth_proceed(change->auth, &change->user, &auth_challenge_new_password, &change->step);
}

static RESULT answer(struct auth *auth)
{
	struct request *request = auth->request;
	struct change change = { .auth = auth };
	struct auth_subject subject;
	str password;
	TRY(auth_parameter(auth, "NEW_PASSWORD", &password));
	TRY(auth_check_session(auth, CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED, &subject));
	change.user = subject.user;
	TRY(user_load_attributes(request, &change.user));
	TRY(check_attributes(auth, &change));
	TRY(password_check_policy(request, auth->pool, password));
	TRY(former_password_check(request, auth->pool, &change.user, password));
	TRY(password_make(
		request, auth->pool, change.user.id, change.user.username, password, &change.password));
	TRY(store_write(request, apply, &change));
	return auth_answer(auth, &change.step);
}

const struct auth_challenge auth_challenge_new_password = {
	.name = CHALLENGE_NAME_TYPE_NEW_PASSWORD_REQUIRED,
	.is_due = is_due,
	.ask = ask,
	.answer = answer,
};
