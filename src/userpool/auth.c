/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a sign-in. Slow work (hashes, signatures) is done outside of transactions; inside, the user
   is read again, so that nothing is decided on what has changed meanwhile. */
#include "userpool/auth.h"

#include "audit/trail.h"
#include "base/entropy.h"
#include "base/fatal.h"
#include "crypto/seal.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/auth_mfa.h"
#include "userpool/challenge_session.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"
#include "userpool/tokens.h"

enum { ASKED_MAX = 16 };

static const struct auth_flow *const flows[] = {
	&auth_flow_user_srp,
	&auth_flow_user_password,
	&auth_flow_admin_password,
	&auth_flow_refresh,
};

/* Those that may follow a first factor are in their order. */
static const struct auth_challenge *const challenges[] = {
	&auth_challenge_password_verifier,
	&auth_challenge_new_password,
	&auth_challenge_select_mfa,
	&auth_challenge_sms,
	&auth_challenge_software_token,
	&auth_challenge_email,
	&auth_challenge_set_up_mfa,
};

/* --- Calls --- */

static bool is_called(const struct auth_flow *flow, enum auth_flow_type name)
{
	return flow->names[0] == name || flow->names[1] == name;
}

static const struct auth_flow *find_flow(const struct auth *auth, enum auth_flow_type name)
{
	for (size_t i = 0; i < ARRAY_LEN(flows); i++)
		if (is_called(flows[i], name) &&
			(auth->is_admin ? flows[i]->is_for_admins : flows[i]->is_for_users))
			return flows[i];
	return NULL;
}

static void answer_with_nothing(struct auth *auth)
{
	auth->answer->challenge_parameters.items =
		ARENA_ARRAY(auth->request->arena, struct str_pair, ASKED_MAX);
}

static RESULT check_required(const struct auth *auth, const struct auth_flow *flow)
{
	str value;
	for (size_t i = 0; i < ARRAY_LEN(flow->required) && flow->required[i]; i++)
		TRY(auth_parameter(auth, flow->required[i], &value));
	return OK;
}

static RESULT start(struct auth *auth, enum auth_flow_type name)
{
	const struct auth_flow *flow = find_flow(auth, name);
	answer_with_nothing(auth);
	if (!flow)
		return FAIL(auth->request, INVALID_PARAMETER, "Initiate Auth method not supported.");
	if (!client_allows_flow(auth->client, flow->allowed_by))
		return FAIL(auth->request, INVALID_PARAMETER, "%s", flow->refusal);
	TRY(check_required(auth, flow));
	return flow->start(auth);
}

result auth_initiate(struct request *request, const struct initiate_auth_request *input,
	struct initiate_auth_response *output)
{
	struct auth auth = {
		.request = request,
		.parameters = &input->auth_parameters,
		.session = input->session,
		.answer = output,
	};
	TRY(client_find_with_pool(request, input->client_id, &auth.client, &auth.pool));
	return start(&auth, input->auth_flow);
}

static RESULT find_admins_client(struct auth *auth, str pool_id, str client_id)
{
	TRY(pool_find(auth->request, pool_id, &auth->pool));
	return client_find_in_pool(auth->request, pool_id, client_id, &auth->client);
}

result auth_admin_initiate(struct request *request, const struct admin_initiate_auth_request *input,
	struct initiate_auth_response *output)
{
	struct auth auth = {
		.request = request,
		.is_admin = true,
		.context = input->context_data,
		.parameters = &input->auth_parameters,
		.session = input->session,
		.answer = output,
	};
	TRY(find_admins_client(&auth, input->user_pool_id, input->client_id));
	return start(&auth, input->auth_flow);
}

static const struct auth_challenge *find_challenge(enum challenge_name_type name)
{
	for (size_t i = 0; i < ARRAY_LEN(challenges); i++)
		if (challenges[i]->name == name)
			return challenges[i];
	return NULL;
}

static RESULT respond(struct auth *auth, enum challenge_name_type name)
{
	const struct auth_challenge *challenge = find_challenge(name);
	answer_with_nothing(auth);
	if (!challenge)
		return FAIL(auth->request, INVALID_PARAMETER, "Challenge response not supported.");
	return challenge->factor ? auth_mfa_answer(auth, challenge) : challenge->answer(auth);
}

result auth_respond(struct request *request, const struct respond_to_auth_challenge_request *input,
	struct initiate_auth_response *output)
{
	struct auth auth = {
		.request = request,
		.parameters = &input->challenge_responses,
		.session = input->session,
		.answer = output,
	};
	TRY(client_find_with_pool(request, input->client_id, &auth.client, &auth.pool));
	return respond(&auth, input->challenge_name);
}

