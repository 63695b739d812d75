/* SPDX-License-Identifier: Apache-2.0 */
/* USER_SRP_AUTH and its challenge. The client's arithmetic is not repeated here: the test opens the block
   with the house's sealer and computes the key as the server does, from a password. */
#include "userpool/auth_srp.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "userpool/access_token.h"
#include "userpool/auth.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/srp_block.h"
#include "userpool/user_admin.h"

#define NOW     INT64_C(1738659903123) /* Tue Feb 4 09:05:03 UTC 2025 */
#define STAMP   "Tue Feb 4 09:05:03 UTC 2025"
#define WRONG   "Incorrect username or password."
#define BLOCKED "Password attempts exceeded"

/* g^a for a of 32 bytes 0x11. */
#define SRP_A                                                                                                \
	"f2c4e7407ccfac452a7c7e1034e8388bf70b3aea30007fd146ae4c54b341d252f7752a43f24cd28368a96f455f9ee00e"   \
	"b4312863c2560b7162587cd2c962b588cae47a9ac339433f9fc7d3563c1abb952acc1e3dd565fc9ecde1ac7cc5936274"   \
	"94abc14dbb2410bc3dc4a0cf5e6f2f7af643f1d2c888180b50375a28902031b3c7052284d5d32b9dd8ee35c6c0cb9ee5"   \
	"2288bcbc52deb224c55391da65ec10e66f8c41cc7d0c12b7a75f171ada3cb4c21fba22c4ad59ad4685cd63080d92d959"   \
	"cc54fcda8022cb856ce27c6e2ae2c81f6f9fa8cad13cfb22dc202b650e14014498bf3afd56c95a8cf956c46e3aedb2f2"   \
	"0b4d1d8ebf2e9ef26955e228142b1168b1bfd7383d403ccbb00d89ca6843e39b7a44d7741a063bd4edb9c054606f59c7"   \
	"416327aa574b2f6d910606d9677c5018d07e080cd342ac446d35fd481f7818c780deb9508aeba3483493e43c98c6885e"   \
	"09883b8feb7e903e16468e7a1fc3df0cc55c71d1b3e4b4574d40699be76bca7abdf7938cfb2068cacca3b49b35a49099"

static str pool_id, folding_pool_id, address_pool_id;
static str client_id, other_client_id, long_client_id, hiding_id, secret_id, folding_client_id,
	address_client_id;

#define HIDES "\"PreventUserExistenceErrors\":\"ENABLED\""

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\"]}");
	folding_pool_id = house_pool(
		*state, "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	address_pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"],"
					     "\"UsernameConfiguration\":{\"CaseSensitive\":false}}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	other_client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	long_client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\",\"AuthSessionValidity\":15}");
	hiding_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"," HIDES "}");
	secret_id = house_client(
		*state, pool_id, "{\"ClientName\":\"c\",\"ClientSecret\":\"abcdefghijklmnopqrstuvwxyz\"}");
	folding_client_id = house_client(*state, folding_pool_id, "{\"ClientName\":\"c\"," HIDES "}");
	address_client_id = house_client(*state, address_pool_id, "{\"ClientName\":\"c\"," HIDES "}");
	house_user(*state, pool_id, "jane", "email=jane@example.com,email_verified=true");
	house_user(*state, folding_pool_id, "Jane", "");
	house_user(*state, address_pool_id, "Jane@example.com", "");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- The two calls --- */

static RESULT start_with(struct request *request, str with_client, const char *username, const char *srp_a,
	struct initiate_auth_response *answer)
{
	str parameters = arena_printf(request->arena, "USERNAME=%s,SRP_A=%s", username, srp_a);
	const struct initiate_auth_request input = {
		.client_id = with_client,
		.auth_flow = AUTH_FLOW_TYPE_USER_SRP_AUTH,
		.auth_parameters = house_map(request, parameters.data),
	};
	*answer = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_initiate(request, &input, answer);
}

static RESULT start(
	struct request *request, str with_client, const char *username, struct initiate_auth_response *answer)
{
	return start_with(request, with_client, username, SRP_A, answer);
}

