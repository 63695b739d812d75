/* SPDX-License-Identifier: Apache-2.0 */
/* A group of a user pool: a name, with a precedence among the groups of a user and a role that its members
   may take. API: CreateGroup, GetGroup, UpdateGroup, DeleteGroup, ListGroups. Members are in
   userpool/membership.h. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct store_pool_group_row;

/* Raises ResourceNotFound, GroupExists, LimitExceeded. */
RESULT group_create(
	struct request *request, const struct create_group_request *input, struct group_type *created);

/* Raises ResourceNotFound: the pool's, or "Group not found."; so do the next ones. */
RESULT group_get(struct request *request, str pool_id, str name, struct group_type *group);

/* What `input` leaves out stays as it is. */
RESULT group_update(
	struct request *request, const struct update_group_request *input, struct group_type *updated);

/* Nobody is in it from then on. What it leaves in the store is for userpool/expiry.h to remove. */
RESULT group_delete(struct request *request, str pool_id, str name);

/* A page in the order of names. Raises ResourceNotFound, InvalidParameter (token). */
RESULT group_list(struct request *request, const struct list_groups_request *input,
	struct list_groups_response *output);

/* The id by which the store knows the group. Raises ResourceNotFound "Group not found." */
RESULT group_find_id(struct request *request, str pool_id, str name, str *id);

/* As answers show it. */
struct group_type group_shown(str pool_id, const struct store_pool_group_row *row);
