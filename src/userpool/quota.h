/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a request may be served at this rate. Each process counts by itself and in memory; nothing is stored. A
   refusal must never look like the end of a sign-in: clients forget their tokens for that. */
#pragma once

#include "base/category.h"
#include "base/request.h"

struct user_pool;

/* Counts a request of a category to a pool; with `pool` NULL, one that is about no pool. Raises TooManyRequests "Rate
   exceeded". */
RESULT quota_take(struct request *request, const struct user_pool *pool, enum category category);

/* Counts a request about a user of the pool, whoever that is and whether there is one (`--user-rate`). Raises the
   same. */
RESULT quota_take_for_user(struct request *request, const struct user_pool *pool, str username);