static str parameter(const struct initiate_auth_response *answer, const char *name)
{
	for (size_t i = 0; i < answer->challenge_parameters.count; i++)
		if (str_equal(answer->challenge_parameters.items[i].name, str_of(name)))
			return answer->challenge_parameters.items[i].value;
	fail_msg("no parameter %s", name);
	return STR_NONE;
}

/* ChallengeResponses. */
struct proof {
	str username, block, signature, timestamp;
};

static struct proof prove(struct request *request, str with_client,
	const struct initiate_auth_response *challenge, const char *password, const char *timestamp)
{
	struct proof proof = {
		.username = parameter(challenge, "USER_ID_FOR_SRP"),
		.block = parameter(challenge, "SECRET_BLOCK"),
		.timestamp = str_of(timestamp),
	};
	const struct client *client;
	const struct user_pool *pool;
	struct srp_block block;
	str bytes, key;
	assert_ok(request, client_find_with_pool(request, with_client, &client, &pool));
	assert_true(base64_decode(request->arena, proof.block, &bytes));
	assert_true(srp_block_open(request, client, bytes, &block));
	str verifier = srp_verifier_with_salt(request->arena, parameter(challenge, "SALT"), pool->short_name,
		proof.username, str_of(password));
	assert_true(srp_session_key(request->arena, str_of(SRP_A), parameter(challenge, "SRP_B"),
		block.server_private, verifier, &key));
	proof.signature =
		base64_encode(request->arena, srp_claim_signature(request->arena, key, pool->short_name,
						      proof.username, bytes, proof.timestamp));
	return proof;
}

static RESULT answer_with(struct request *request, str with_client, const struct proof *proof,
	struct initiate_auth_response *answer)
{
	struct str_pair pairs[] = {
		{ STR("USERNAME"), proof->username },
		{ STR("PASSWORD_CLAIM_SECRET_BLOCK"), proof->block },
		{ STR("PASSWORD_CLAIM_SIGNATURE"), proof->signature },
		{ STR("TIMESTAMP"), proof->timestamp },
	};
	const struct respond_to_auth_challenge_request input = {
		.client_id = with_client,
		.challenge_name = CHALLENGE_NAME_TYPE_PASSWORD_VERIFIER,
		.challenge_responses = { pairs, ARRAY_LEN(pairs) },
	};
	*answer = (struct initiate_auth_response){ .session = STR_NONE };
	return auth_respond(request, &input, answer);
}

static RESULT answer(struct request *request, str with_client, const struct proof *proof)
{
	struct initiate_auth_response tokens;
	return answer_with(request, with_client, proof, &tokens);
}

/* Both calls, at the time of STAMP. */
static RESULT sign_in(struct request *request, str with_client, const char *username, const char *password)
{
	struct initiate_auth_response challenge;
	TRY(start(request, with_client, username, &challenge));
	struct proof proof = prove(request, with_client, &challenge, password, STAMP);
	return answer(request, with_client, &proof);
}

static struct proof right_proof(struct request *request, str with_client, const char *username)
{
	struct initiate_auth_response challenge;
	assert_ok(request, start(request, with_client, username, &challenge));
	return prove(request, with_client, &challenge, HOUSE_PASSWORD, STAMP);
}

#define assert_wrong(request, expression) assert_refused(request, expression, ERROR_NOT_AUTHORIZED, WRONG)

/* --- The right password --- */

static void check_challenge(const struct initiate_auth_response *challenge, const char *username)
{
	assert_int_equal(challenge->challenge_name, CHALLENGE_NAME_TYPE_PASSWORD_VERIFIER);
	assert_false(str_is_set(challenge->session));
	assert_null(challenge->authentication_result);
	assert_int_equal(challenge->challenge_parameters.count, 5);
	assert_str_equal(parameter(challenge, "USERNAME"), str_of(username));
	assert_str_equal(parameter(challenge, "USER_ID_FOR_SRP"), str_of(username));
	assert_int_equal(parameter(challenge, "SALT").len, 32);
	assert_true(parameter(challenge, "SALT").data[0] != '0');
	assert_true(parameter(challenge, "SRP_B").data[0] != '0');
}

