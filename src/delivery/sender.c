/* SPDX-License-Identifier: Apache-2.0 */
/* The list of senders. */
#include "delivery/sender.h"

#include "base/fatal.h"

const struct sender *const sender_list[] = { &sender_smtp, &sender_sms_webhook, &sender_sns,
	&sender_maildir, NULL };

const struct sender *sender_find(
	const struct sender *const *list, const struct settings *settings, enum outbox_medium medium)
{
	for (; *list; list++)
		if ((*list)->accepts(settings, medium))
			return *list;
	fatal("no sender takes medium %d", (int)medium);
}
