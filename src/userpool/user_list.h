/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of users, a page at a time. Every order has an index and every page begins at a key, so a page costs
   the same wherever it is and however many users there are. API: ListUsers, ListUsersInGroup. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Raises ResourceNotFound, InvalidParameter (filter, token). */
RESULT user_list(
	struct request *request, const struct list_users_request *input, struct list_users_response *output);

/* The members of a group. Raises ResourceNotFound (pool, "Group not found."), InvalidParameter (token). */
RESULT user_list_in_group(struct request *request, const struct list_users_in_group_request *input,
	struct list_users_in_group_response *output);
