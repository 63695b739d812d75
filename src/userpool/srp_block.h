/* SPDX-License-Identifier: Apache-2.0 */
/* SECRET_BLOCK: the server's side of an SRP exchange, sealed and left to the client, so that a started
   sign-in costs no row. Bound to client, user and time; the bytes are what the client signs. */
#pragma once

#include "base/request.h"

struct client;

struct srp_block {
	int64_t issued_at;
	str subject; /* whose sign-in it is: see srp_block_subject() */
	str client_public; /* SRP_A */
	str server_private; /* b */
	str server_public; /* SRP_B */
};

/* A name for a user, or for one that does not exist; of one length for all. */
str srp_block_subject(struct request *request, str pool_id, str username, bool exists);

/* The bytes; on the wire they are base64. */
str srp_block_seal(struct request *request, const struct client *client, const struct srp_block *block);

/* False for anything that was not sealed for that client. */
bool srp_block_open(
	struct request *request, const struct client *client, str sealed, struct srp_block *block);
