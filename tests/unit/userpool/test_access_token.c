/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/access_token.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "crypto/signing_key.h"
#include "crypto/token.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/pool_key.h"
#include "userpool/sign_in.h"
#include "userpool/tokens.h"

#define NOW     INT64_C(1738659903123)
#define INVALID "Invalid Access Token"
#define EXPIRED "Access Token has expired"
#define REVOKED "Access Token has been revoked"
#define SCOPES  "Access Token does not have required scopes"

static str pool_id, other_pool_id, client_id, other_client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	other_pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	other_client_id = house_client(*state, other_pool_id, "{\"ClientName\":\"c\"}");
	house_user(*state, pool_id, "jane", "");
	house_user(*state, other_pool_id, "jane", "");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Signing in --- */

struct visit {
	struct user user;
	struct sign_in sign_in;
	str refresh_token;
	struct authentication_result_type *tokens;
};

static RESULT insert(struct request *request, void *context)
{
	struct visit *visit = context;
	return sign_in_insert(request, &visit->sign_in, &visit->user, visit->refresh_token);
}

static struct visit sign_in(struct request *request, str with_client, const char *username)
{
	const struct user_pool *pool;
	const struct client *client;
	struct visit visit;
	assert_ok(request, client_find_with_pool(request, with_client, &client, &pool));
	visit.user = house_find_user(request, pool->id, username);
	sign_in_prepare(request, client, &visit.user, &visit.sign_in, &visit.refresh_token);
	assert_ok(request, store_write(request, insert, &visit));
	assert_ok(request, tokens_issue(request, pool, client, &visit.user, &visit.sign_in,
				   visit.refresh_token, &visit.tokens));
	return visit;
}

#define assert_refused_token(request, token, code, text)                                                     \
	do {                                                                                                 \
		assert_refused(request, access_token_authenticate(request, token), code, text);              \
		assert_null((request)->caller);                                                              \
	} while (0)

#define assert_invalid(request, token) assert_refused_token(request, token, ERROR_NOT_AUTHORIZED, INVALID)

static void test_right(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = sign_in(request, client_id, "jane");
	assert_ok(request, access_token_authenticate(request, visit.tokens->access_token));
	assert_str_equal(request->caller->user.id, visit.user.id);
	assert_str_equal(request->caller->user.username, STR("jane"));
	assert_str_equal(request->caller->client->id, client_id);
	assert_str_equal(request->caller->pool->id, pool_id);
	assert_str_equal(request->caller->sign_in.id, visit.sign_in.id);
	request_free(&request);
}

static void test_two_pools(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = sign_in(request, other_client_id, "jane");
	assert_ok(request, access_token_authenticate(request, visit.tokens->access_token));
	assert_str_equal(request->caller->pool->id, other_pool_id);
	assert_str_equal(request->caller->user.id, visit.user.id);
	request_free(&request);
}

/* --- Forged tokens --- */

static char next_letter(char c)
{
	return c == 'A' ? 'B' : 'A';
}

static void test_every_changed_letter(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, client_id, "jane").tokens->access_token;
	for (size_t i = 0; i < token.len; i++) {
		str changed = arena_copy(request->arena, token);
		((char *)changed.data)[i] = next_letter(token.data[i]);
		assert_invalid(request, changed);
	}
	request_free(&request);
}

static void test_garbage(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, client_id, "jane").tokens->access_token, rest = token;
	str header = str_split(&rest, '.'), payload = str_split(&rest, '.'), signature = rest;
	const str texts[] = {
		STR_NONE,
		STR(""),
		STR("x"),
		STR("."),
		STR(".."),
		STR("..."),
		STR("a.b.c"),
		STR("e30.e30.e30"),
		STR("e30.bnVsbA.e30"),
		STR("e30.W10.e30"),
		arena_printf(request->arena, "%.*s.", STR_ARG(token)),
		arena_printf(request->arena, ".%.*s", STR_ARG(token)),
		arena_printf(request->arena, "%.*s=", STR_ARG(token)),
		arena_printf(request->arena, "%.*s ", STR_ARG(token)),
		arena_printf(request->arena, "Bearer %.*s", STR_ARG(token)),
		arena_printf(request->arena, "%.*s.%.*s", STR_ARG(header), STR_ARG(payload)),
		arena_printf(request->arena, "%.*s.%.*s.", STR_ARG(header), STR_ARG(payload)),
		arena_printf(request->arena, "%.*s.%.*s.%.*s.%.*s", STR_ARG(header), STR_ARG(payload),
			STR_ARG(signature), STR_ARG(signature)),
		arena_printf(request->arena, "%.*s.%.*s.%.*s", STR_ARG(header), STR_ARG(payload),
			STR_ARG(str_slice(signature, 0, 340))),
		arena_printf(request->arena, ".%.*s.%.*s", STR_ARG(payload), STR_ARG(signature)),
		arena_printf(request->arena, "%.*s..%.*s", STR_ARG(header), STR_ARG(signature)),
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_invalid(request, texts[i]);
	request_free(&request);
}

