/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of challenges. */
#include "userpool/challenge_session.h"

#include "crypto/random.h"
#include "crypto/seal.h"
#include "store/statements.h"
#include "userpool/client.h"
#include "userpool/user.h"

enum { SESSION_LEN = 64, TRIES = 5 };

static const str stages[CHALLENGE_STAGE_COUNT] = {
	[CHALLENGE_ASKED] = STR_INIT("asked"),
	[CHALLENGE_ASSOCIATED] = STR_INIT("associated"),
	[CHALLENGE_VERIFIED] = STR_INIT("verified"),
};

static struct digest hash_of(const struct request *request, str session)
{
	return seal_hash(request->sealer, STR("challenge_session"), session);
}

str challenge_session_new(struct request *request)
{
	return random_token(request->arena, SESSION_LEN);
}

/* A code is good for its session alone. */
static struct digest hash_of_code(const struct request *request, str session, str code)
{
	str data = arena_printf(request->arena, "%.*s:%.*s", STR_ARG(session), STR_ARG(code));
	return seal_hash(request->sealer, STR("challenge_code"), data);
}

static RESULT insert(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge, enum challenge_stage stage, str code)
{
	struct digest hash = hash_of(request, session), code_hash;
	if (str_is_set(code))
		code_hash = hash_of_code(request, session, code);
	return store_challenge_session_insert(request,
		&(struct store_challenge_session_insert_in){
			.session_hash = digest_str(&hash),
			.user_id = user->id,
			.client_id = client->id,
			.challenge = spec_enum_text(&spec_type_challenge_name_type, challenge),
			.stage = stages[stage],
			.code_hash = str_is_set(code) ? digest_str(&code_hash) : STR_NONE,
			.expires_at = request->now + client->session_validity,
		},
		NULL);
}

result challenge_session_insert(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge, str code)
{
	return insert(request, session, client, user, challenge, CHALLENGE_ASKED, code);
}

static RESULT refuse_used(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user, session can only be used once.");
}

static RESULT refuse(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user.");
}

static RESULT read(struct request *request, str session, enum challenge_name_type challenge,
	struct store_challenge_session_get_row *row)
{
	struct digest hash = hash_of(request, session);
	bool found;
	TRY(store_challenge_session_get(request,
		&(struct store_challenge_session_get_in){ .session_hash = digest_str(&hash) }, row, &found));
	if (!found || !str_equal(row->challenge, spec_enum_text(&spec_type_challenge_name_type, challenge)))
		return refuse(request);
	return OK;
}

static RESULT check_open(struct request *request, const struct store_challenge_session_get_row *row)
{
	if (row->used)
		return refuse_used(request);
	if (row->expires_at <= request->now)
		return FAIL(request, NOT_AUTHORIZED, "Invalid session for the user, session is expired.");
	return OK;
}

result challenge_session_check(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge)
{
	struct store_challenge_session_get_row row;
	TRY(read(request, session, challenge, &row));
	if (!str_equal(row.user_id, user->id) || !str_equal(row.client_id, client->id))
		return refuse(request);
	return check_open(request, &row);
}

static enum challenge_stage stage_of(str name)
{
	enum challenge_stage stage = CHALLENGE_STAGE_COUNT - 1;
	while (stage > CHALLENGE_ASKED && !str_equal(stages[stage], name))
		stage--;
	return stage;
}

result challenge_session_find(struct request *request, str session, enum challenge_name_type challenge,
	struct challenge_session *found)
{
	struct store_challenge_session_get_row row;
	TRY(read(request, session, challenge, &row));
	TRY(check_open(request, &row));
	*found = (struct challenge_session){
		.user_id = row.user_id,
		.client_id = row.client_id,
		.stage = stage_of(row.stage),
	};
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

result challenge_session_advance(struct request *request, str session, str next, const struct client *client,
	const struct user *user, enum challenge_name_type challenge, enum challenge_stage stage)
{
	TRY(challenge_session_use(request, session));
	return insert(request, next, client, user, challenge, stage, STR_NONE);
}

result challenge_session_check_code(struct request *request, str session, str code, bool *is_right)
{
	struct digest hash = hash_of(request, session), code_hash = hash_of_code(request, session, code);
	const struct store_challenge_session_get_in in = { .session_hash = digest_str(&hash) };
	struct store_challenge_session_get_row row;
	bool found;
	TRY(store_challenge_session_get(request, &in, &row, &found));
	*is_right = found && str_equal(row.code_hash, digest_str(&code_hash));
	return OK;
}

result challenge_session_fail(struct request *request, str session)
{
	struct digest hash = hash_of(request, session);
	const struct store_challenge_session_fail_in in = {
		.session_hash = digest_str(&hash),
		.limit = TRIES,
	};
	int64_t failed;
	TRY(store_challenge_session_fail(request, &in, &failed));
	return failed ? OK : refuse_used(request);
}

result challenge_session_end(struct request *request, const struct user *user)
{
	return store_challenge_session_use_all(
		request, &(struct store_challenge_session_use_all_in){ .user_id = user->id }, NULL);
}
