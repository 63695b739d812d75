/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics: this process in numbers, for Prometheus. Made from memory and a few small files of /proc, so it never
   waits and holds for a server whose workers are all busy.

   With settings->metrics_token it answers whoever shows that as a bearer token, and 401 to others. Without one it
   answers only on this machine: while the public URL is of this machine, to clients that come from it, name it in Host,
   and were not passed on by a proxy. To others the path leads nowhere. */
#pragma once

#include "http/exchange.h"

/* False, and nothing set, when it is not for metrics. */
bool metrics_answer(const struct exchange_host *host, struct request *request, const struct message_request *message,
	struct message_response *response);
