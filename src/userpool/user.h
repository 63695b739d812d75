/* SPDX-License-Identifier: Apache-2.0 */
/* A user of a pool, with the attributes. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"
#include "userpool/password.h"

struct name_claim;
struct user_pool;

/* What the user does beside giving the password. */
struct user_mfa {
	str factors; /* those turned on, as UserMFASettingList names them, a space between; absent: none */
	str preferred; /* one of them, or absent */
	bool has_software_token; /* one that was verified */
};

struct user {
	str id; /* the attribute sub: a UUID that is never used again */
	str pool_id;
	str username; /* as it was chosen; equal to `id` where addresses are the user names */
	enum user_status_type status;
	bool is_enabled;
	struct password password;
	struct user_mfa mfa;
	int64_t tokens_valid_after; /* tokens of sign-ins before that are refused; milliseconds */
	int64_t created_at, modified_at;
	struct attribute_type_list
		attributes; /* in the order of their names, without sub; see user_load_attributes() */
};

/* By user name, by an address that counts as a name, or by sub; without attributes. All zero when there is
 * none. */
RESULT user_find(
	struct request *request, const struct user_pool *pool, str name, struct user *user, bool *found);

/* The same. Raises UserNotFound "User does not exist." */
RESULT user_get(struct request *request, const struct user_pool *pool, str name, struct user *user);

/* By sub alone. */
RESULT user_by_id(struct request *request, str pool_id, str id, struct user *user, bool *found);

RESULT user_load_attributes(struct request *request, struct user *user);

/* The value, absent when there is none. */
str user_attribute(const struct user *user, str name);

/* What attributes look like in answers: sub, then the others. */
struct attribute_type_list user_shown_attributes(struct request *request, const struct user *user);

/* The user as lists show it; the attributes must be loaded. */
struct user_type user_shown(struct request *request, const struct user *user);

/* Inside a transaction: the user may have gone since it was read. Raises UserNotFound. */
RESULT user_check_there(struct request *request, const struct user *user);

/* What keeps the user from signing in whatever the proof. Raises NotAuthorized "User is disabled.",
   UserNotConfirmed, PasswordResetRequired. */
RESULT user_check_state(struct request *request, const struct user *user);

/* Inside a transaction: whether the user still has the password, the status and the permission that `user`
   was read with; `user` takes what else has changed. */
RESULT user_is_unchanged(struct request *request, struct user *user, bool *is_unchanged);

/* Inside a transaction: a new user with attributes and names; see sign_in_name_is_free(). Raises
 * claim->taken. */
RESULT user_insert(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct name_claim *claim);

/* Inside a transaction: sets attributes, or removes them (absent or empty value), and keeps names in step;
   the user's own list is read again. Raises claim->taken, UserNotFound. */
RESULT user_set_attributes(struct request *request, const struct user_pool *pool, struct user *user,
	const struct attribute_type_list *changes, const struct name_claim *claim);

/* Inside a transaction: sign-ins that the old password has begun can not go on, and a code that was to replace it is
   worth nothing. Raises UserNotFound. */
RESULT user_set_password(struct request *request, const struct user_pool *pool, struct user *user,
	const struct password *password, enum user_status_type status);

/* Inside a transaction: the password is gone and must be replaced by a code. Raises UserNotFound. */
RESULT user_require_reset(struct request *request, const struct user_pool *pool, struct user *user);

/* Inside a transaction: a disabled user cannot sign in. Raises UserNotFound. */
RESULT user_set_enabled(struct request *request, struct user *user, bool is_enabled);

/* Inside a transaction: which factors are turned on, and the preferred one. Raises UserNotFound. */
RESULT user_set_mfa(struct request *request, struct user *user, str factors, str preferred);

/* Inside a transaction: whether there is a verified software token. Raises UserNotFound. */
RESULT user_set_has_software_token(struct request *request, struct user *user, bool has_software_token);

/* Raises NotAuthorized "User cannot be confirmed. Current status is CONFIRMED". */
RESULT user_check_unconfirmed(struct request *request, const struct user *user);

/* Inside a transaction: from UNCONFIRMED to CONFIRMED; names are not touched. Raises NotAuthorized,
 * UserNotFound. */
RESULT user_confirm(struct request *request, struct user *user);

/* With all that hangs on it. Raises UserNotFound. */
RESULT user_delete(struct request *request, const struct user_pool *pool, str name);

/* Everything that was signed in until now is signed out. */
RESULT user_sign_out(struct request *request, str user_id);

/* The same inside a transaction. */
RESULT user_invalidate_tokens(struct request *request, str user_id);
