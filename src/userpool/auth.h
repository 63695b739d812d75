/* SPDX-License-Identifier: Apache-2.0 */
/* Sign-in through the API: a flow starts it, challenges follow one another, tokens end it. A flow is a file
   that exports a struct auth_flow, a challenge one that exports a struct auth_challenge; both are listed in
   auth.c. API: InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge, AdminRespondToAuthChallenge. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"
#include "userpool/attempt.h"
#include "userpool/mfa_choice.h"
#include "userpool/sign_in.h"
#include "userpool/user.h"

struct client;
struct user_pool;

/* One call. */
struct auth {
	struct request *request;
	const struct user_pool *pool;
	const struct client *client;
	bool is_admin;
	const struct context_data_type
		*context; /* what an administrator knows of where the user is; NULL: nothing */
	const struct str_map *parameters; /* AuthParameters, or ChallengeResponses */
	str session; /* as the call brought it, or absent */
	struct initiate_auth_response *answer; /* the three other operations answer with the same members */
	struct mfa_choice mfa; /* of the user, while the next step is looked for and asked */
	str code; /* that the challenge being asked has sent to the user; absent: none */
};

struct auth_flow {
	enum auth_flow_type names[2]; /* an older name of the same thing comes second, or is 0 */
	enum explicit_auth_flows_type allowed_by;
	const char *refusal; /* when the client does not allow it */
	bool is_for_admins, is_for_users; /* through which operations it is started */
	const char *required[2]; /* parameters, in the order in which they are missed */
	RESULT (*start)(struct auth *auth);
};

struct auth_challenge {
	enum challenge_name_type name;
	const struct mfa_factor *factor; /* that it asks for; NULL: it has these functions instead */

	/* Whether a user who has proven a first factor must answer it before there are tokens. NULL: it is no
	 * such step. */
	bool (*is_due)(const struct auth *auth, const struct user *user);

	/* Inside the transaction that stores its session: sets the challenge's parameters in the answer. */
	RESULT (*ask)(struct auth *auth, struct user *user);

	RESULT (*answer)(struct auth *auth);
};

extern const struct auth_flow auth_flow_user_srp, auth_flow_user_password, auth_flow_admin_password,
	auth_flow_refresh;
extern const struct auth_challenge auth_challenge_password_verifier, auth_challenge_new_password,
	auth_challenge_select_mfa, auth_challenge_sms, auth_challenge_software_token, auth_challenge_email,
	auth_challenge_set_up_mfa;

/* --- For the operations --- */

RESULT auth_initiate(struct request *request, const struct initiate_auth_request *input,
	struct initiate_auth_response *output);
RESULT auth_admin_initiate(struct request *request, const struct admin_initiate_auth_request *input,
	struct initiate_auth_response *output);
RESULT auth_respond(struct request *request, const struct respond_to_auth_challenge_request *input,
	struct initiate_auth_response *output);
RESULT auth_admin_respond(struct request *request,
	const struct admin_respond_to_auth_challenge_request *input, struct initiate_auth_response *output);

/* --- For flows and challenges --- */

/* A parameter that must be there. Raises InvalidParameter "Missing required parameter USERNAME". */
RESULT auth_parameter(const struct auth *auth, const char *name, str *value);

/* The same, absent when it is not there. */
str auth_optional_parameter(const struct auth *auth, const char *name);

/* Adds a ChallengeParameter to the answer. */
void auth_ask_with(struct auth *auth, const char *name, str value);

/* Who wants to sign in. */
struct auth_subject {
	struct user user;
	bool exists; /* else the same work is done for nobody */
	str username; /* the user's; of nobody: what it would seem to be, always the same for one name */
	struct attempt_subject attempts; /* at the password */
};

/* Takes USERNAME, checks SECRET_HASH for it, looks. Raises InvalidParameter, NotAuthorized (secret hash). */
RESULT auth_find_subject(const struct auth *auth, struct auth_subject *subject);

/* What keeps one from signing in whatever the proof. Raises UserNotFound unless the client hides it,
   NotAuthorized
   ("User is disabled.", "Password attempts exceeded"), UserNotConfirmed, PasswordResetRequired. */
RESULT auth_check_subject(const struct auth *auth, const struct auth_subject *subject);

/* Who answers a challenge that was asked by a session. Raises what the two above raise, InvalidParameter
   "Missing required parameter Session", NotAuthorized "Invalid session for the user." and others of its kind.
 */
RESULT auth_check_session(
	const struct auth *auth, enum challenge_name_type challenge, struct auth_subject *subject);

/* What comes after a step: the next challenge, or tokens. */
struct auth_step {
	const struct auth_challenge *challenge; /* NULL: tokens */
	struct user user;
	str session; /* of the challenge */
	struct sign_in sign_in; /* of the tokens */
	str refresh_token;
};

/* Inside a transaction: makes and stores the step after challenge `answered` (NULL: after the first factor)
   for the user as it is by then. Raises what asking raises. */
RESULT auth_proceed(struct auth *auth, const struct user *user, const struct auth_challenge *answered,
	struct auth_step *step);

/* Inside a transaction: the same with a challenge that the user has chosen. */
RESULT auth_proceed_to(struct auth *auth, const struct user *user, enum challenge_name_type challenge,
	struct auth_step *step);

/* After the transaction: answers with the challenge or the tokens. */
RESULT auth_answer(struct auth *auth, struct auth_step *step);

/* The end of a first factor: counts a wrong proof, or goes on after a right one. `nonce_hash` (or absent) is
   of a proof that may be given once, until `nonce_expiry`. Raises NotAuthorized "Incorrect username or
   password.", "Password attempts exceeded". */
RESULT auth_settle(
	struct auth *auth, struct auth_subject *subject, bool is_right, str nonce_hash, int64_t nonce_expiry);

/* Raises NotAuthorized "Incorrect username or password.", or "Password attempts exceeded". */
RESULT auth_refuse(struct request *request);
RESULT auth_refuse_blocked(struct request *request);
