/* SPDX-License-Identifier: Apache-2.0 */
/* Users: rows, attributes, names. */
#include "userpool/user.h"

#include "audit/trail.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/attribute.h"
#include "userpool/challenge_session.h"
#include "userpool/confirmation_code.h"
#include "userpool/former_password.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"

enum { UUID_LEN = 36 };

/* --- Reading --- */

static void from_row(const struct store_pool_user_row *row, struct user *user)
{
	*user = (struct user){
		.id = row->id,
		.pool_id = row->pool_id,
		.username = row->username,
		.status = spec_enum_value(&spec_type_user_status_type, row->status),
		.is_enabled = row->enabled,
		.password = {
			.phc = row->password_hash,
			.srp_salt = row->srp_salt,
			.sealed_srp_verifier = row->sealed_srp_verifier,
			.set_at = optional_int_or(row->password_set_at, 0),
		},
		.mfa = {
			.factors = row->mfa_factors,
			.preferred = row->preferred_mfa,
			.has_software_token = row->has_software_token,
		},
		.tokens_valid_after = row->tokens_valid_after,
		.created_at = row->created_at,
		.modified_at = row->modified_at,
	};
}

result user_by_id(struct request *request, str pool_id, str id, struct user *user, bool *found)
{
	struct store_pool_user_row row;
	*user = (struct user){ .id = STR_NONE };
	TRY(store_pool_user_by_id(
		request, &(struct store_pool_user_by_id_in){ .pool_id = pool_id, .id = id }, &row, found));
	if (*found)
		from_row(&row, user);
	return OK;
}

result user_find(
	struct request *request, const struct user_pool *pool, str name, struct user *user, bool *found)
{
	const struct store_pool_user_by_name_in in = { .name_space = pool->name_space,
		.name_key = sign_in_name_key(request, pool, name) };
	struct store_pool_user_row row;
	*user = (struct user){ .id = STR_NONE };
	TRY(store_pool_user_by_name(request, &in, &row, found));
	if (*found)
		from_row(&row, user);
	else if (name.len == UUID_LEN)
		TRY(user_by_id(request, pool->id, name, user, found));
	trail_note_user(request, user->id);
	return OK;
}

static RESULT refuse_unknown(struct request *request)
{
	return FAIL(request, USER_NOT_FOUND, "User does not exist.");
}

result user_get(struct request *request, const struct user_pool *pool, str name, struct user *user)
{
	bool found;
	TRY(user_find(request, pool, name, user, &found));
	return found ? OK : refuse_unknown(request);
}

result user_check_there(struct request *request, const struct user *user)
{
	struct user now;
	bool found;
	TRY(user_by_id(request, user->pool_id, user->id, &now, &found));
	return found ? OK : refuse_unknown(request);
}

result user_check_state(struct request *request, const struct user *user)
{
	if (!user->is_enabled)
		return FAIL(request, NOT_AUTHORIZED, "User is disabled.");
	if (user->status == USER_STATUS_TYPE_UNCONFIRMED)
		return FAIL(request, USER_NOT_CONFIRMED, "User is not confirmed.");
	if (user->status == USER_STATUS_TYPE_RESET_REQUIRED)
		return FAIL(request, PASSWORD_RESET_REQUIRED, "Password reset required for the user");
	return OK;
}

result user_load_attributes(struct request *request, struct user *user)
{
	struct store_user_attributes_row *rows;
	size_t count;
	TRY(store_user_attributes(
		request, &(struct store_user_attributes_in){ .user_id = user->id }, &rows, &count));
	user->attributes.items = ARENA_ARRAY(request->arena, struct attribute_type, count);
	user->attributes.count = count;
	for (size_t i = 0; i < count; i++)
		user->attributes.items[i] =
			(struct attribute_type){ .name = rows[i].name, .value = rows[i].value };
	return OK;
}

str user_attribute(const struct user *user, str name)
{
	return attribute_value(&user->attributes, name);
}

struct attribute_type_list user_shown_attributes(struct request *request, const struct user *user)
{
	struct attribute_type_list shown = {
		.items = ARENA_ARRAY(request->arena, struct attribute_type, user->attributes.count + 1),
		.count = user->attributes.count + 1,
	};
	shown.items[0] = (struct attribute_type){ .name = STR("sub"), .value = user->id };
	for (size_t i = 0; i < user->attributes.count; i++)
		shown.items[i + 1] = user->attributes.items[i];
	return shown;
}

