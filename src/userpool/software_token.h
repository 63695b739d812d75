/* SPDX-License-Identifier: Apache-2.0 */
/* Software tokens: the secret that a user's authenticator app shares with us, sealed and bound to the user. A
   new one waits until a code has shown that the app has it; then it takes the place of the one before. */
#pragma once

#include "base/request.h"
#include "crypto/totp.h"

struct user;

/* Inside a transaction: a new secret that waits, in the place of another that did; `*text` is what the user's
   app is given, this once. Raises UserNotFound. */
RESULT software_token_offer(struct request *request, const struct user *user, str *text);

/* Inside a transaction: judges a code of the secret that waits. A right one is used up and makes it the
   user's token, under the name of the device or, absent, without one. Raises SoftwareTokenMFANotFound
   "Software Token MFA does not exist for the user." when none waits. */
RESULT software_token_verify(
	struct request *request, struct user *user, str code, str device_name, bool *is_right);

/* Inside a transaction: judges a code of the user's token; a right one is used up. Raises
   SoftwareTokenMFANotFound when there is none. */
RESULT software_token_check(
	struct request *request, const struct user *user, str code, enum totp_verdict *verdict);

/* As it was given with VerifySoftwareToken; absent when none was. */
RESULT software_token_device_name(struct request *request, const struct user *user, str *device_name);

/* Inside a transaction: the user's token is gone, and one that waits with it. Raises UserNotFound. */
RESULT software_token_remove(struct request *request, struct user *user);
