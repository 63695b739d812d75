/* SPDX-License-Identifier: Apache-2.0 */
/* Sign-ins. Refresh tokens are random and kept as keyed hashes: whoever reads the database cannot use one. */
#include "userpool/sign_in.h"

#include "audit/trail.h"
#include "base/entropy.h"
#include "base/utf8.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/token.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/client.h"
#include "userpool/last_refresh.h"
#include "userpool/user.h"

enum { REFRESH_TOKEN_LEN = 64, ORIGIN_MAX_BYTES = 256 };

static struct digest hash_of(const struct request *request, str refresh_token)
{
	return seal_hash(request->sealer, STR("refresh_token"), refresh_token);
}

static str new_refresh_token(struct request *request)
{
	return random_token(request->arena, REFRESH_TOKEN_LEN);
}

void sign_in_prepare(struct request *request, const struct client *client, const struct user *user,
	struct sign_in *sign_in, str *refresh_token)
{
	*refresh_token = new_refresh_token(request);
	*sign_in = (struct sign_in){
		.id = uuid_new(request->arena),
		.user_id = user->id,
		.client_id = client->id,
		.authenticated_at = request->now,
		.expires_at = request->now + client->refresh_token_validity,
		.client_address = request->client_address,
		.user_agent = request->user_agent,
	};
}

static RESULT insert_refresh_token(struct request *request, str sign_in_id, str refresh_token)
{
	struct digest hash = hash_of(request, refresh_token);
	return store_refresh_token_insert(request,
		&(struct store_refresh_token_insert_in){
			.token_hash = digest_str(&hash), .sign_in_id = sign_in_id },
		NULL);
}

/* What clients say of themselves may be anything. */
static str shown_text(const struct request *request, str text)
{
	return utf8_excerpt(request->arena, text, ORIGIN_MAX_BYTES);
}

result sign_in_insert(
	struct request *request, struct sign_in *sign_in, const struct user *user, str refresh_token)
{
	if (sign_in->authenticated_at < user->tokens_valid_after)
		sign_in->authenticated_at = user->tokens_valid_after;
	TRY(store_sign_in_insert(request,
		&(struct store_sign_in_insert_in){
			.id = sign_in->id,
			.user_id = sign_in->user_id,
			.client_id = sign_in->client_id,
			.authenticated_at = sign_in->authenticated_at,
			.expires_at = sign_in->expires_at,
			.client_address = shown_text(request, sign_in->client_address),
			.user_agent = shown_text(request, sign_in->user_agent),
		},
		NULL));
	return insert_refresh_token(request, sign_in->id, refresh_token);
}

result sign_in_by_id(struct request *request, str id, struct sign_in *sign_in, bool *found)
{
	struct store_sign_in_by_id_row row;
	TRY(store_sign_in_by_id(request, &(struct store_sign_in_by_id_in){ .id = id }, &row, found));
	if (*found)
		*sign_in = (struct sign_in){
			.id = id,
			.user_id = row.user_id,
			.client_id = row.client_id,
			.authenticated_at = row.authenticated_at,
			.expires_at = row.expires_at,
			.is_revoked = row.revoked,
		};
	return OK;
}

str sign_in_origin(struct request *request, const struct sign_in *sign_in)
{
	struct digest hash = seal_hash(request->sealer, STR("origin_jti"), sign_in->id);
	return uuid_from(request->arena, hash.bytes);
}

bool sign_in_is_signed_out(const struct sign_in *sign_in, const struct user *user)
{
	return sign_in->authenticated_at < user->tokens_valid_after;
}

/* --- Refreshing --- */

struct refresh_token {
	str clear;
	struct digest hash;
	struct optional_int replaced_at;
	struct sign_in sign_in;
};

static RESULT refuse_invalid(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Invalid Refresh Token");
}

static RESULT find_refresh_token(struct request *request, str clear, struct refresh_token *token, bool *found)
{
	struct store_refresh_token_by_hash_row row;
	token->clear = clear;
	token->hash = hash_of(request, clear);
	TRY(store_refresh_token_by_hash(request,
		&(struct store_refresh_token_by_hash_in){ .token_hash = digest_str(&token->hash) }, &row,
		found));
	if (!*found)
		return OK;
	token->replaced_at = row.replaced_at;
	token->sign_in = (struct sign_in){
		.id = row.sign_in_id,
		.user_id = row.user_id,
		.client_id = row.client_id,
		.authenticated_at = row.authenticated_at,
		.expires_at = row.expires_at,
		.is_revoked = row.revoked,
	};
	return OK;
}