static void test_round_trip(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge, tokens;
	assert_ok(request, start(request, client_id, "jane", &challenge));
	check_challenge(&challenge, "jane");
	struct proof proof = prove(request, client_id, &challenge, HOUSE_PASSWORD, STAMP);
	assert_ok(request, answer_with(request, client_id, &proof, &tokens));
	assert_int_equal(tokens.challenge_name, 0);
	assert_int_equal(tokens.challenge_parameters.count, 0);
	assert_ok(request, access_token_authenticate(request, tokens.authentication_result->access_token));
	assert_str_equal(request->caller->user.username, STR("jane"));
	assert_true(str_is_set(tokens.authentication_result->refresh_token));
	request_free(&request);
}

static void test_by_alias(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge;
	assert_ok(request, start(request, client_id, "jane@example.com", &challenge));
	check_challenge(&challenge, "jane");
	struct proof proof = prove(request, client_id, &challenge, HOUSE_PASSWORD, STAMP);
	assert_ok(request, answer(request, client_id, &proof));
	/* Whoever insists on the alias in the answer is understood, too. */
	proof = right_proof(request, client_id, "jane@example.com");
	proof.username = STR("jane@example.com");
	assert_ok(request, answer(request, client_id, &proof));
	request_free(&request);
}

static void test_name_without_case(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge;
	assert_ok(request, start(request, folding_client_id, "JANE", &challenge));
	check_challenge(&challenge, "Jane");
	struct proof proof = prove(request, folding_client_id, &challenge, HOUSE_PASSWORD, STAMP);
	assert_ok(request, answer(request, folding_client_id, &proof));
	request_free(&request);
}

static void test_fresh_each_time(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response one, other;
	assert_ok(request, start(request, client_id, "jane", &one));
	assert_ok(request, start(request, client_id, "jane", &other));
	assert_str_equal(parameter(&one, "SALT"), parameter(&other, "SALT"));
	assert_false(str_equal(parameter(&one, "SRP_B"), parameter(&other, "SRP_B")));
	assert_false(str_equal(parameter(&one, "SECRET_BLOCK"), parameter(&other, "SECRET_BLOCK")));
	/* They do not disturb each other. */
	struct proof first = prove(request, client_id, &one, HOUSE_PASSWORD, STAMP);
	struct proof second = prove(request, client_id, &other, HOUSE_PASSWORD, STAMP);
	assert_ok(request, answer(request, client_id, &second));
	assert_ok(request, answer(request, client_id, &first));
	request_free(&request);
}

static void test_by_administrators(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge = { .session = STR_NONE }, tokens = { .session = STR_NONE };
	const struct admin_initiate_auth_request first = {
		.user_pool_id = pool_id,
		.client_id = client_id,
		.auth_flow = AUTH_FLOW_TYPE_USER_SRP_AUTH,
		.auth_parameters = house_map(request, "USERNAME=jane,SRP_A=" SRP_A),
	};
	assert_ok(request, auth_admin_initiate(request, &first, &challenge));
	struct proof proof = prove(request, client_id, &challenge, HOUSE_PASSWORD, STAMP);
	str responses = arena_printf(request->arena,
		"USERNAME=jane,PASSWORD_CLAIM_SECRET_BLOCK=%.*s,PASSWORD_CLAIM_SIGNATURE=%.*s,"
		"TIMESTAMP=" STAMP,
		STR_ARG(proof.block), STR_ARG(proof.signature));
	const struct admin_respond_to_auth_challenge_request second = {
		.user_pool_id = pool_id,
		.client_id = client_id,
		.challenge_name = CHALLENGE_NAME_TYPE_PASSWORD_VERIFIER,
		.challenge_responses = house_map(request, responses.data),
	};
	assert_ok(request, auth_admin_respond(request, &second, &tokens));
	assert_non_null(tokens.authentication_result);
	request_free(&request);
}