static void test_huge(void **state)
{
	struct request *request = house_request(*state);
	str token = sign_in(request, client_id, "jane").tokens->access_token;
	size_t sizes[] = { TOKEN_LEN_MAX, TOKEN_LEN_MAX + 1, 4 * 1024 * 1024 };
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		char *text = arena_alloc(request->arena, sizes[i]);
		memset(text, 'A', sizes[i]);
		assert_invalid(request, ((str){ text, sizes[i] }));
		memcpy(text, token.data, token.len);
		assert_invalid(request, ((str){ text, sizes[i] }));
		memset(text, '.', sizes[i]);
		assert_invalid(request, ((str){ text, sizes[i] }));
	}
	request_free(&request);
}

static const struct pool_keys *keys_of(struct request *request, str of_pool)
{
	const struct user_pool *pool;
	const struct pool_keys *keys;
	assert_ok(request, pool_find(request, of_pool, &pool));
	assert_ok(request, pool_key_find(request, pool, &keys));
	return keys;
}

static str encoded(struct request *request, str header, str payload)
{
	return arena_printf(request->arena, "%.*s.%.*s", STR_ARG(base64url_encode(request->arena, header)),
		STR_ARG(base64url_encode(request->arena, payload)));
}

static str payload_of(struct request *request, str token)
{
	struct token_parts parts;
	assert_true(token_split(request->arena, token, &parts));
	return parts.payload_json;
}

/* RFC 8725, 2.1: other algorithms over the same claims. */
static void test_other_algorithms(void **state)
{
	struct request *request = house_request(*state);
	str payload = payload_of(request, sign_in(request, client_id, "jane").tokens->access_token);
	const struct signing_key *key = keys_of(request, pool_id)->keys[POOL_KEY_ACCESS];
	str kid = signing_key_id(key);
	const str headers[] = {
		STR("{\"alg\":\"none\"}"),
		STR("{\"alg\":\"None\",\"typ\":\"JWT\"}"),
		arena_printf(request->arena, "{\"kid\":\"%.*s\",\"alg\":\"none\"}", STR_ARG(kid)),
		arena_printf(request->arena, "{\"kid\":\"%.*s\",\"alg\":\"HS256\"}", STR_ARG(kid)),
		arena_printf(
			request->arena, "{\"alg\":\"HS256\",\"kid\":\"%.*s\",\"typ\":\"JWT\"}", STR_ARG(kid)),
		arena_printf(request->arena, "{\"kid\":\"%.*s\",\"alg\":\"RS256\",\"alg\":\"HS256\"}",
			STR_ARG(kid)),
	};
	/* What everybody knows of the key. */
	const str secrets[] = { signing_key_modulus(request->arena, key), kid, STR(""),
		base64url_encode(request->arena, signing_key_modulus(request->arena, key)),
		keys_of(request, pool_id)->jwks };
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		str signed_part = encoded(request, headers[i], payload);
		assert_invalid(request, arena_printf(request->arena, "%.*s.", STR_ARG(signed_part)));
		assert_invalid(request, arena_printf(request->arena, "%.*s.AA", STR_ARG(signed_part)));
		for (size_t k = 0; k < ARRAY_LEN(secrets); k++) {
			struct digest digest = digest_hmac_sha256(secrets[k], signed_part);
			assert_invalid(request,
				arena_printf(request->arena, "%.*s.%.*s", STR_ARG(signed_part),
					STR_ARG(base64url_encode(request->arena, digest_str(&digest)))));
		}
	}
	request_free(&request);
}

