/* SPDX-License-Identifier: Apache-2.0 */
/* Users in the order of an index: those that one filter lets pass, from a key on. */
#pragma once

#include "base/request.h"
#include "store/statements.h"
#include "userpool/user_filter.h"

struct user_pool;

struct user_page {
	struct request *request;
	const struct user_pool *pool;
	struct user_filter filter;
	int64_t limit; /* of rows to read */
	str after; /* key of the last user before, absent for none */
	struct store_pool_user_page_row *rows; /* what was read */
	size_t count;
};

/* Raises InvalidParameter (a value of USER_FILTER_ENABLED that is neither). */
RESULT user_page_read(struct user_page *page);

/* The key behind which the next page begins when that row was the last one. */
str user_page_key(const struct user_page *page, const struct store_pool_user_page_row *row);
