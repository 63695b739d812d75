/* SPDX-License-Identifier: Apache-2.0 */
/* Setting a software token up: a secret is given, then a code of it is taken. Signed-in users do it by their
   access tokens. Who must have a token to sign in does it by the session of the challenge MFA_SETUP; each of
   the two calls gives a session for the next, and the last one answers the challenge. API:
   AssociateSoftwareToken, VerifySoftwareToken. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

/* The request has a caller when it came with an access token. Raises InvalidParameter (neither token nor
   session, or both), NotAuthorized, SoftwareTokenMFANotFound "Software Token MFA has not been enabled by the
   userPool", ResourceNotFound (the client is gone). */
RESULT software_token_setup_associate(struct request *request,
	const struct associate_software_token_request *input,
	struct associate_software_token_response *output);

/* The same, and raises EnableSoftwareTokenMFA "Code mismatch", after which another code can be tried, and
   SoftwareTokenMFANotFound when no secret waits, TooManyRequests after too many wrong codes, UserNotFound,
   UserNotConfirmed, PasswordResetRequired. */
RESULT software_token_setup_verify(struct request *request, const struct verify_software_token_request *input,
	struct verify_software_token_response *output);
