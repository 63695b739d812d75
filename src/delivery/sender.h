/* SPDX-License-Identifier: Apache-2.0 */
/* What carries messages away: one const struct per way, in a file of its own, listed in sender.c. */
#pragma once

#include "delivery/outbox.h"

enum sender_outcome {
	SENDER_SENT,
	SENDER_REFUSED, /* this message will never pass */
	SENDER_DEFERRED, /* this message does not pass now, others may */
	SENDER_DOWN, /* no message passes now */
	SENDER_OUTCOME_COUNT
};

struct sender {
	const char *name; /* for the log */

	bool (*accepts)(const struct settings *settings, enum outbox_medium medium);

	/* May take half a minute, no more. Sets a reason for the operator, UTF-8 made in `arena`, unless
	   SENDER_SENT; the reason may quote the recipient, but neither subject nor body. Called by one thread for
	   each medium. */
	enum sender_outcome (*send)(const struct settings *settings, struct arena *arena,
		const struct outbox_message *message, str *problem);
};

extern const struct sender sender_smtp, sender_sms_webhook, sender_sns, sender_maildir;

/* Every way, the preferred first, with NULL behind the last one. */
extern const struct sender *const sender_list[];

/* The first of a list that takes the medium; the last of sender_list takes all. */
const struct sender *sender_find(
	const struct sender *const *list, const struct settings *settings, enum outbox_medium medium);
