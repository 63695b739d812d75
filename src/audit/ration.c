/* SPDX-License-Identifier: Apache-2.0 */
/* Rations are those of base/limiter.h with a minute in the place of its second. */
#include "audit/ration.h"

#include <arpa/inet.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/limiter.h"
#include "crypto/seal.h"

enum { SECONDS_OF_MINUTE = 60, NETWORK_BYTES = 8 };

/* Lives as long as the process. */
static struct limiter *limiter;

static void make_limiter(void)
{
	limiter = limiter_new();
}

static bool take(struct request *request, str subject, int64_t rate)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct digest hash = seal_hash(request->sealer, STR("audit_ration"), subject);
	struct limiter_key key;
	memcpy(&key, hash.bytes, sizeof key);
	pthread_once(&once, make_limiter);
	return limiter_take(limiter, key, rate, clock_now() / SECONDS_OF_MINUTE);
}

/* Whoever has one IPv6 address has 2^64 of them. */
static str network_of(struct arena *arena, str address)
{
	struct in6_addr parsed;
	str copy = arena_copy(arena, address);
	if (!str_is_set(copy) || inet_pton(AF_INET6, copy.data, &parsed) != 1)
		return copy;
	return hex_encode(arena, (str){ (const char *)parsed.s6_addr, NETWORK_BYTES });
}

static bool take_for_address(struct request *request, const struct audit_event *event)
{
	str network = network_of(request->arena, event->client_address);
	str subject =
		arena_printf(request->arena, "address:%.*s:%.*s", STR_ARG(event->pool_id), STR_ARG(network));
	return take(request, subject, RATION_OF_ADDRESS) &&
	       take(request, STR("strangers"), RATION_OF_STRANGERS);
}

bool ration_take(struct request *request, const struct audit_event *event)
{
	if (event->outcome == AUDIT_OUTCOME_TYPE_FAIL || !str_is_set(event->user_id))
		return take_for_address(request, event);
	str subject = arena_printf(request->arena, "user:%.*s", STR_ARG(event->user_id));
	return take(request, subject, RATION_OF_USER);
}
