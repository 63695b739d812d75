/* SPDX-License-Identifier: Apache-2.0 */
/* What the challenges of all second factors do alike; the factor does the rest. */
#pragma once

#include "userpool/auth.h"

struct mfa_factor;

/* When the factor is the one that the user is asked for. */
bool auth_mfa_is_due(const struct auth *auth, const struct mfa_factor *factor);

/* Inside a transaction. */
RESULT auth_mfa_ask(struct auth *auth, struct user *user, const struct mfa_factor *factor);

/* Takes a code. Wrong ones are counted with the session, which ends after five, and with the user, who is
   then blocked for longer and longer, whatever the session: guessing does not go on by signing in again.
   Raises CodeMismatch, ExpiredCode, after which the session waits for another code, and NotAuthorized
   "Password attempts exceeded". */
RESULT auth_mfa_answer(struct auth *auth, const struct auth_challenge *challenge);
