/* SPDX-License-Identifier: Apache-2.0 */
/* The Session string of a challenge: who it is for, what was asked, and that it is answered once. A random
   text of which only a keyed hash is kept; it lives as long as the client's AuthSessionValidity. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct client;
struct user;

/* How far the answer has come, where it takes calls of its own before the last one: AssociateSoftwareToken
   and VerifySoftwareToken for MFA_SETUP. */
enum challenge_stage { CHALLENGE_ASKED, CHALLENGE_ASSOCIATED, CHALLENGE_VERIFIED, CHALLENGE_STAGE_COUNT };

/* What a session string stands for. */
struct challenge_session {
	str user_id, client_id;
	enum challenge_stage stage;
};

/* A new session string; nothing is stored yet. */
str challenge_session_new(struct request *request);

/* Inside a transaction: stores what it stands for, and the code that the challenge has sent to the user, or
   none. */
RESULT challenge_session_insert(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge, str code);

/* Inside a transaction: whether that is the code that the challenge has sent. */
RESULT challenge_session_check_code(struct request *request, str session, str code, bool *is_right);

/* Whether the session waits for the answer of that user to that challenge through that client. Raises
   NotAuthorized "Invalid session for the user.", with ", session is expired." or ", session can only be used
   once." */
RESULT challenge_session_check(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge);

/* The same for calls that name neither user nor client: whose it is. */
RESULT challenge_session_find(struct request *request, str session, enum challenge_name_type challenge,
	struct challenge_session *found);

/* Inside a transaction: uses it up and has `next` go on from that stage, with a life of its own. Raises
   NotAuthorized. */
RESULT challenge_session_advance(struct request *request, str session, str next, const struct client *client,
	const struct user *user, enum challenge_name_type challenge, enum challenge_stage stage);

/* Inside a transaction: a wrong answer, after which it waits for a better one; the fifth uses it up. Raises
   NotAuthorized when it was used up before. */
RESULT challenge_session_fail(struct request *request, str session);

/* Inside a transaction: uses it up. Raises NotAuthorized when somebody did so before. */
RESULT challenge_session_use(struct request *request, str session);

/* Inside a transaction: uses up all that wait for an answer of the user. */
RESULT challenge_session_end(struct request *request, const struct user *user);
