/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the attributes of users, and proving addresses. A new address gets a code where the pool verifies
   it; where the pool wants it proven first (AttributesRequireVerificationBeforeUpdate), the old one stays
   until then. API: UpdateUserAttributes, DeleteUserAttributes, GetUserAttributeVerificationCode,
   VerifyUserAttribute, AdminUpdateUserAttributes, AdminDeleteUserAttributes. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* The caller's own; `*details` says where codes went. Raises InvalidParameter, NotAuthorized (not writable),
   AliasExists, UserNotFound, CodeDeliveryFailure. */
RESULT attribute_change_own(struct request *request, const struct attribute_type_list *changes,
	struct code_delivery_details_type_list *details);
RESULT attribute_change_remove_own(struct request *request, const struct str_list *names);

/* A code to the address that waits to be proven, or else to the one that the caller has. Raises
   InvalidParameter, LimitExceeded, CodeDeliveryFailure. */
RESULT attribute_change_send_code(
	struct request *request, str attribute, struct code_delivery_details_type **details);

/* An alias goes to whoever proves it last. Raises InvalidParameter, CodeMismatch, ExpiredCode, LimitExceeded,
   AliasExists. */
RESULT attribute_change_verify(struct request *request, str attribute, str code);

/* Any user's; what is not mutable stays, but addresses can be marked as verified. Raises ResourceNotFound,
   UserNotFound, InvalidParameter, AliasExists. */
RESULT attribute_change_by_admin(
	struct request *request, str pool_id, str username, const struct attribute_type_list *changes);
RESULT attribute_change_remove_by_admin(
	struct request *request, str pool_id, str username, const struct str_list *names);
