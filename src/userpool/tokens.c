/* SPDX-License-Identifier: Apache-2.0 */
/* Issuing tokens. The claims are rebuilt from what the user is now, each time. */
#include "userpool/tokens.h"

#include "base/clock.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "base/jsontext.h"
#include "crypto/token.h"
#include "userpool/client.h"
#include "userpool/group_claims.h"
#include "userpool/membership.h"
#include "userpool/pool.h"
#include "userpool/pool_key.h"
#include "userpool/sign_in.h"
#include "userpool/user.h"

/* 71 attributes of 2,048 characters, each of which an escape may make six bytes, fit in, and the names and
   roles of 100 groups; so a sign-in never fails by what the user is. */
enum { CLAIMS_MAX_BYTES = 2 * 1024 * 1024 };

struct issue {
	struct request *request;
	const struct user_pool *pool;
	const struct client *client;
	const struct user *user;
	const struct sign_in *sign_in;
	struct group_type_list groups;
	str origin; /* absent where the client has no revocation */
};

/* --- Attributes as claims --- */

static void add_text(struct buf *claims, str name, str value)
{
	jsontext_add_string_member(claims, name, value);
}

static void add_boolean(struct buf *claims, str name, str value)
{
	jsontext_add_boolean_member(claims, name, str_equal(value, STR("true")));
}

static void add_number(struct buf *claims, str name, str value)
{
	int64_t number;
	if (str_to_int64(value, &number))
		jsontext_add_integer_member(claims, name, number);
}

/* OpenID Connect Core 5.1.1. */
static void add_address(struct buf *claims, str name, str value)
{
	jsontext_add_name(claims, name);
	buf_add_char(claims, '{');
	jsontext_add_string_member(claims, STR("formatted"), value);
	buf_add_char(claims, '}');
}

/* Attributes whose claims are no texts. */
static const struct {
	str name;
	void (*add)(struct buf *claims, str name, str value);
} forms[] = {
	{ STR_INIT("email_verified"), add_boolean },
	{ STR_INIT("phone_number_verified"), add_boolean },
	{ STR_INIT("updated_at"), add_number },
	{ STR_INIT("address"), add_address },
};

static void add_attribute(struct buf *claims, const struct attribute_type *attribute)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (str_equal(attribute->name, forms[i].name)) {
			forms[i].add(claims, attribute->name, attribute->value);
			return;
		}
	add_text(claims, attribute->name, attribute->value);
}

/* --- Claims --- */

static void add_times(struct buf *claims, const struct issue *issue, int64_t validity)
{
	int64_t now = issue->request->now / SECOND;
	jsontext_add_integer_member(claims, STR("auth_time"), issue->sign_in->authenticated_at / SECOND);
	jsontext_add_integer_member(claims, STR("exp"), now + validity / SECOND);
	jsontext_add_integer_member(claims, STR("iat"), now);
}

/* What both tokens have. */
static void add_common(struct buf *claims, const struct issue *issue, str token_use, int64_t validity)
{
	add_text(claims, STR("sub"), issue->user->id);
	add_text(claims, STR("iss"), issue->pool->issuer);
	add_text(claims, STR("token_use"), token_use);
	add_text(claims, STR("event_id"), issue->sign_in->id);
	add_text(claims, STR("origin_jti"), issue->origin);
	add_times(claims, issue, validity);
}

static void add_jti(struct buf *claims, const struct issue *issue)
{
	add_text(claims, STR("jti"), uuid_new(issue->request->arena));
}

static void add_id_claims(struct buf *claims, const struct issue *issue)
{
	const struct attribute_type_list *attributes = &issue->user->attributes;
	add_common(claims, issue, STR("id"), issue->client->id_token_validity);
	/* Came with revocation, unlike that of access tokens. */
	if (str_is_set(issue->origin))
		add_jti(claims, issue);
	add_text(claims, STR("aud"), issue->client->id);
	add_text(claims, STR("cognito:username"), issue->user->username);
	group_claims_add_names(claims, &issue->groups);
	group_claims_add_roles(claims, &issue->groups);
	for (size_t i = 0; i < attributes->count; i++)
		if (client_may_read(issue->client, attributes->items[i].name))
			add_attribute(claims, &attributes->items[i]);
}

static void add_access_claims(struct buf *claims, const struct issue *issue)
{
	add_common(claims, issue, STR("access"), issue->client->access_token_validity);
	add_jti(claims, issue);
	add_text(claims, STR("client_id"), issue->client->id);
	add_text(claims, STR("username"), issue->user->username);
	add_text(claims, STR("scope"), STR(TOKENS_API_SCOPE));
	group_claims_add_names(claims, &issue->groups);
}

static str sign(const struct issue *issue, const struct signing_key *key,
	void (*add_claims)(struct buf *claims, const struct issue *issue))
{
	struct buf claims = buf_new(issue->request->arena, CLAIMS_MAX_BYTES);
	buf_add_char(&claims, '{');
	add_claims(&claims, issue);
	buf_add_char(&claims, '}');
	return claims.overflowed ? STR_NONE : token_sign(issue->request->arena, key, buf_str(&claims));
}

result tokens_issue(struct request *request, const struct user_pool *pool, const struct client *client,
	struct user *user, const struct sign_in *sign_in, str refresh_token,
	struct authentication_result_type **tokens)
{
	const struct pool_keys *keys;
	struct group_type_list groups;
	TRY(pool_key_find(request, pool, &keys));
	TRY(user_load_attributes(request, user));
	TRY(membership_groups(request, user, &groups));
	const struct issue issue = {
		.request = request,
		.pool = pool,
		.client = client,
		.user = user,
		.sign_in = sign_in,
		.groups = groups,
		.origin = client->has_revocation ? sign_in_origin(request, sign_in) : STR_NONE,
	};
	*tokens = ARENA_NEW(request->arena, struct authentication_result_type);
	**tokens = (struct authentication_result_type){
		.access_token = sign(&issue, keys->keys[POOL_KEY_ACCESS], add_access_claims),
		.id_token = sign(&issue, keys->keys[POOL_KEY_ID], add_id_claims),
		.refresh_token = refresh_token,
		.token_type = STR("Bearer"),
		.expires_in = optional_int(client->access_token_validity / SECOND),
	};
	if (!str_is_set((*tokens)->access_token) || !str_is_set((*tokens)->id_token))
		return FAIL(request, INTERNAL, "The claims of a token are too long.");
	return OK;
}