static RESULT check_user(struct request *request, const struct sign_in *sign_in, const struct user *user)
{
	if (sign_in_is_signed_out(sign_in, user))
		return FAIL(request, NOT_AUTHORIZED, "Refresh Token has been revoked");
	if (!user->is_enabled)
		return FAIL(request, NOT_AUTHORIZED, "User is disabled.");
	return OK;
}

static RESULT check(struct request *request, const struct client *client, const struct refresh_token *token,
	struct user *user)
{
	bool found;
	if (!str_equal(token->sign_in.client_id, client->id))
		return refuse_invalid(request);
	if (token->sign_in.is_revoked)
		return FAIL(request, NOT_AUTHORIZED, "Refresh Token has been revoked");
	if (token->sign_in.expires_at <= request->now)
		return FAIL(request, NOT_AUTHORIZED, "Refresh Token has expired");
	TRY(user_by_id(request, client->pool_id, token->sign_in.user_id, user, &found));
	return found ? check_user(request, &token->sign_in, user) : refuse_invalid(request);
}

struct rotation {
	const struct client *client;
	const struct refresh_token *token;
	struct user *user;
	str new_refresh_token;
	bool is_reuse;
};

static RESULT revoke_row(struct request *request, str id)
{
	return store_sign_in_revoke(request, &(struct store_sign_in_revoke_in){ .id = id }, NULL);
}

/* Whoever comes first replaces the token. Later ones may be the same client whose answer was lost, for as
   long as the grace period lasts; then it is somebody with a stolen token, or the victim of one. */
static RESULT rotate(struct request *request, void *context)
{
	struct rotation *rotation = context;
	const struct refresh_token *old = rotation->token;
	struct refresh_token now;
	bool found;
	TRY(find_refresh_token(request, old->clear, &now, &found));
	if (!found)
		return refuse_invalid(request);
	TRY(check(request, rotation->client, &now, rotation->user));
	if (!now.replaced_at.set)
		TRY(store_refresh_token_replace(request,
			&(struct store_refresh_token_replace_in){
				.token_hash = digest_str(&old->hash), .now = request->now },
			NULL));
	trail_note_routine(request);
	/* Without a grace period there is one winner, also where another node's clock is behind. */
	rotation->is_reuse = now.replaced_at.set &&
			     (!rotation->client->rotation_grace ||
				     request->now >= now.replaced_at.value + rotation->client->rotation_grace);
	if (rotation->is_reuse) {
		trail_note_failure(request, ERROR_REFRESH_TOKEN_REUSE);
		return revoke_row(request, old->sign_in.id);
	}
	TRY(store_sign_in_set_refreshed(request,
		&(struct store_sign_in_set_refreshed_in){ .id = old->sign_in.id, .now = request->now }, NULL));
	return insert_refresh_token(request, old->sign_in.id, rotation->new_refresh_token);
}

result sign_in_refresh(struct request *request, const struct client *client, str refresh_token,
	struct sign_in *sign_in, struct user *user, str *new_token)
{
	struct refresh_token token;
	bool found;
	*new_token = STR_NONE;
	TRY(find_refresh_token(request, refresh_token, &token, &found));
	if (!found)
		return refuse_invalid(request);
	trail_note_user(request, token.sign_in.user_id);
	TRY(check(request, client, &token, user));
	*sign_in = token.sign_in;
	if (!client->has_rotation) {
		last_refresh_note(request, sign_in->id);
		return OK;
	}
	struct rotation rotation = {
		.client = client,
		.token = &token,
		.user = user,
		.new_refresh_token = new_refresh_token(request),
	};
	TRY(store_write(request, rotate, &rotation));
	if (rotation.is_reuse)
		return FAIL(request, REFRESH_TOKEN_REUSE, "Refresh token has been used before");
	*new_token = rotation.new_refresh_token;
	return OK;
}

/* --- Revoking --- */

static RESULT revoke(struct request *request, void *context)
{
	const struct sign_in *sign_in = context;
	return revoke_row(request, sign_in->id);
}

result sign_in_revoke(struct request *request, const struct client *client, str refresh_token)
{
	struct token_parts parts;
	struct refresh_token token;
	bool found;
	if (token_split(request->arena, refresh_token, &parts))
		return FAIL(request, UNSUPPORTED_TOKEN_TYPE, "Only refresh tokens can be revoked.");
	TRY(find_refresh_token(request, refresh_token, &token, &found));
	if (!found)
		return OK;
	if (!str_equal(token.sign_in.client_id, client->id))
		return FAIL(request, UNAUTHORIZED, "The token was not issued to this client.");
	trail_note_user(request, token.sign_in.user_id);
	trail_note_proof(request);
	return store_write(request, revoke, &token.sign_in);
}
