/* SPDX-License-Identifier: Apache-2.0 */
/* What groups say in the tokens of their members. The groups come in the order of membership_groups(): by
   precedence, then by name. Nothing is said of no groups. */
#pragma once

#include "base/buf.h"
#include "spec/cognito_idp.h"

/* cognito:groups, in both tokens: the names in that order. */
void group_claims_add_names(struct buf *claims, const struct group_type_list *groups);

/* In ID tokens. cognito:roles: the roles in that order, each once. cognito:preferred_role: of the groups that
   have a role, that of the one with the lowest precedence; left out when several share it and their roles
   differ. */
void group_claims_add_roles(struct buf *claims, const struct group_type_list *groups);
