/* SPDX-License-Identifier: Apache-2.0 */
/* USER_SRP_AUTH: the client proves that it knows the password and does not send it. Nothing is stored before
   the proof; a name that nobody has gets an answer like any other, and the same one each time. */
#include "base/encode.h"
#include "crypto/srp.h"
#include "userpool/auth.h"
#include "userpool/auth_srp.h"
#include "userpool/pool.h"
#include "userpool/srp_block.h"

static RESULT start(struct auth *auth)
{
	struct request *request = auth->request;
	struct auth_subject subject;
	struct srp_verifier verifier;
	struct srp_server server;
	str client_public = auth_optional_parameter(auth, "SRP_A");
	TRY(auth_find_subject(auth, &subject));
	TRY(auth_check_subject(auth, &subject));
	if (!srp_client_public_is_valid(client_public))
		return FAIL(request, INVALID_PARAMETER, "SRP_A is not a valid number.");
	TRY(auth_srp_verifier(auth, &subject, &verifier));
	srp_server_start(request->arena, verifier.verifier, &server);
	const struct srp_block block = {
		.issued_at = request->now,
		.subject = srp_block_subject(request, auth->pool->id, subject.username, subject.exists),
		.client_public = client_public,
		.server_private = server.private_b,
		.server_public = server.public_b_hex,
	};
	auth->answer->challenge_name = CHALLENGE_NAME_TYPE_PASSWORD_VERIFIER;
	auth_ask_with(auth, "SALT", verifier.salt_hex);
	auth_ask_with(auth, "SECRET_BLOCK",
		base64_encode(request->arena, srp_block_seal(request, auth->client, &block)));
	auth_ask_with(auth, "SRP_B", server.public_b_hex);
	auth_ask_with(auth, "USERNAME", subject.username);
	auth_ask_with(auth, "USER_ID_FOR_SRP", subject.username);
	return OK;
}

const struct auth_flow auth_flow_user_srp = {
	.names = { AUTH_FLOW_TYPE_USER_SRP_AUTH },
	.allowed_by = EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_USER_SRP_AUTH,
	.refusal = "USER_SRP_AUTH is not enabled for the client.",
	.is_for_admins = true,
	.is_for_users = true,
	.required = { "USERNAME", "SRP_A" },
	.start = start,
};
