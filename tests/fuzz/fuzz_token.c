/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens. An input that begins with a brace is claims: they are signed here, so that the checks behind
   the signature are reached; ISSUER, CLIENT, SUB and EVENT in capitals stand for what is right. Anything else
   is a token: nobody who does not have the key can make one, so none is good, and of the key's own each has
   one spelling. */
#include "fuzz/fuzz.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/signing_key.h"
#include "crypto/token.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/crypto/fixed_key.h"
#include "unit/userpool/house.h"
#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/pool_key.h"

#define NOW  1440938160000 /* 2015-08-30T12:36:00Z */
#define USER "11111111-2222-4333-8444-555555555555"
#define HERE "99999999-8888-4777-8666-555555555555"

enum { CLAIMS_MAX = 64 * 1024 };

static struct house *house;
static struct signing_key *fixed_key;
static str pool_id, issuer, client_id;

/* --- A pool with a client and a user who is signed in --- */

static RESULT insert(struct request *request, void *context)
{
	(void)context;
	TRY(store_pool_user_insert(request,
		&(struct store_pool_user_insert_in){
			.id = STR(USER),
			.pool_id = pool_id,
			.username = STR("jane"),
			.username_key = STR("jane"),
			.status = STR("CONFIRMED"),
			.enabled = true,
			.created_at = NOW,
		},
		NULL));
	return store_sign_in_insert(request,
		&(struct store_sign_in_insert_in){
			.id = STR(HERE),
			.user_id = STR(USER),
			.client_id = client_id,
			.authenticated_at = NOW,
			.expires_at = NOW + DAY,
		},
		NULL);
}

static RESULT furnish(struct request *request)
{
	struct user_pool_type pool;
	struct user_pool_client_type client;
	TRY(house_create_pool(request, "{\"PoolName\":\"fuzz\"}", &pool));
	pool_id = arena_copy(house->arena, pool.id);
	issuer = arena_printf(
		house->arena, "%.*s/%.*s", STR_ARG(house->settings.public_url), STR_ARG(pool_id));
	TRY(house_create_client(request, pool_id, "{\"ClientName\":\"fuzz\"}", &client));
	client_id = arena_copy(house->arena, client.client_id);
	return store_write(request, insert, NULL);
}

static void leave(void)
{
	void *state = house;
	signing_key_free(&fixed_key);
	house_tear_down(&state);
}

static void move_in(void)
{
	void *state;
	str der;
	house_set_up(&state);
	house = state;
	struct request *request = house_request(house);
	if (!result_is_ok(furnish(request)))
		fatal("%.*s", STR_ARG(request->message));
	if (base64_decode(request->arena, STR(FIXED_KEY), &der))
		fixed_key = signing_key_from_der(der);
	request_free(&request);
	atexit(leave);
}

/* --- Claims --- */

static str with_names(struct arena *arena, str text)
{
	const struct {
		str name, value;
	} names[] = { { STR("ISSUER"), issuer }, { STR("CLIENT"), client_id }, { STR("SUB"), STR(USER) },
		{ STR("EVENT"), STR(HERE) } };
	struct buf out = buf_new(arena, CLAIMS_MAX);
	while (text.len) {
		size_t taken = 0;
		for (size_t i = 0; i < ARRAY_LEN(names) && !taken; i++)
			if (str_has_prefix(text, names[i].name)) {
				buf_add(&out, names[i].value);
				taken = names[i].name.len;
			}
		if (!taken) {
			buf_add_char(&out, text.data[0]);
			taken = 1;
		}
		text = str_from(text, taken);
	}
	return buf_str(&out);
}

static str sign(struct request *request, str claims)
{
	const struct user_pool *pool;
	const struct pool_keys *keys;
	if (!result_is_ok(pool_find(request, pool_id, &pool)) ||
		!result_is_ok(pool_key_find(request, pool, &keys)))
		fatal("%.*s", STR_ARG(request->message));
	return token_sign(request->arena, keys->keys[POOL_KEY_ACCESS], claims);
}

static void try_claims(struct request *request, str claims)
{
	str token = sign(request, with_names(request->arena, claims));
	if (!result_is_ok(access_token_authenticate(request, token))) {
		fuzz_check_failure(request);
		return;
	}
	assert(request->caller && str_equal(request->caller->user.id, STR(USER)));
	assert(str_equal(request->caller->client->id, client_id));
	assert(str_equal(request->caller->sign_in.id, STR(HERE)));
}

/* --- Tokens --- */

static void try_token(struct request *request, str token)
{
	struct token_parts parts;
	str payload;
	if (token_split(request->arena, token, &parts))
		assert(parts.header_json.len && parts.payload_json.len && parts.signature.len);
	if (token_verify(request->arena, fixed_key, token, &payload))
		assert(str_equal(token, token_sign(request->arena, fixed_key, payload)));
	result outcome = access_token_authenticate(request, token);
	assert(!result_is_ok(outcome) && !request->caller);
	fuzz_check_failure(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!house)
		move_in();
	struct request *request = house_request(house);
	str input = fuzz_text(data, size);
	request->now = NOW;
	if (str_has_prefix(input, STR("{")))
		try_claims(request, input);
	else
		try_token(request, input);
	request_free(&request);
	return 0;
}