struct user_type user_shown(struct request *request, const struct user *user)
{
	return (struct user_type){
		.username = user->username,
		.attributes = user_shown_attributes(request, user),
		.user_create_date = optional_int(user->created_at),
		.user_last_modified_date = optional_int(user->modified_at),
		.enabled = optional_bool(user->is_enabled),
		.user_status = user->status,
	};
}

result user_is_unchanged(struct request *request, struct user *user, bool *is_unchanged)
{
	struct user now;
	TRY(user_by_id(request, user->pool_id, user->id, &now, is_unchanged));
	if (!*is_unchanged)
		return OK;
	*is_unchanged = str_equal(now.password.phc, user->password.phc) && now.status == user->status &&
			now.is_enabled == user->is_enabled;
	now.attributes = user->attributes;
	*user = now;
	return OK;
}

/* --- Writing --- */

static RESULT set_attribute(
	struct request *request, const struct user *user, const struct attribute_type *attribute)
{
	if (str_is_empty(attribute->value))
		return store_user_attribute_delete(request,
			&(struct store_user_attribute_delete_in){
				.user_id = user->id, .name = attribute->name },
			NULL);
	return store_user_attribute_set(request,
		&(struct store_user_attribute_set_in){
			.user_id = user->id,
			.pool_id = user->pool_id,
			.name = attribute->name,
			.value = attribute->value,
		},
		NULL);
}

static RESULT set_attributes(
	struct request *request, const struct user *user, const struct attribute_type_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		TRY(set_attribute(request, user, &list->items[i]));
	return OK;
}

static RESULT add_to_count(struct request *request, str pool_id, int64_t added)
{
	return store_pool_user_count_add(
		request, &(struct store_pool_user_count_add_in){ .pool_id = pool_id, .added = added }, NULL);
}

static RESULT insert_row(struct request *request, const struct user_pool *pool, const struct user *user)
{
	return store_pool_user_insert(request,
		&(struct store_pool_user_insert_in){
			.id = user->id,
			.pool_id = user->pool_id,
			.username = user->username,
			.username_key = sign_in_name_key(request, pool, user->username),
			.status = spec_enum_text(&spec_type_user_status_type, user->status),
			.enabled = user->is_enabled,
			.password_hash = user->password.phc,
			.sealed_srp_verifier = user->password.sealed_srp_verifier,
			.srp_salt = user->password.srp_salt,
			.password_set_at = { str_is_set(user->password.phc), user->password.set_at },
			.created_at = user->created_at,
		},
		NULL);
}

/* The pool may have gone since it was read. */
static RESULT check_pool(struct request *request, const struct user_pool *pool)
{
	struct store_user_pool_version_row row;
	bool found;
	TRY(store_user_pool_version(
		request, &(struct store_user_pool_version_in){ .id = pool->id }, &row, &found));
	if (!found)
		return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(pool->id));
	return OK;
}

result user_insert(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct name_claim *claim)
{
	TRY(check_pool(request, pool));
	trail_note_user(request, user->id);
	TRY(insert_row(request, pool, user));
	TRY(set_attributes(request, user, &user->attributes));
	TRY(sign_in_name_update(request, pool, user, claim));
	return add_to_count(request, pool->id, 1);
}

/* The user may have gone since it was read. */
static RESULT touch(struct request *request, struct user *user)
{
	int64_t changed;
	TRY(store_pool_user_touch(request,
		&(struct store_pool_user_touch_in){ .id = user->id, .now = request->now }, &changed));
	user->modified_at = request->now;
	return changed ? OK : refuse_unknown(request);
}

result user_set_attributes(struct request *request, const struct user_pool *pool, struct user *user,
	const struct attribute_type_list *changes, const struct name_claim *claim)
{
	TRY(touch(request, user));
	TRY(user_load_attributes(request, user));
	TRY(set_attributes(request, user, changes));
	user->attributes = attribute_merge(request->arena, &user->attributes, changes);
	return sign_in_name_update(request, pool, user, claim);
}

result user_set_password(struct request *request, const struct user_pool *pool, struct user *user,
	const struct password *password, enum user_status_type status)
{
	const struct store_pool_user_set_password_in in = {
		.id = user->id,
		.status = spec_enum_text(&spec_type_user_status_type, (int)status),
		.password_hash = password->phc,
		.sealed_srp_verifier = password->sealed_srp_verifier,
		.srp_salt = password->srp_salt,
		.now = request->now,
	};
	int64_t changed;
	TRY(former_password_keep(request, pool, user));
	TRY(store_pool_user_set_password(request, &in, &changed));
	user->password = *password;
	user->status = status;
	user->modified_at = request->now;
	TRY(confirmation_code_forget(request, user, CODE_FORGOT_PASSWORD));
	return changed ? challenge_session_end(request, user) : refuse_unknown(request);
}

