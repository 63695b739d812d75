/* SPDX-License-Identifier: Apache-2.0 */
/* A message made of texts, and a signer that signs whatever it is told to, also what no honest client would.
 */
#pragma once

#include "message/request.h"

enum { LETTER_HEADERS_MAX = 40 };

struct letter {
	struct arena *arena;
	struct message_request message;
	struct message_header headers[LETTER_HEADERS_MAX];
};

/* `target` is the path with its query; each of `headers` is "Name: value\n". The body may be NULL for none.
 */
struct letter *letter_new(
	struct arena *arena, const char *method, const char *target, const char *headers, const char *body);

struct letter_signing {
	str access_key_id, secret;
	const char *timestamp, *scope;
	const char *signed_headers;
	const char *payload_hash; /* NULL: that of the body */
	const char *expires; /* seconds, for the query form; NULL: says nothing of it */
};

/* Adds an Authorization header. */
void letter_sign(struct letter *letter, const struct letter_signing *signing);

/* Adds the parameters of the query form. */
void letter_presign(struct letter *letter, const struct letter_signing *signing);
