/* SPDX-License-Identifier: Apache-2.0 */
/* Who is in which group. API: AdminAddUserToGroup, AdminRemoveUserFromGroup, AdminListGroupsForUser. The
   members of a group are a list of users: userpool/user_list.h. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct user;

/* Nothing changes for a user who is in the group. Raises ResourceNotFound (pool, "Group not found."),
   UserNotFound, LimitExceeded (100 groups). */
RESULT membership_add(struct request *request, str pool_id, str username, str group_name);

/* Nothing changes for a user who is not in the group. Raises ResourceNotFound, UserNotFound. */
RESULT membership_remove(struct request *request, str pool_id, str username, str group_name);

/* A page of a user's groups in the order of their names. Raises ResourceNotFound, UserNotFound,
   InvalidParameter (token). */
RESULT membership_list(struct request *request, const struct admin_list_groups_for_user_request *input,
	struct admin_list_groups_for_user_response *output);

/* All groups of a user, which are never more than 100: those with the lowest precedence first, those without
   one last, equals in the order of names. One read. */
RESULT membership_groups(struct request *request, const struct user *user, struct group_type_list *groups);
