/* SPDX-License-Identifier: Apache-2.0 */
/* Forgotten passwords: a code to a proven address, and a new password for it. Which addresses count, the
   pool's AccountRecoverySetting says; without one, the phone number comes before the e-mail address. API:
   ForgotPassword, ConfirmForgotPassword, AdminResetUserPassword. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* Raises ResourceNotFound, LimitExceeded, NotAuthorized (secret; the user cannot do this), InvalidParameter
   (no proven address), UserNotFound. Where the client hides who exists, users who cannot have a code seem to
   get one. */
RESULT recovery_begin(struct request *request, const struct forgot_password_request *input,
	struct code_delivery_details_type **details);

/* Sign-ins until then end. Raises ResourceNotFound, CodeMismatch, ExpiredCode, LimitExceeded,
   InvalidPassword, PasswordHistoryPolicyViolation, NotAuthorized, UserNotFound, UserNotConfirmed. */
RESULT recovery_finish(struct request *request, const struct confirm_forgot_password_request *input);

/* The user has no password from then on, until the code that is sent gets one. Raises ResourceNotFound,
   UserNotFound, NotAuthorized, InvalidParameter (no proven address). */
RESULT recovery_require(struct request *request, const struct admin_reset_user_password_request *input);
