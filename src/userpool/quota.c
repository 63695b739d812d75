/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas. */
#include "userpool/quota.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/limiter.h"
#include "base/settings.h"
#include "crypto/seal.h"
#include "userpool/pool.h"
#include "userpool/quota_setting.h"
#include "userpool/sign_in_name.h"

/* Lives as long as the process. */
static struct limiter *limiter;

static void make_limiter(void)
{
	limiter = limiter_new();
}

static struct limiter_key key_of(struct request *request, str subject)
{
	struct digest hash = seal_hash(request->sealer, STR("quota"), subject);
	struct limiter_key key;
	memcpy(&key, hash.bytes, sizeof key);
	return key;
}

static RESULT take(struct request *request, str subject, int64_t rate)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_limiter);
	if (limiter_take(limiter, key_of(request, subject), rate, clock_now()))
		return OK;
	return FAIL(request, TOO_MANY_REQUESTS, "Rate exceeded");
}

static RESULT find_rate(
	struct request *request, const struct user_pool *pool, enum category category, int64_t *rate)
{
	struct category_rates rates;
	if (pool) {
		*rate = pool->rates.of[category];
		return OK;
	}
	TRY(quota_setting_load(request, STR_NONE, &rates));
	*rate = rates.of[category];
	return OK;
}

result quota_take(struct request *request, const struct user_pool *pool, enum category category)
{
	int64_t rate = 0;
	TRY(find_rate(request, pool, category, &rate));
	if (!rate)
		return OK;
	str subject = arena_printf(request->arena, "%.*s:%.*s", STR_ARG(category_name(category)),
		STR_ARG(pool ? pool->id : STR("")));
	return take(request, subject, rate);
}

result quota_take_for_user(struct request *request, const struct user_pool *pool, str username)
{
	if (!request->settings->user_rate)
		return OK;
	str subject = arena_printf(request->arena, "user:%.*s:%.*s", STR_ARG(pool->id),
		STR_ARG(sign_in_name_key(request, pool, username)));
	return take(request, subject, request->settings->user_rate);
}
