/* SPDX-License-Identifier: Apache-2.0 */
/* Former passwords, as hashes. The one that a user has stands with the user and is the first of the history.
 */
#include "userpool/former_password.h"

#include "base/entropy.h"
#include "crypto/password_hash.h"
#include "store/statements.h"
#include "userpool/pool.h"
#include "userpool/user.h"

static size_t history_size(const struct user_pool *pool)
{
	return (size_t)optional_int_or(pool->settings.policies->password_policy->password_history_size, 0);
}

static bool counts(const struct user *user)
{
	return str_is_set(user->password.phc) && user->status != USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD;
}

static RESULT check_one(struct request *request, str phc, str password)
{
	bool matches;
	TRY(password_hash_check(request, phc, password, &matches));
	if (matches)
		return FAIL(request, PASSWORD_HISTORY_POLICY_VIOLATION,
			"Password has been used before. Choose another password.");
	return OK;
}

static RESULT load(struct request *request, const struct user *user, struct store_former_passwords_row **rows,
	size_t *count)
{
	return store_former_passwords(
		request, &(struct store_former_passwords_in){ .user_id = user->id }, rows, count);
}

result former_password_check(
	struct request *request, const struct user_pool *pool, const struct user *user, str password)
{
	struct store_former_passwords_row *rows;
	size_t left = history_size(pool), count;
	if (!left)
		return OK;
	if (counts(user)) {
		TRY(check_one(request, user->password.phc, password));
		left--;
	}
	TRY(load(request, user, &rows, &count));
	for (size_t i = 0; i < count && i < left; i++)
		TRY(check_one(request, rows[i].password_hash, password));
	return OK;
}

static RESULT insert(struct request *request, const struct user *user)
{
	return store_former_password_insert(request,
		&(struct store_former_password_insert_in){
			.user_id = user->id,
			.id = uuid_new(request->arena),
			.password_hash = user->password.phc,
			.set_at = user->password.set_at,
		},
		NULL);
}

static RESULT trim(struct request *request, const struct user *user, size_t size)
{
	struct store_former_passwords_row *rows;
	size_t count;
	TRY(load(request, user, &rows, &count));
	for (size_t i = size; i < count; i++)
		TRY(store_former_password_delete(request,
			&(struct store_former_password_delete_in){
				.user_id = user->id, .set_at = rows[i].set_at, .id = rows[i].id },
			NULL));
	return OK;
}

result former_password_keep(struct request *request, const struct user_pool *pool, const struct user *user)
{
	size_t size = history_size(pool);
	struct user now;
	bool found;
	if (!size)
		return OK;
	TRY(user_by_id(request, pool->id, user->id, &now, &found));
	if (!found)
		return OK;
	if (counts(&now))
		TRY(insert(request, &now));
	return trim(request, user, size);
}
