/* SPDX-License-Identifier: Apache-2.0 */
/* The passwords that a user had, as far back as the pool's PasswordHistorySize goes: none of them may be
   chosen again. Temporary passwords do not count. */
#pragma once

#include "base/request.h"

struct user;
struct user_pool;

/* Compares with the password that the user has and those before it: one argon2id for each. Raises
   PasswordHistoryPolicyViolation. */
RESULT former_password_check(
	struct request *request, const struct user_pool *pool, const struct user *user, str password);

/* Inside a transaction, before the user gets another password: keeps the one that stands now, and no more
   than the pool asks for. */
RESULT former_password_keep(struct request *request, const struct user_pool *pool, const struct user *user);