static void test_secret_hash(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge = { .session = STR_NONE }, tokens = { .session = STR_NONE };
	const str parts[] = { STR("jane"), secret_id };
	struct digest digest = digest_hmac_sha256_parts(STR("abcdefghijklmnopqrstuvwxyz"), parts, 2);
	str hash = base64_encode(request->arena, digest_str(&digest));
	str missing = arena_printf(request->arena,
		"Client %.*s is configured with secret but SECRET_HASH was not received", STR_ARG(secret_id));
	str parameters =
		arena_printf(request->arena, "USERNAME=jane,SRP_A=" SRP_A ",SECRET_HASH=%.*s", STR_ARG(hash));
	const struct initiate_auth_request first = {
		.client_id = secret_id,
		.auth_flow = AUTH_FLOW_TYPE_USER_SRP_AUTH,
		.auth_parameters = house_map(request, parameters.data),
	};
	assert_refused(
		request, start(request, secret_id, "jane", &challenge), ERROR_NOT_AUTHORIZED, missing.data);
	assert_ok(request, auth_initiate(request, &first, &challenge));
	struct proof proof = prove(request, secret_id, &challenge, HOUSE_PASSWORD, STAMP);
	assert_refused(request, answer(request, secret_id, &proof), ERROR_NOT_AUTHORIZED, missing.data);
	str responses = arena_printf(request->arena,
		"USERNAME=jane,PASSWORD_CLAIM_SECRET_BLOCK=%.*s,PASSWORD_CLAIM_SIGNATURE=%.*s,"
		"TIMESTAMP=" STAMP ",SECRET_HASH=%.*s",
		STR_ARG(proof.block), STR_ARG(proof.signature), STR_ARG(hash));
	const struct respond_to_auth_challenge_request second = {
		.client_id = secret_id,
		.challenge_name = CHALLENGE_NAME_TYPE_PASSWORD_VERIFIER,
		.challenge_responses = house_map(request, responses.data),
	};
	assert_ok(request, auth_respond(request, &second, &tokens));
	request_free(&request);
}

/* --- Wrong proofs --- */

static void test_wrong_password_counts(void **state)
{
	house_user(*state, pool_id, "wilma", "");
	struct request *request = house_request(*state);
	struct proof early = right_proof(request, client_id, "wilma");
	for (int i = 0; i < 5; i++)
		assert_wrong(request, sign_in(request, client_id, "wilma", WRONG_PASSWORD));
	assert_refused(
		request, sign_in(request, client_id, "wilma", HOUSE_PASSWORD), ERROR_NOT_AUTHORIZED, BLOCKED);
	assert_refused(request, answer(request, client_id, &early), ERROR_NOT_AUTHORIZED, BLOCKED);
	request->now += SECOND;
	/* It was refused without being looked at, so it can be given now. */
	assert_ok(request, answer(request, client_id, &early));
	request_free(&request);
}

static void test_proof_is_taken_once(void **state)
{
	struct request *request = house_request(*state);
	struct proof proof = right_proof(request, client_id, "jane");
	assert_ok(request, answer(request, client_id, &proof));
	assert_wrong(request, answer(request, client_id, &proof));
	/* A wrong proof uses the block up as well. */
	proof = right_proof(request, client_id, "jane");
	struct proof wrong = proof;
	wrong.signature = STR("AAAA");
	assert_wrong(request, answer(request, client_id, &wrong));
	assert_wrong(request, answer(request, client_id, &proof));
	assert_ok(request, sign_in(request, client_id, "jane", HOUSE_PASSWORD));
	request_free(&request);
}

struct race {
	const struct house *house;
	const struct proof *proof;
};

static void use_proof(const void *context)
{
	const struct race *race = context;
	struct request *request = house_request(race->house);
	assert_ok(request, answer(request, client_id, race->proof));
	request_free(&request);
}

static void test_proof_is_taken_once_side_by_side(void **state)
{
	struct request *request = house_request(*state);
	struct proof proof = right_proof(request, client_id, "jane");
	const struct race race = { *state, &proof };
	interruption_set(use_proof, &race);
	assert_wrong(request, answer(request, client_id, &proof));
	request_free(&request);
}

