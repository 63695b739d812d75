/* SPDX-License-Identifier: Apache-2.0 */
/* PASSWORD_VERIFIER: the proof of USER_SRP_AUTH. A block that was not made for this user, this client and
   this moment is refused without counting, or anybody could block anybody; a wrong proof over a right block
   counts as a wrong password. */
#include "base/clock.h"
#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "crypto/srp.h"
#include "userpool/auth.h"
#include "userpool/auth_srp.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/srp_block.h"
#include "userpool/srp_timestamp.h"

/* Clocks of phones are off by minutes; how old a proof is, the block says. */
enum { CLOCK_SKEW = 15 * MINUTE };

struct proof {
	str block_bytes, signature, timestamp;
	struct srp_block block;
};

static RESULT read(const struct auth *auth, struct proof *proof)
{
	struct arena *arena = auth->request->arena;
	str block, signature;
	TRY(auth_parameter(auth, "PASSWORD_CLAIM_SECRET_BLOCK", &block));
	TRY(auth_parameter(auth, "PASSWORD_CLAIM_SIGNATURE", &signature));
	TRY(auth_parameter(auth, "TIMESTAMP", &proof->timestamp));
	if (!srp_timestamp_has_form(proof->timestamp))
		return FAIL(auth->request, INVALID_PARAMETER,
			"TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.");
	if (!base64_decode(arena, block, &proof->block_bytes) ||
		!base64_decode(arena, signature, &proof->signature) ||
		!srp_block_open(auth->request, auth->client, proof->block_bytes, &proof->block))
		return auth_refuse(auth->request);
	return OK;
}

static bool is_timely(const struct auth *auth, const struct proof *proof)
{
	int64_t now = auth->request->now, signed_at;
	return srp_timestamp_parse(proof->timestamp, &signed_at) && signed_at > now - CLOCK_SKEW &&
	       signed_at < now + CLOCK_SKEW && now < proof->block.issued_at + auth->client->session_validity;
}

static bool is_for(const struct auth *auth, const struct proof *proof, const struct auth_subject *subject)
{
	return str_equal(proof->block.subject,
		srp_block_subject(auth->request, auth->pool->id, subject->username, subject->exists));
}

static RESULT check(const struct auth *auth, const struct proof *proof, const struct auth_subject *subject,
	bool *is_right)
{
	struct arena *arena = auth->request->arena;
	const struct srp_block *block = &proof->block;
	struct srp_verifier verifier;
	str key;
	*is_right = false;
	TRY(auth_srp_verifier(auth, subject, &verifier));
	if (!srp_session_key(arena, block->client_public, block->server_public, block->server_private,
		    verifier.verifier, &key))
		return OK;
	*is_right = secret_equal(
		proof->signature, srp_claim_signature(arena, key, auth->pool->short_name, subject->username,
					  proof->block_bytes, proof->timestamp));
	return OK;
}

static RESULT answer(struct auth *auth)
{
	struct auth_subject subject;
	struct proof proof;
	bool is_right;
	TRY(auth_find_subject(auth, &subject));
	TRY(read(auth, &proof));
	if (!is_for(auth, &proof, &subject) || !is_timely(auth, &proof))
		return auth_refuse(auth->request);
	TRY(auth_check_subject(auth, &subject));
	TRY(check(auth, &proof, &subject, &is_right));
	struct digest nonce = digest_sha256(proof.block_bytes);
	return auth_settle(auth, &subject, is_right, digest_str(&nonce),
		proof.block.issued_at + auth->client->session_validity);
}

const struct auth_challenge auth_challenge_password_verifier = {
	.name = CHALLENGE_NAME_TYPE_PASSWORD_VERIFIER,
	.answer = answer,
};
