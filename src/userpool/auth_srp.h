/* SPDX-License-Identifier: Apache-2.0 */
/* What the flow that starts an SRP exchange and the challenge that ends it must agree on. */
#pragma once

#include "base/request.h"
#include "crypto/srp.h"

struct auth;
struct auth_subject;

/* The verifier of a user; for a name that nobody has, and for a user without a password, one that nothing
   proves and that never changes. */
RESULT auth_srp_verifier(
	const struct auth *auth, const struct auth_subject *subject, struct srp_verifier *verifier);