result auth_admin_respond(struct request *request,
	const struct admin_respond_to_auth_challenge_request *input, struct initiate_auth_response *output)
{
	struct auth auth = {
		.request = request,
		.is_admin = true,
		.context = input->context_data,
		.parameters = &input->challenge_responses,
		.session = input->session,
		.answer = output,
	};
	TRY(find_admins_client(&auth, input->user_pool_id, input->client_id));
	return respond(&auth, input->challenge_name);
}

/* --- Parameters --- */

str auth_optional_parameter(const struct auth *auth, const char *name)
{
	for (size_t i = 0; i < auth->parameters->count; i++)
		if (str_equal(auth->parameters->items[i].name, str_of(name)))
			return auth->parameters->items[i].value;
	return STR_NONE;
}

result auth_parameter(const struct auth *auth, const char *name, str *value)
{
	*value = auth_optional_parameter(auth, name);
	if (str_is_empty(*value))
		return FAIL(auth->request, INVALID_PARAMETER, "Missing required parameter %s", name);
	return OK;
}

void auth_ask_with(struct auth *auth, const char *name, str value)
{
	struct str_map *asked = &auth->answer->challenge_parameters;
	if (asked->count == ASKED_MAX)
		fatal("too many challenge parameters");
	asked->items[asked->count++] = (struct str_pair){ str_of(name), value };
}

/* --- Who --- */

/* A user whose name is an address, or who has an address as another name, is told what its user name is. One
   name in two spellings is one user, where the pool takes it so. */
static str invented_username(const struct auth *auth, str name)
{
	str key = sign_in_name_key(auth->request, auth->pool, name);
	if (!sign_in_name_is_address(auth->pool, name))
		return key;
	str data = arena_printf(auth->request->arena, "%.*s:%.*s", STR_ARG(auth->pool->id), STR_ARG(key));
	struct digest hash = seal_hash(auth->request->sealer, STR("invented_username"), data);
	return uuid_from(auth->request->arena, hash.bytes);
}

result auth_find_subject(const struct auth *auth, struct auth_subject *subject)
{
	struct request *request = auth->request;
	str name;
	/* Of nobody there is nothing. */
	*subject = (struct auth_subject){ .exists = false };
	TRY(auth_parameter(auth, "USERNAME", &name));
	TRY(client_check_secret_hash(
		request, auth->client, name, auth_optional_parameter(auth, "SECRET_HASH")));
	TRY(user_find(request, auth->pool, name, &subject->user, &subject->exists));
	subject->username = subject->exists ? subject->user.username : invented_username(auth, name);
	subject->attempts = attempt_subject(request, ATTEMPT_PASSWORD, auth->pool,
		subject->exists ? &subject->user : NULL, subject->username);
	return OK;
}

result auth_refuse_blocked(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Password attempts exceeded");
}

result auth_check_subject(const struct auth *auth, const struct auth_subject *subject)
{
	bool is_blocked;
	if (!subject->exists && !auth->client->hides_users)
		return FAIL(auth->request, USER_NOT_FOUND, "User does not exist.");
	if (subject->exists)
		TRY(user_check_state(auth->request, &subject->user));
	TRY(attempt_check_blocked(auth->request, &subject->attempts, &is_blocked));
	return is_blocked ? auth_refuse_blocked(auth->request) : OK;
}

result auth_check_session(
	const struct auth *auth, enum challenge_name_type challenge, struct auth_subject *subject)
{
	if (!str_is_set(auth->session))
		return FAIL(auth->request, INVALID_PARAMETER, "Missing required parameter Session");
	TRY(auth_find_subject(auth, subject));
	if (!subject->exists)
		return FAIL(auth->request, NOT_AUTHORIZED, "Invalid session for the user.");
	TRY(challenge_session_check(auth->request, auth->session, auth->client, &subject->user, challenge));
	return auth_check_subject(auth, subject);
}

/* --- Steps --- */

/* An administrator's server is not where the user signs in from. */
static void take_origin(const struct context_data_type *context, struct sign_in *sign_in)
{
	sign_in->client_address = context->ip_address;
	sign_in->user_agent = STR_NONE;
	for (size_t i = 0; i < context->http_headers.count; i++)
		if (str_equal_ignoring_ascii_case(
			    context->http_headers.items[i].header_name, STR("User-Agent")))
			sign_in->user_agent = context->http_headers.items[i].header_value;
}

static bool is_due(const struct auth_challenge *challenge, const struct auth *auth, const struct user *user)
{
	if (challenge->factor)
		return auth_mfa_is_due(auth, challenge->factor);
	return challenge->is_due && challenge->is_due(auth, user);
}