/* Our own signature under another header. */
static void test_other_headers(void **state)
{
	struct request *request = house_request(*state);
	str payload = payload_of(request, sign_in(request, client_id, "jane").tokens->access_token);
	const struct signing_key *key = keys_of(request, pool_id)->keys[POOL_KEY_ACCESS];
	str kid = signing_key_id(key);
	const str headers[] = {
		STR("{\"alg\":\"RS256\"}"),
		arena_printf(request->arena, "{\"alg\":\"RS256\",\"kid\":\"%.*s\"}", STR_ARG(kid)),
		arena_printf(request->arena, "{\"kid\":\"%.*s\",\"alg\":\"RS256\",\"crit\":[\"exp\"]}",
			STR_ARG(kid)),
		arena_printf(request->arena, "{\"kid\":\"%.*s\",\"alg\":\"RS512\"}", STR_ARG(kid)),
		STR("{\"kid\":\"other\",\"alg\":\"RS256\"}"),
	};
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		str signed_part = encoded(request, headers[i], payload);
		str signature = signing_key_sign(request->arena, key, signed_part);
		assert_invalid(request, arena_printf(request->arena, "%.*s.%.*s", STR_ARG(signed_part),
						STR_ARG(base64url_encode(request->arena, signature))));
	}
	request_free(&request);
}

static void test_other_keys(void **state)
{
	struct request *request = house_request(*state);
	str payload = payload_of(request, sign_in(request, client_id, "jane").tokens->access_token);
	const struct signing_key *others[] = {
		keys_of(request, pool_id)->keys[POOL_KEY_ID],
		keys_of(request, other_pool_id)->keys[POOL_KEY_ID],
		keys_of(request, other_pool_id)->keys[POOL_KEY_ACCESS],
	};
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_invalid(request, token_sign(request->arena, others[i], payload));
	request_free(&request);
}

static void test_other_tokens(void **state)
{
	struct request *request = house_request(*state);
	struct visit visit = sign_in(request, client_id, "jane");
	assert_invalid(request, visit.tokens->id_token);
	assert_invalid(request, visit.refresh_token);
	request_free(&request);
}

/* --- Claims that the key vouches for --- */

static str signed_claims(struct request *request, str claims)
{
	return token_sign(request->arena, keys_of(request, pool_id)->keys[POOL_KEY_ACCESS], claims);
}

#define OWN                     "\"http://127.0.0.1:4430/%s\""
#define CLAIMS(use, exp, scope) "\"token_use\":" use ",\"exp\":" exp ",\"scope\":" scope
#define ACCESS                  "\"access\""
#define SOON                    "1738659904"
#define SCOPE                   "\"aws.cognito.signin.user.admin\""
#define REST                    CLAIMS(ACCESS, SOON, SCOPE)

static const struct {
	const char *issuer; /* %s: the pool's id */
	const char *claims; /* beside iss, sub, event_id, client_id */
	const char *message; /* NULL: they are fine */
} claim_cases[] = {
	{ OWN, REST, NULL },
	{ OWN, CLAIMS(ACCESS, SOON, "\"openid aws.cognito.signin.user.admin a/b\""), NULL },

	{ OWN, CLAIMS("\"id\"", SOON, SCOPE), INVALID },
	{ OWN, CLAIMS("[\"access\"]", SOON, SCOPE), INVALID },
	{ OWN, "\"exp\":" SOON ",\"scope\":" SCOPE, INVALID },
	{ OWN, "\"token_use\":\"access\",\"scope\":" SCOPE, INVALID },
	{ OWN, CLAIMS(ACCESS, "\"1738659904\"", SCOPE), INVALID },
	{ OWN, CLAIMS(ACCESS, "1738659904.5", SCOPE), INVALID },
	{ OWN, CLAIMS(ACCESS, "null", SCOPE), INVALID },
	{ OWN, CLAIMS(ACCESS, "1738659903", SCOPE), EXPIRED },
	{ OWN, CLAIMS(ACCESS, "-1", SCOPE), EXPIRED },

	{ OWN, "\"token_use\":\"access\",\"exp\":" SOON, SCOPES },
	{ OWN, CLAIMS(ACCESS, SOON, "\"\""), SCOPES },
	{ OWN, CLAIMS(ACCESS, SOON, "\"openid profile email\""), SCOPES },
	{ OWN, CLAIMS(ACCESS, SOON, "\"aws.cognito.signin.user.administrator\""), SCOPES },
	{ OWN, CLAIMS(ACCESS, SOON, "\"x/aws.cognito.signin.user.admin\""), SCOPES },
	{ OWN, CLAIMS(ACCESS, SOON, "[" SCOPE "]"), SCOPES },

	{ "\"%s\"", REST, INVALID },
	{ "\"https://127.0.0.1:4430/%s\"", REST, INVALID },
	{ "\"http://evil.example.com/%s\"", REST, INVALID },
	{ "\"http://127.0.0.1:4430/x/%s\"", REST, INVALID },
	{ "\"http://127.0.0.1:4430/%s/\"", REST, INVALID },
	{ "\"http://127.0.0.1:4430/%sx\"", REST, INVALID },
	{ "\"http://127.0.0.1:4430/us-east-1_AAAAAAAAA\"", REST, INVALID },
	{ "\"\"", REST, INVALID },
	{ "\"/\"", REST, INVALID },
	{ "7", REST, INVALID },
	{ "null", REST, INVALID },
	{ "[\"http://127.0.0.1:4430/%s\"]", REST, INVALID },
};

