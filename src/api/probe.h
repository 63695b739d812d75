/* SPDX-License-Identifier: Apache-2.0 */
/* What an orchestrator asks: whether the process lives, GET /healthz, and whether it can do its work, GET
   /readyz. The answers, {"status":"ok"} or {"status":"unavailable"} with 503, say nothing of why; the log
   does. */
#pragma once

#include "base/request.h"
#include "message/request.h"

/* Answers when the path is one of the two. False, and nothing set, for any other path. May block. */
bool probe_answer(
	struct request *request, const struct message_request *message, struct message_response *response);

/* Answers /healthz alone. Never blocks, so that it holds for a process whose workers are all busy. */
bool probe_answer_ready(
	struct request *request, const struct message_request *message, struct message_response *response);
