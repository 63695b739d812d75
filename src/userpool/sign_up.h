/* SPDX-License-Identifier: Apache-2.0 */
/* How users register themselves.
   Where a pool wants it, what is mailed is a link (confirmation_link.h) rather than a code.
   API: SignUp, ConfirmSignUp, ResendConfirmationCode, AdminConfirmSignUp. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Raises ResourceNotFound, NotAuthorized (secret, sign-up closed, attribute not writable), InvalidParameter,
   InvalidPassword, UsernameExists. */
RESULT sign_up(struct request *request, const struct sign_up_request *input, struct sign_up_response *output);

/* Raises CodeMismatch, ExpiredCode, LimitExceeded, AliasExists, UserNotFound, NotAuthorized,
 * ResourceNotFound. */
RESULT sign_up_confirm(struct request *request, const struct confirm_sign_up_request *input);

/* What the page behind a link does (confirmation_link.h); codes that people type are not for it. Raises
   CodeMismatch, also for an unknown user and an expired or used link, LimitExceeded (wrong ones alone),
   AliasExists and NotAuthorized (confirmed by an administrator since; both after a right link alone),
   ResourceNotFound (no such client of that pool). */
RESULT sign_up_confirm_by_link(struct request *request, str pool_id, str client_id, str username, str code);

/* Raises LimitExceeded, InvalidParameter (nothing to send, already confirmed), UserNotFound, NotAuthorized,
   ResourceNotFound. */
RESULT sign_up_resend(struct request *request, const struct resend_confirmation_code_request *input,
	struct code_delivery_details_type **details);

/* Raises UserNotFound, NotAuthorized, ResourceNotFound, InvalidParameter (a name is taken). */
RESULT sign_up_admin_confirm(struct request *request, str pool_id, str username);
