/* SPDX-License-Identifier: Apache-2.0 */
/* A public call about a user by name. Where the client hides who exists, a name that nobody has is treated
   like one that somebody has, from the answer to the count of attempts. */
#pragma once

#include "base/request.h"
#include "userpool/attempt.h"
#include "userpool/confirmation_code.h"
#include "userpool/user.h"
#include "userpool/user_message.h"

struct client;
struct user_pool;

struct inquiry {
	const struct client *client;
	const struct user_pool *pool;
	str name; /* as given */
	struct user user; /* without attributes */
	bool exists; /* else that is to be hidden */
	struct attempt_subject subject;
};

/* Finds client, pool and user, and who is counted for attempts of that kind. Raises ResourceNotFound,
   NotAuthorized (secret hash), and UserNotFound unless the client hides that. */
RESULT inquiry_open(struct request *request, str client_id, str username, str secret_hash,
	enum attempt_kind kind, struct inquiry *inquiry);

/* The same for a page of that pool, where there is no secret and everybody hides who exists. Raises
   ResourceNotFound. */
RESULT inquiry_open_on_page(struct request *request, str pool_id, str client_id, str username,
	enum attempt_kind kind, struct inquiry *inquiry);

/* What is said of a code other than a right one: where it is hidden who exists, one that was never sent is as wrong as
   that of a user who does not exist. Raises CodeMismatch, ExpiredCode. */
RESULT inquiry_refuse_code(struct request *request, const struct inquiry *inquiry, enum code_verdict verdict);

/* What a user who does not exist seems to have for an address: always the same for one name. `attribute` is
   the one that it would be, where the name does not tell. */
struct user_address inquiry_invented_address(
	struct request *request, const struct inquiry *inquiry, str attribute);
