/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of challenges. */
#include "userpool/challenge_session.h"

#include "base/encode.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "store/statements.h"
#include "userpool/client.h"
#include "userpool/user.h"

enum { SESSION_BYTES = 48 };

static struct digest hash_of(const struct request *request, str session)
{
	return seal_hash(request->sealer, STR("challenge_session"), session);
}

str challenge_session_new(struct request *request)
{
	return base64url_encode(request->arena, random_bytes(request->arena, SESSION_BYTES));
}

result challenge_session_insert(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge)
{
	struct digest hash = hash_of(request, session);
	return store_challenge_session_insert(request,
		&(struct store_challenge_session_insert_in){
			.session_hash = digest_str(&hash),
			.user_id = user->id,
			.client_id = client->id,
			.challenge = spec_enum_text(&spec_type_challenge_name_type, challenge),
			.expires_at = request->now + client->session_validity,
		},
		NULL);
}

static RESULT refuse_used(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user, session can only be used once.");
}

result challenge_session_check(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge)
{
	struct digest hash = hash_of(request, session);
	struct store_challenge_session_get_row row;
	bool found;
	TRY(store_challenge_session_get(request,
		&(struct store_challenge_session_get_in){ .session_hash = digest_str(&hash) }, &row, &found));
	if (!found || !str_equal(row.user_id, user->id) || !str_equal(row.client_id, client->id) ||
		!str_equal(row.challenge, spec_enum_text(&spec_type_challenge_name_type, challenge)))
		return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
	if (row.used)
		return refuse_used(request);
	if (row.expires_at <= request->now)
		return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user, session is expired.");
	return OK;
}

result challenge_session_use(struct request *request, str session)
{
	struct digest hash = hash_of(request, session);
	int64_t used;
	TRY(store_challenge_session_use(request,
		&(struct store_challenge_session_use_in){ .session_hash = digest_str(&hash) }, &used));
	return used ? OK : refuse_used(request);
}

result challenge_session_end(struct request *request, const struct user *user)
{
	return store_challenge_session_use_all(
		request, &(struct store_challenge_session_use_all_in){ .user_id = user->id }, NULL);
}
