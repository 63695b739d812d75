/* SPDX-License-Identifier: Apache-2.0 */
/* The two documents that a pool shows to everybody, below its issuer: /.well-known/openid-configuration (OpenID Connect
   Discovery 1.0) and /.well-known/jwks.json (RFC 7517). */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Answers when the path is one of theirs: 200, 404 for an unknown pool, 405 for other methods than GET. False, and
   nothing set, for any other path. May block. */
bool discovery_answer(struct request *request, const struct message_request *message,
	struct message_response *response);

/* The same from memory alone: false also where a document would have to be made. Never blocks. */
bool discovery_answer_ready(struct request *request, const struct message_request *message,
	struct message_response *response);