result user_require_reset(struct request *request, const struct user_pool *pool, struct user *user)
{
	int64_t changed;
	TRY(former_password_keep(request, pool, user));
	TRY(store_pool_user_require_reset(request,
		&(struct store_pool_user_require_reset_in){ .id = user->id, .now = request->now }, &changed));
	user->password = (struct password){ .phc = STR_NONE };
	user->status = USER_STATUS_TYPE_RESET_REQUIRED;
	return changed ? challenge_session_end(request, user) : refuse_unknown(request);
}

result user_set_enabled(struct request *request, struct user *user, bool is_enabled)
{
	const struct store_pool_user_set_enabled_in in = {
		.id = user->id, .enabled = is_enabled, .now = request->now
	};
	int64_t changed;
	TRY(store_pool_user_set_enabled(request, &in, &changed));
	user->is_enabled = is_enabled;
	return changed ? OK : refuse_unknown(request);
}

result user_set_mfa(struct request *request, struct user *user, str factors, str preferred)
{
	const struct store_pool_user_set_mfa_in in = {
		.id = user->id,
		.mfa_factors = factors,
		.preferred_mfa = preferred,
		.now = request->now,
	};
	int64_t changed;
	TRY(store_pool_user_set_mfa(request, &in, &changed));
	user->mfa.factors = factors;
	user->mfa.preferred = preferred;
	user->modified_at = request->now;
	return changed ? OK : refuse_unknown(request);
}

result user_set_has_software_token(struct request *request, struct user *user, bool has_software_token)
{
	const struct store_pool_user_set_has_software_token_in in = {
		.id = user->id,
		.has_software_token = has_software_token,
		.now = request->now,
	};
	int64_t changed;
	TRY(store_pool_user_set_has_software_token(request, &in, &changed));
	user->mfa.has_software_token = has_software_token;
	user->modified_at = request->now;
	return changed ? OK : refuse_unknown(request);
}

result user_check_unconfirmed(struct request *request, const struct user *user)
{
	if (user->status == USER_STATUS_TYPE_UNCONFIRMED)
		return OK;
	return FAIL(request, NOT_AUTHORIZED, "User cannot be confirmed. Current status is %.*s",
		STR_ARG(spec_enum_text(&spec_type_user_status_type, (int)user->status)));
}

result user_confirm(struct request *request, struct user *user)
{
	struct user now;
	bool found;
	TRY(user_by_id(request, user->pool_id, user->id, &now, &found));
	if (!found)
		return refuse_unknown(request);
	TRY(user_check_unconfirmed(request, &now));
	user->status = USER_STATUS_TYPE_CONFIRMED;
	return store_pool_user_set_status(request,
		&(struct store_pool_user_set_status_in){
			.id = user->id,
			.old_status = STR("UNCONFIRMED"),
			.status = STR("CONFIRMED"),
			.now = request->now,
		},
		NULL);
}

static RESULT remove_row(struct request *request, void *context)
{
	const struct user *user = context;
	int64_t changed;
	TRY(store_pool_user_delete(request,
		&(struct store_pool_user_delete_in){ .pool_id = user->pool_id, .id = user->id }, &changed));
	if (!changed)
		return refuse_unknown(request);
	return add_to_count(request, user->pool_id, -1);
}

result user_delete(struct request *request, const struct user_pool *pool, str name)
{
	struct user user;
	TRY(user_get(request, pool, name, &user));
	return store_write(request, remove_row, &user);
}

/* Later than every sign-in so far, also one that a clock ahead of this one has dated. */
result user_invalidate_tokens(struct request *request, str user_id)
{
	struct store_sign_in_latest_row latest;
	int64_t now = request->now;
	bool found;
	TRY(store_sign_in_latest(request, &(struct store_sign_in_latest_in){ .user_id = user_id }, &latest, &found));
	if (found && latest.authenticated_at > now)
		now = latest.authenticated_at;
	return store_pool_user_invalidate_tokens(
		request, &(struct store_pool_user_invalidate_tokens_in){ .id = user_id, .now = now }, NULL);
}

static RESULT invalidate_tokens(struct request *request, void *context)
{
	const str *user_id = context;
	return user_invalidate_tokens(request, *user_id);
}

result user_sign_out(struct request *request, str user_id)
{
	return store_write(request, invalidate_tokens, &user_id);
}
