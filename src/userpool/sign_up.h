/* SPDX-License-Identifier: Apache-2.0 */
/* How users register themselves.
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

/* Raises LimitExceeded, InvalidParameter (nothing to send, already confirmed), UserNotFound, NotAuthorized,
   ResourceNotFound. */
RESULT sign_up_resend(struct request *request, const struct resend_confirmation_code_request *input,
	struct code_delivery_details_type **details);

/* Raises UserNotFound, NotAuthorized, ResourceNotFound, InvalidParameter (a name is taken). */
RESULT sign_up_admin_confirm(struct request *request, str pool_id, str username);