static const struct auth_challenge *next_challenge(
	const struct auth *auth, const struct user *user, const struct auth_challenge *answered)
{
	bool is_past = !answered;
	for (size_t i = 0; i < ARRAY_LEN(challenges); i++) {
		if (is_past && is_due(challenges[i], auth, user))
			return challenges[i];
		is_past = is_past || challenges[i] == answered;
	}
	return NULL;
}

static RESULT store_challenge(struct auth *auth, struct auth_step *step)
{
	const struct auth_challenge *challenge = step->challenge;
	step->session = challenge_session_new(auth->request);
	/* The transaction may run again. */
	auth->answer->challenge_parameters.count = 0;
	auth->code = STR_NONE;
	trail_note_progress(auth->request);
	TRY(challenge->factor ? auth_mfa_ask(auth, &step->user, challenge->factor)
			      : challenge->ask(auth, &step->user));
	return challenge_session_insert(
		auth->request, step->session, auth->client, &step->user, challenge->name, auth->code);
}

static RESULT store_sign_in(struct auth *auth, struct auth_step *step)
{
	sign_in_prepare(auth->request, auth->client, &step->user, &step->sign_in, &step->refresh_token);
	trail_note_sign_in(auth->request);
	if (auth->context)
		take_origin(auth->context, &step->sign_in);
	return sign_in_insert(auth->request, &step->sign_in, &step->user, step->refresh_token);
}

result auth_proceed(struct auth *auth, const struct user *user, const struct auth_challenge *answered,
	struct auth_step *step)
{
	*step = (struct auth_step){ .user = *user };
	TRY(mfa_choose(auth->request, auth->pool, &step->user, &auth->mfa));
	step->challenge = next_challenge(auth, &step->user, answered);
	return step->challenge ? store_challenge(auth, step) : store_sign_in(auth, step);
}

result auth_proceed_to(struct auth *auth, const struct user *user, enum challenge_name_type challenge,
	struct auth_step *step)
{
	*step = (struct auth_step){ .user = *user, .challenge = find_challenge(challenge) };
	return store_challenge(auth, step);
}

result auth_answer(struct auth *auth, struct auth_step *step)
{
	if (!step->challenge)
		return tokens_issue(auth->request, auth->pool, auth->client, &step->user, &step->sign_in,
			step->refresh_token, &auth->answer->authentication_result);
	auth->answer->challenge_name = step->challenge->name;
	auth->answer->session = step->session;
	return OK;
}

/* --- The first factor --- */

struct settlement {
	struct auth *auth;
	struct user user;
	const struct attempt_subject *attempts;
	bool is_right, is_blocked;
	str nonce_hash;
	int64_t nonce_expiry;
	struct auth_step step;
};

/* A proof that was given before is no proof. */
static RESULT use_nonce(struct request *request, struct settlement *settlement)
{
	const struct store_used_nonce_insert_in in = {
		.nonce_hash = settlement->nonce_hash,
		.expires_at = settlement->nonce_expiry,
	};
	int64_t inserted;
	if (!str_is_set(settlement->nonce_hash))
		return OK;
	TRY(store_used_nonce_insert(request, &in, &inserted));
	settlement->is_right = settlement->is_right && inserted;
	return OK;
}

static RESULT check_unchanged(struct request *request, struct settlement *settlement)
{
	bool is_unchanged;
	if (!settlement->is_right)
		return OK;
	TRY(user_is_unchanged(request, &settlement->user, &is_unchanged));
	settlement->is_right = is_unchanged;
	return OK;
}

/* Ends well also after a wrong proof, so that it stays counted. */
static RESULT settle(struct request *request, void *context)
{
	struct settlement *settlement = context;
	TRY(use_nonce(request, settlement));
	TRY(check_unchanged(request, settlement));
	TRY(attempt_settle(request, settlement->attempts, settlement->is_right, &settlement->is_blocked));
	if (settlement->is_blocked || !settlement->is_right) {
		trail_note_failure(request, ERROR_NOT_AUTHORIZED);
		return OK;
	}
	return auth_proceed(settlement->auth, &settlement->user, NULL, &settlement->step);
}

result auth_refuse(struct request *request)
{
	return FAIL(request, NOT_AUTHORIZED, "Incorrect username or password.");
}

result auth_settle(
	struct auth *auth, struct auth_subject *subject, bool is_right, str nonce_hash, int64_t nonce_expiry)
{
	struct request *request = auth->request;
	struct settlement settlement = {
		.auth = auth,
		.user = subject->user,
		.attempts = &subject->attempts,
		.is_right = is_right && subject->exists,
		.nonce_hash = nonce_hash,
		.nonce_expiry = nonce_expiry,
	};
	TRY(store_write(request, settle, &settlement));
	if (settlement.is_blocked)
		return auth_refuse_blocked(request);
	return settlement.is_right ? auth_answer(auth, &settlement.step) : auth_refuse(request);
}
