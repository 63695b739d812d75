/* SPDX-License-Identifier: Apache-2.0 */
/* The Session string of a challenge: who it is for, what was asked, and that it is answered once. A random
   text of which only a keyed hash is kept; it lives as long as the client's AuthSessionValidity. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct client;
struct user;

/* A new session string; nothing is stored yet. */
str challenge_session_new(struct request *request);

/* Inside a transaction: stores what it stands for. */
RESULT challenge_session_insert(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge);

/* Whether the session waits for the answer of that user to that challenge through that client. Raises
   NotAuthorized "Invalid session for the user.", with ", session is expired." or ", session can only be used
   once." */
RESULT challenge_session_check(struct request *request, str session, const struct client *client,
	const struct user *user, enum challenge_name_type challenge);

/* Inside a transaction: uses it up. Raises NotAuthorized when somebody did so before. */
RESULT challenge_session_use(struct request *request, str session);

/* Inside a transaction: uses up all that wait for an answer of the user. */
RESULT challenge_session_end(struct request *request, const struct user *user);
