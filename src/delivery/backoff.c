/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential back-off with jitter. */
#include "delivery/backoff.h"

#include "base/clock.h"
#include "base/entropy.h"

enum { FIRST_DELAY = 5 * SECOND, LONGEST_DELAY = 15 * MINUTE };

static int64_t jitter(int64_t below)
{
	uint32_t random;
	entropy_fill(&random, sizeof random);
	return random % below;
}

int64_t backoff_delay(int64_t failures)
{
	int64_t delay = FIRST_DELAY;
	while (--failures > 0 && delay < LONGEST_DELAY)
		delay *= 2;
	if (delay > LONGEST_DELAY)
		delay = LONGEST_DELAY;
	return delay + jitter(delay / 4);
}
