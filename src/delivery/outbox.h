/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to users that must not get lost: each is a row, written in the transaction that makes it necessary
   and removed once it is sent. What a message says and to whom is sealed, as it holds codes and passwords.

   A message is sent at least once: a crash between sending and removing sends it again. One that cannot be
   sent is tried again with growing delays for a day; then, when it is refused for good, or when the master key
   does not open it, its row stays as 'dead' with the reason for 30 days; delivery/dead_message.h is for those. */
#pragma once

#include "base/request.h"

struct outbox;
struct sealer;
struct sender;
struct settings;
struct store;

enum outbox_medium { OUTBOX_EMAIL, OUTBOX_SMS, OUTBOX_MEDIUM_COUNT };

/* All texts are valid UTF-8 without NUL. */
struct outbox_message {
	enum outbox_medium medium;
	str pool_id; /* for the log */
	str recipient; /* e-mail address or E.164 number */
	str subject; /* of an e-mail */
	str body; /* HTML of an e-mail, plain text of an SMS */
	str sender; /* e-mail address, also "Name <address>"; absent: smtp_from of the settings */
	str reply_to; /* e-mail address or absent */
	str id; /* of the row; only set while it is sent */
};

/* Puts a message into the transaction that the request is in, so only inside store_write(). It is sent soon after
   that has committed, without any doing of the caller, and never when it fails. Raises CODE_DELIVERY_FAILURE when
   it has no recipient or no body, INTERNAL. */
RESULT outbox_add(struct request *request, const struct outbox_message *message);

/* Does the work of outbox_add() for a message that nobody gets: it is taken back in the same transaction. For answers
   that must not tell by their time whether there was anybody to write to. */
RESULT outbox_pretend(struct request *request, const struct outbox_message *message);

/* Starts a thread per medium that sends what is due, also what an earlier process left behind and, within a minute,
   what another process adds. Several outboxes on one database share the work. All it is given must outlive it.
   A server claims its data directory first (store/store.h): then a message that a killed one had in hand goes out
   at once, otherwise after a minute. */
struct outbox *outbox_start(
	const struct settings *settings, struct store *store, const struct sealer *sealer);

/* The same with other senders (delivery/sender.h) than the product's: a list that takes every medium, with NULL
   behind the last. */
struct outbox *outbox_start_senders(const struct settings *settings, struct store *store,
	const struct sealer *sealer, const struct sender *const *senders);

/* Has every outbox of this process look for what is due. Nobody needs it after outbox_add(). */
void outbox_wake_all(void);

/* Finishes the messages being sent, half a minute at most, ends the threads, nulls the pointer. */
void outbox_stop(struct outbox **outbox);