/* Signed by somebody who does not know the password, or for something else. */
static void test_wrong_signatures(void **state)
{
	static const str signatures[] = { STR_INIT("AAAA"),
		STR_INIT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), STR_INIT("no base64"),
		STR_INIT("====") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(signatures); i++) {
		struct proof proof = right_proof(request, client_id, "jane");
		proof.signature = signatures[i];
		assert_wrong(request, answer(request, client_id, &proof));
		assert_ok(request, sign_in(request, client_id, "jane", HOUSE_PASSWORD));
	}
	struct proof proof = right_proof(request, client_id, "jane");
	proof.timestamp = STR("Tue Feb 4 09:05:04 UTC 2025");
	assert_wrong(request, answer(request, client_id, &proof));
	assert_ok(request, sign_in(request, client_id, "jane", HOUSE_PASSWORD));
	request_free(&request);
}

static const struct {
	const char *name;
	size_t offset;
} answers[] = {
	{ "USERNAME", offsetof(struct proof, username) },
	{ "PASSWORD_CLAIM_SECRET_BLOCK", offsetof(struct proof, block) },
	{ "PASSWORD_CLAIM_SIGNATURE", offsetof(struct proof, signature) },
	{ "TIMESTAMP", offsetof(struct proof, timestamp) },
};

static void test_missing_answers(void **state)
{
	static const str nothings[] = { { NULL, 0 }, STR_INIT("") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < 2 * ARRAY_LEN(answers); i++) {
		struct proof proof = right_proof(request, client_id, "jane");
		str message =
			arena_printf(request->arena, "Missing required parameter %s", answers[i / 2].name);
		*(str *)(void *)((char *)&proof + answers[i / 2].offset) = nothings[i % 2];
		assert_refused(
			request, answer(request, client_id, &proof), ERROR_INVALID_PARAMETER, message.data);
	}
	request_free(&request);
}

/* --- Blocks that do not fit; none of them counts against the user --- */

static void test_blocks_of_others(void **state)
{
	house_user(*state, pool_id, "john", "");
	struct request *request = house_request(*state);
	for (int i = 0; i < 6; i++) {
		struct proof janes = right_proof(request, client_id, "jane");
		struct proof johns = right_proof(request, client_id, "john");
		struct proof mixed = { janes.username, johns.block, janes.signature, janes.timestamp };
		assert_wrong(request, answer(request, client_id, &mixed));
		mixed = (struct proof){ johns.username, janes.block, janes.signature, janes.timestamp };
		assert_wrong(request, answer(request, client_id, &mixed));
		assert_wrong(request, answer(request, other_client_id, &janes));
		assert_wrong(request, answer(request, folding_client_id, &janes));
	}
	assert_ok(request, sign_in(request, client_id, "jane", HOUSE_PASSWORD));
	assert_ok(request, sign_in(request, client_id, "john", HOUSE_PASSWORD));
	request_free(&request);
}

static void test_blocks_that_are_none(void **state)
{
	static const str blocks[] = { STR_INIT("AAAA"), STR_INIT("no base64"), STR_INIT("!"),
		STR_INIT("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") };
	struct request *request = house_request(*state);
	for (int i = 0; i < 6; i++)
		for (size_t k = 0; k < ARRAY_LEN(blocks); k++) {
			struct proof proof = right_proof(request, client_id, "jane");
			proof.block = blocks[k];
			assert_wrong(request, answer(request, client_id, &proof));
		}
	assert_ok(request, sign_in(request, client_id, "jane", HOUSE_PASSWORD));
	request_free(&request);
}

static void test_blocks_expire(void **state)
{
	const struct {
		str client_id;
		int64_t validity;
	} cases[] = { { client_id, 3 * MINUTE }, { long_client_id, 15 * MINUTE } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		/* The time stamp stays within its own bounds. */
		request->now = NOW - cases[i].validity + 1;
		struct proof in_time = right_proof(request, cases[i].client_id, "jane");
		request->now = NOW - cases[i].validity;
		struct proof late = right_proof(request, cases[i].client_id, "jane");
		request->now = NOW;
		assert_wrong(request, answer(request, cases[i].client_id, &late));
		assert_ok(request, answer(request, cases[i].client_id, &in_time));
		request_free(&request);
	}
}

