/* SPDX-License-Identifier: Apache-2.0 */
/* Checking access tokens. Nothing in a token is believed before its signature was checked, but for the pool
   that it names, whose key decides. */
#include "userpool/access_token.h"

#include "audit/trail.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/jsontree.h"
#include "crypto/token.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/pool_key.h"
#include "userpool/tokens.h"

static RESULT refuse(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Invalid Access Token");
}

static const struct jsontree *object_of(struct request *request, str json)
{
	const struct jsontree *tree = jsontree_parse(request->arena, json, NULL);
	return tree && jsontree_kind(tree) == JSONTREE_OBJECT ? tree : NULL;
}

/* The pool id is what an issuer ends in; the pool then says whether the issuer is its own. */
static RESULT find_pool(struct request *request, str token, const struct user_pool **pool)
{
	struct token_parts parts;
	if (!token_split(request->arena, token, &parts))
		return refuse(request);
	const struct jsontree *claims = object_of(request, parts.payload_json);
	str issuer = claims ? jsontree_member_string(claims, "iss") : STR_NONE;
	str pool_id = STR_NONE, rest = issuer;
	while (str_is_set(rest))
		pool_id = str_split(&rest, '/');
	if (str_is_empty(pool_id))
		return refuse(request);
	if (!result_is_ok(pool_find(request, pool_id, pool))) {
		if (request->error != ERROR_RESOURCE_NOT_FOUND)
			return (result){ false };
		request_clear_failure(request);
		return refuse(request);
	}
	return str_equal((*pool)->issuer, issuer) ? OK : refuse(request);
}

static RESULT verify(
	struct request *request, const struct user_pool *pool, str token, const struct jsontree **claims)
{
	const struct pool_keys *keys;
	str payload;
	TRY(pool_key_find(request, pool, &keys));
	if (!token_verify(request->arena, keys->keys[POOL_KEY_ACCESS], token, &payload))
		return refuse(request);
	*claims = object_of(request, payload);
	return *claims ? OK : refuse(request);
}

static bool has_scope(str scopes, str wanted)
{
	while (str_is_set(scopes))
		if (str_equal(str_split(&scopes, ' '), wanted))
			return true;
	return false;
}

/* Whether the claims are there that say what the token stands for. */
static bool has_subject(const struct jsontree *claims)
{
	static const char *const names[] = { "client_id", "sub", "event_id" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!str_is_set(jsontree_member_string(claims, names[i])))
			return false;
	return true;
}

static RESULT check_claims(struct request *request, const struct jsontree *claims)
{
	const struct jsontree *expiry = jsontree_member(claims, "exp");
	if (!str_equal(jsontree_member_string(claims, "token_use"), STR("access")) || !has_subject(claims) ||
		!expiry || jsontree_kind(expiry) != JSONTREE_INTEGER)
		return refuse(request);
	if (jsontree_integer(expiry) <= request->now / SECOND)
		return FAIL(request, NOT_AUTHORIZED, "Access Token has expired");
	if (!has_scope(jsontree_member_string(claims, "scope"), STR(TOKENS_API_SCOPE)))
		return FAIL(request, NOT_AUTHORIZED, "Access Token does not have required scopes");
	return OK;
}

static RESULT refuse_revoked(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Access Token has been revoked");
}

/* A reset has ended the user's sign-ins; that it was one tells the client what to do. */
static RESULT check_state(struct request *request, const struct user *user)
{
	if (user->status == USER_STATUS_TYPE_RESET_REQUIRED)
		return FAIL(request, PASSWORD_RESET_REQUIRED, "Password reset required for the user");
	return OK;
}

/* The rows that the token stands for. A sign-in whose row is gone ended long ago. */
static RESULT find_sign_in(struct request *request, const struct jsontree *claims, struct caller *caller)
{
	bool found;
	TRY(client_find_in_pool(
		request, caller->pool->id, jsontree_member_string(claims, "client_id"), &caller->client));
	TRY(user_by_id(
		request, caller->pool->id, jsontree_member_string(claims, "sub"), &caller->user, &found));
	if (!found)
		return FAIL(request, USER_NOT_FOUND, "User does not exist.");
	trail_note_user(request, caller->user.id);
	TRY(check_state(request, &caller->user));
	TRY(sign_in_by_id(request, jsontree_member_string(claims, "event_id"), &caller->sign_in, &found));
	if (!found || !str_equal(caller->sign_in.user_id, caller->user.id) || caller->sign_in.is_revoked ||
		sign_in_is_signed_out(&caller->sign_in, &caller->user))
		return refuse_revoked(request);
	if (!caller->user.is_enabled)
		return FAIL(request, NOT_AUTHORIZED, "User is disabled.");
	return OK;
}

result access_token_authenticate(struct request *request, str token)
{
	struct caller *caller = ARENA_NEW(request->arena, struct caller);
	const struct jsontree *claims;
	TRY(find_pool(request, token, &caller->pool));
	TRY(verify(request, caller->pool, token, &claims));
	TRY(check_claims(request, claims));
	TRY(find_sign_in(request, claims, caller));
	request->caller = caller;
	trail_note_proof(request);
	return OK;
}