static str issuer_of(struct request *request, const char *format)
{
	const char *hole = strstr(format, "%s");
	return hole ? arena_printf(request->arena, "%.*s%.*s%s", (int)(hole - format), format,
			      STR_ARG(pool_id), hole + 2)
		    : str_of(format);
}

static void test_claims(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(claim_cases); i++) {
		struct request *request = house_request(*state);
		struct visit visit = sign_in(request, client_id, "jane");
		str token = signed_claims(request,
			arena_printf(request->arena,
				"{\"iss\":%.*s,\"sub\":\"%.*s\",\"event_id\":\"%.*s\",\"client_id\":\"%.*s\","
				"%s}",
				STR_ARG(issuer_of(request, claim_cases[i].issuer)), STR_ARG(visit.user.id),
				STR_ARG(visit.sign_in.id), STR_ARG(client_id), claim_cases[i].claims));
		if (claim_cases[i].message)
			assert_refused_token(request, token, ERROR_NOT_AUTHORIZED, claim_cases[i].message);
		else
			assert_ok(request, access_token_authenticate(request, token));
		request_free(&request);
	}
}

static void test_payloads_that_are_no_claims(void **state)
{
	static const str payloads[] = { STR_INIT("null"), STR_INIT("[]"), STR_INIT("7"), STR_INIT("{}"),
		STR_INIT("{"), STR_INIT("\"x\""), STR_INIT("\xff") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(payloads); i++)
		assert_invalid(request, signed_claims(request, payloads[i]));
	request_free(&request);
}

/* The rows that the claims name. */
static void test_claims_that_name_others(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_id, "john", "");
	struct visit janes = sign_in(request, client_id, "jane"), johns = sign_in(request, client_id, "john");
	struct visit foreign = sign_in(request, other_client_id, "jane");
	str known = arena_printf(
		request->arena, "User pool client %.*s does not exist.", STR_ARG(other_client_id));
	const struct {
		str sub, event_id, client_id;
		enum error_code code;
		const char *message;
	} cases[] = {
		{ janes.user.id, johns.sign_in.id, client_id, ERROR_NOT_AUTHORIZED, REVOKED },
		{ janes.user.id, foreign.sign_in.id, client_id, ERROR_NOT_AUTHORIZED, REVOKED },
		{ janes.user.id, STR("nothing"), client_id, ERROR_NOT_AUTHORIZED, REVOKED },
		{ janes.user.id, STR(""), client_id, ERROR_NOT_AUTHORIZED, REVOKED },
		{ foreign.user.id, foreign.sign_in.id, client_id, ERROR_USER_NOT_FOUND,
			"User does not exist." },
		{ STR(""), janes.sign_in.id, client_id, ERROR_USER_NOT_FOUND, "User does not exist." },
		{ janes.user.id, janes.sign_in.id, other_client_id, ERROR_RESOURCE_NOT_FOUND, known.data },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str claims = arena_printf(request->arena,
			"{\"iss\":\"http://127.0.0.1:4430/%.*s\",\"sub\":\"%.*s\",\"event_id\":\"%.*s\","
			"\"client_id\":\"%.*s\"," REST "}",
			STR_ARG(pool_id), STR_ARG(cases[i].sub), STR_ARG(cases[i].event_id),
			STR_ARG(cases[i].client_id));
		assert_refused_token(
			request, signed_claims(request, claims), cases[i].code, cases[i].message);
	}
	request_free(&request);
}

/* --- What may have happened since --- */

static void test_expiry(void **state)
{
	str client = house_client(*state, pool_id,
		"{\"ClientName\":\"c\",\"AccessTokenValidity\":300,\"TokenValidityUnits\":{\"AccessToken\":"
		"\"seconds\"}}");
	struct request *request = house_request_at(*state, NOW - NOW % SECOND);
	int64_t issued_at = request->now;
	str token = sign_in(request, client, "jane").tokens->access_token;
	request->now = issued_at + 300 * SECOND - 1;
	assert_ok(request, access_token_authenticate(request, token));
	request->caller = NULL;
	request->now = issued_at + 300 * SECOND;
	assert_refused_token(request, token, ERROR_NOT_AUTHORIZED, EXPIRED);
	request_free(&request);
}