/* --- Time stamps --- */

#define NO_STAMP "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."

static const struct {
	const char *timestamp;
	enum error_code code;
	const char *message;
} stamps[] = {
	{ STAMP, ERROR_NONE, NULL },
	{ "Tue Feb 4 08:50:04 UTC 2025", ERROR_NONE, NULL },
	{ "Tue Feb 4 09:20:02 UTC 2025", ERROR_NONE, NULL },
	{ "Tue Feb 4 08:50:03 UTC 2025", ERROR_NOT_AUTHORIZED, WRONG },
	{ "Tue Feb 4 09:20:04 UTC 2025", ERROR_NOT_AUTHORIZED, WRONG },
	{ "Tue Feb 4 09:05:03 UTC 2024", ERROR_NOT_AUTHORIZED, WRONG },
	{ "Wed Feb 4 09:05:03 UTC 2025", ERROR_NOT_AUTHORIZED, WRONG },
	{ "Tue Feb 04 09:05:03 UTC 2025", ERROR_NOT_AUTHORIZED, WRONG },
	{ "Tue Feb 4 09:05:03 GMT 2025", ERROR_NOT_AUTHORIZED, WRONG },
	{ "2025-02-04T09:05:03Z", ERROR_INVALID_PARAMETER, NO_STAMP },
	{ "yesterday", ERROR_INVALID_PARAMETER, NO_STAMP },
};

static void test_timestamps(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(stamps); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response challenge;
		assert_ok(request, start(request, client_id, "jane", &challenge));
		struct proof proof =
			prove(request, client_id, &challenge, HOUSE_PASSWORD, stamps[i].timestamp);
		if (stamps[i].message)
			assert_refused(request, answer(request, client_id, &proof), stamps[i].code,
				stamps[i].message);
		else
			assert_ok(request, answer(request, client_id, &proof));
		request_free(&request);
	}
}

/* --- The client's number --- */

static void test_numbers_that_are_refused(void **state)
{
	static const char *const numbers[] = { "0", "00", "xyz", "-1", "0x1", "f f" };
	const str clients[] = { client_id, hiding_id };
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge;
	for (size_t i = 0; i < 2 * ARRAY_LEN(numbers); i++)
		assert_refused(request,
			start_with(request, clients[i % 2], i % 2 ? "nobody" : "jane", numbers[i / 2],
				&challenge),
			ERROR_INVALID_PARAMETER, "SRP_A is not a valid number.");
	request_free(&request);
}

/* --- Users that do not exist, or have no password --- */

static void test_unknown_user_looks_like_any(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response real, one, again, other;
	assert_ok(request, start(request, hiding_id, "jane", &real));
	assert_ok(request, start(request, hiding_id, "nobody", &one));
	assert_ok(request, start(request, hiding_id, "nobody", &again));
	assert_ok(request, start(request, hiding_id, "nobodi", &other));
	check_challenge(&one, "nobody");
	assert_str_equal(parameter(&one, "SALT"), parameter(&again, "SALT"));
	assert_false(str_equal(parameter(&one, "SRP_B"), parameter(&again, "SRP_B")));
	assert_false(str_equal(parameter(&one, "SALT"), parameter(&other, "SALT")));
	/* SRP_B may be a digit shorter, by chance. */
	assert_in_range(
		parameter(&real, "SECRET_BLOCK").len + 8 - parameter(&one, "SECRET_BLOCK").len, 0, 16);
	request_free(&request);
}

static void test_unknown_user_is_blocked_alike(void **state)
{
	static const char *const names[] = { "nil", "somebody" };
	house_user(*state, pool_id, "somebody", "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response challenge;
		for (int k = 0; k < 5; k++)
			assert_wrong(request, sign_in(request, hiding_id, names[i], WRONG_PASSWORD));
		assert_refused(request, start(request, hiding_id, names[i], &challenge), ERROR_NOT_AUTHORIZED,
			BLOCKED);
		request->now += SECOND;
		assert_wrong(request, sign_in(request, hiding_id, names[i], WRONG_PASSWORD));
		assert_refused(request, start(request, hiding_id, names[i], &challenge), ERROR_NOT_AUTHORIZED,
			BLOCKED);
		request_free(&request);
	}
}

