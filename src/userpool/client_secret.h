/* SPDX-License-Identifier: Apache-2.0 */
/* The secrets of app clients: made, stored sealed, opened, compared. A client may have several at once, so that one can
   be changed without a gap; any of them counts. */
#pragma once

#include "base/request.h"

/* A new secret of 52 lower-case letters and digits. */
str client_secret_new(struct request *request);

/* Inside a transaction: adds a secret to the client. */
RESULT client_secret_insert(struct request *request, str client_id, str secret);

/* Every secret of the client, newest first, into `arena`. */
RESULT client_secret_load(struct request *request, struct arena *arena, str client_id, const str **secrets,
	size_t *count);

/* base64 HMAC-SHA256 of user name and client id under one of the secrets, compared in constant time. */
bool client_secret_hash_matches(struct arena *arena, const str *secrets, size_t count, str client_id, str username,
	str secret_hash);

/* Whether it is one of the secrets, compared in constant time. */
bool client_secret_matches(const str *secrets, size_t count, str secret);
