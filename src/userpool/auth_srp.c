/* SPDX-License-Identifier: Apache-2.0 */
/* Verifiers for SRP exchanges. */
#include "userpool/auth_srp.h"

#include "crypto/seal.h"
#include "userpool/auth.h"
#include "userpool/pool.h"

result auth_srp_verifier(
	const struct auth *auth, const struct auth_subject *subject, struct srp_verifier *verifier)
{
	struct request *request = auth->request;
	bool found = false;
	if (subject->exists)
		TRY(password_srp_verifier(
			request, subject->user.id, &subject->user.password, &verifier->verifier, &found));
	if (found) {
		verifier->salt_hex = subject->user.password.srp_salt;
		return OK;
	}
	str data = arena_printf(
		request->arena, "%.*s:%.*s", STR_ARG(auth->pool->id), STR_ARG(subject->username));
	struct digest seed = seal_hash(request->sealer, STR("srp_fake"), data);
	*verifier = srp_verifier_fake(request->arena, digest_str(&seed));
	return OK;
}