/* Spelled in another way, nobody is the same nobody, as a user is the same user. */
static void test_unknown_user_in_other_spellings(void **state)
{
	static const char *const names[] = { "nobody", "Nobody", "NOBODY" };
	struct request *request = house_request(*state);
	struct initiate_auth_response first, challenge;
	assert_ok(request, start(request, folding_client_id, names[0], &first));
	for (size_t i = 1; i < ARRAY_LEN(names); i++) {
		assert_ok(request, start(request, folding_client_id, names[i], &challenge));
		assert_str_equal(parameter(&challenge, "SALT"), parameter(&first, "SALT"));
		assert_str_equal(parameter(&challenge, "USERNAME"), parameter(&first, "USERNAME"));
	}
	/* Where case counts, they are three. */
	assert_ok(request, start(request, hiding_id, names[0], &first));
	assert_ok(request, start(request, hiding_id, names[1], &challenge));
	assert_false(str_equal(parameter(&challenge, "SALT"), parameter(&first, "SALT")));
	check_challenge(&challenge, "Nobody");
	request_free(&request);
}

static void test_unknown_address_has_a_user_name(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response first, again, other;
	assert_ok(request, start(request, address_client_id, "nil@example.com", &first));
	assert_ok(request, start(request, address_client_id, "NIL@Example.com", &again));
	assert_ok(request, start(request, address_client_id, "nils@example.com", &other));
	str username = parameter(&first, "USERNAME");
	assert_int_equal(username.len, 36);
	assert_true(username.data[14] == '4');
	assert_str_equal(parameter(&first, "USER_ID_FOR_SRP"), username);
	assert_str_equal(parameter(&again, "USERNAME"), username);
	assert_str_equal(parameter(&again, "SALT"), parameter(&first, "SALT"));
	assert_false(str_equal(parameter(&other, "USERNAME"), username));
	/* The answer names the user name. */
	struct proof proof = prove(request, address_client_id, &first, HOUSE_PASSWORD, STAMP);
	assert_wrong(request, answer(request, address_client_id, &proof));
	request_free(&request);
}

/* Five wrong proofs block the address, though the answers name another name. */
static void test_unknown_address_is_blocked_alike(void **state)
{
	static const char *const names[] = { "niemand@example.com", "Jane@example.com" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		struct initiate_auth_response challenge;
		for (int k = 0; k < 5; k++)
			assert_wrong(request, sign_in(request, address_client_id, names[i], WRONG_PASSWORD));
		assert_refused(request, start(request, address_client_id, names[i], &challenge),
			ERROR_NOT_AUTHORIZED, BLOCKED);
		request_free(&request);
	}
}

static void test_user_without_password(void **state)
{
	house_user(*state, pool_id, "bare", "");
	house_execute(*state,
		"UPDATE pool_user SET password_hash = NULL, sealed_srp_verifier = NULL, srp_salt = NULL "
		"WHERE username = 'bare'");
	struct request *request = house_request(*state);
	struct initiate_auth_response one, again;
	assert_ok(request, start(request, client_id, "bare", &one));
	assert_ok(request, start(request, client_id, "bare", &again));
	check_challenge(&one, "bare");
	assert_str_equal(parameter(&one, "SALT"), parameter(&again, "SALT"));
	assert_wrong(request, sign_in(request, client_id, "bare", HOUSE_PASSWORD));
	assert_wrong(request, sign_in(request, client_id, "bare", ""));
	request_free(&request);
}

/* --- What happens between the calls, or within the second --- */