static void delete_client(struct request *request, const struct visit *visit)
{
	assert_ok(request, client_delete(request, pool_id, visit->sign_in.client_id));
}

static void delete_user(struct request *request, const struct visit *visit)
{
	const struct user_pool *pool;
	assert_ok(request, pool_find(request, pool_id, &pool));
	assert_ok(request, user_delete(request, pool, visit->user.username));
}

static void delete_and_make_again(struct request *request, const struct visit *visit)
{
	const struct house house = { .arena = request->arena,
		.settings = *request->settings,
		.sealer = (struct sealer *)request->sealer,
		.store = request->store };
	delete_user(request, visit);
	house_user(&house, pool_id, visit->user.username.data, "");
}

static void revoke(struct request *request, const struct visit *visit)
{
	const struct client *client;
	assert_ok(request, client_find(request, visit->sign_in.client_id, &client));
	assert_ok(request, sign_in_revoke(request, client, visit->refresh_token));
}

static void sign_out(struct request *request, const struct visit *visit)
{
	assert_ok(request, user_sign_out(request, visit->user.id));
}

static const struct {
	const char *name; /* of the user */
	void (*happen)(struct request *request, const struct visit *visit);
	enum error_code code;
	const char *message; /* NULL: that the client is gone */
} events[] = {
	{ "of-client", delete_client, ERROR_RESOURCE_NOT_FOUND, NULL },
	{ "deleted", delete_user, ERROR_USER_NOT_FOUND, "User does not exist." },
	{ "again", delete_and_make_again, ERROR_USER_NOT_FOUND, "User does not exist." },
	{ "revoked", revoke, ERROR_NOT_AUTHORIZED, REVOKED },
	{ "signed-out", sign_out, ERROR_NOT_AUTHORIZED, REVOKED },
};

static void test_events(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		struct request *request = house_request(*state);
		str client = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
		house_user(*state, pool_id, events[i].name, "");
		struct visit visit = sign_in(request, client, events[i].name);
		assert_ok(request, access_token_authenticate(request, visit.tokens->access_token));
		request->caller = NULL;
		events[i].happen(request, &visit);
		str gone = arena_printf(
			request->arena, "User pool client %.*s does not exist.", STR_ARG(client));
		assert_refused_token(request, visit.tokens->access_token, events[i].code,
			events[i].message ? events[i].message : gone.data);
		request_free(&request);
	}
}

static void test_disabled_user(void **state)
{
	house_user(*state, pool_id, "disabled", "");
	struct request *request = house_request(*state);
	str token = sign_in(request, client_id, "disabled").tokens->access_token;
	house_execute(*state, "UPDATE pool_user SET enabled = 0 WHERE username = 'disabled'");
	assert_refused_token(request, token, ERROR_NOT_AUTHORIZED, "User is disabled.");
	house_execute(*state, "UPDATE pool_user SET enabled = 1 WHERE username = 'disabled'");
	assert_ok(request, access_token_authenticate(request, token));
	request_free(&request);
}

/* Signing out ends what was before, of that user alone. */
static void test_sign_out_ends_no_more(void **state)
{
	house_user(*state, pool_id, "oscar", "");
	struct request *request = house_request(*state);
	struct visit before = sign_in(request, client_id, "oscar"),
		     other = sign_in(request, client_id, "jane");
	assert_ok(request, user_sign_out(request, before.user.id));
	struct visit after = sign_in(request, client_id, "oscar");
	assert_refused_token(request, before.tokens->access_token, ERROR_NOT_AUTHORIZED, REVOKED);
	assert_ok(request, access_token_authenticate(request, after.tokens->access_token));
	assert_ok(request, access_token_authenticate(request, other.tokens->access_token));
	request_free(&request);
}

static void test_pool_is_gone(void **state)
{
	str gone_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	str client = house_client(*state, gone_id, "{\"ClientName\":\"c\"}");
	house_user(*state, gone_id, "jane", "");
	struct request *request = house_request(*state);
	str token = sign_in(request, client, "jane").tokens->access_token;
	assert_ok(request, pool_delete(request, gone_id));
	assert_invalid(request, token);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_two_pools),
		cmocka_unit_test(test_every_changed_letter),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_other_algorithms),
		cmocka_unit_test(test_other_headers),
		cmocka_unit_test(test_other_keys),
		cmocka_unit_test(test_other_tokens),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_payloads_that_are_no_claims),
		cmocka_unit_test(test_claims_that_name_others),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_disabled_user),
		cmocka_unit_test(test_sign_out_ends_no_more),
		cmocka_unit_test(test_pool_is_gone),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