static const struct {
	const char *sql;
	enum error_code code; /* when it comes between the calls */
	const char *message;
} events[] = {
	{ "UPDATE pool_user SET password_hash = 'other' WHERE username = 'racer'", ERROR_NONE, NULL },
	{ "UPDATE pool_user SET enabled = 0 WHERE username = 'racer'", ERROR_NOT_AUTHORIZED,
		"User is disabled." },
	{ "UPDATE pool_user SET status = 'RESET_REQUIRED' WHERE username = 'racer'",
		ERROR_PASSWORD_RESET_REQUIRED, "Password reset required for the user" },
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'", ERROR_USER_NOT_FOUND,
		"User does not exist." },
};

static void test_events_within_the_answer(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		house_user(*state, pool_id, "racer", "");
		struct request *request = house_request(*state);
		struct proof proof = right_proof(request, client_id, "racer");
		interruption_execute(*state, events[i].sql);
		assert_wrong(request, answer(request, client_id, &proof));
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

static void test_events_between_the_calls(void **state)
{
	for (size_t i = 1; i < ARRAY_LEN(events); i++) {
		house_user(*state, pool_id, "racer", "");
		struct request *request = house_request(*state);
		struct proof proof = right_proof(request, client_id, "racer");
		house_execute(*state, events[i].sql);
		if (events[i].code == ERROR_USER_NOT_FOUND)
			assert_wrong(request, answer(request, client_id, &proof));
		else
			assert_refused(request, answer(request, client_id, &proof), events[i].code,
				events[i].message);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

/* Also to the same password: it has another salt now. */
static void test_password_changes_between_the_calls(void **state)
{
	static const str passwords[] = { STR_INIT("An0ther-one!"), STR_INIT(HOUSE_PASSWORD) };
	house_user(*state, pool_id, "chris", "");
	for (size_t i = 0; i < ARRAY_LEN(passwords); i++) {
		struct request *request = house_request(*state);
		struct proof proof = right_proof(request, client_id, "chris");
		const struct admin_set_user_password_request change = {
			.user_pool_id = pool_id,
			.username = STR("chris"),
			.password = passwords[i],
			.permanent = optional_bool(true),
		};
		assert_ok(request, user_admin_set_password(request, &change));
		assert_wrong(request, answer(request, client_id, &proof));
		request_free(&request);
	}
}

/* A name that nobody had when the exchange began. */
static void test_user_comes_between_the_calls(void **state)
{
	struct request *request = house_request(*state);
	struct initiate_auth_response challenge;
	assert_ok(request, start(request, hiding_id, "newcomer", &challenge));
	struct proof proof = prove(request, hiding_id, &challenge, HOUSE_PASSWORD, STAMP);
	house_user(*state, pool_id, "newcomer", "");
	assert_wrong(request, answer(request, hiding_id, &proof));
	assert_ok(request, sign_in(request, hiding_id, "newcomer", HOUSE_PASSWORD));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_by_alias),
		cmocka_unit_test(test_name_without_case),
		cmocka_unit_test(test_fresh_each_time),
		cmocka_unit_test(test_by_administrators),
		cmocka_unit_test(test_secret_hash),
		cmocka_unit_test(test_wrong_password_counts),
		cmocka_unit_test(test_proof_is_taken_once),
		cmocka_unit_test(test_proof_is_taken_once_side_by_side),
		cmocka_unit_test(test_wrong_signatures),
		cmocka_unit_test(test_missing_answers),
		cmocka_unit_test(test_blocks_of_others),
		cmocka_unit_test(test_blocks_that_are_none),
		cmocka_unit_test(test_blocks_expire),
		cmocka_unit_test(test_timestamps),
		cmocka_unit_test(test_numbers_that_are_refused),
		cmocka_unit_test(test_unknown_user_looks_like_any),
		cmocka_unit_test(test_unknown_user_is_blocked_alike),
		cmocka_unit_test(test_unknown_user_in_other_spellings),
		cmocka_unit_test(test_unknown_address_has_a_user_name),
		cmocka_unit_test(test_unknown_address_is_blocked_alike),
		cmocka_unit_test(test_user_without_password),
		cmocka_unit_test(test_events_within_the_answer),
		cmocka_unit_test(test_events_between_the_calls),
		cmocka_unit_test(test_password_changes_between_the_calls),
		cmocka_unit_test(test_user_comes_between_the_calls),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
