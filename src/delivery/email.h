/* SPDX-License-Identifier: Apache-2.0 */
/* An e-mail of the outbox as the senders hand it on: HTML, as Cognito sends it. */
#pragma once

#include "delivery/outbox.h"

/* Who it is from: the message's own sender, else the settings', else no-reply@localhost. */
str email_sender(const struct settings *settings, const struct outbox_message *message);

/* The whole message with CRLF line ends; each try has the same Message-ID, so that a receiver can tell a
   copy. Absent when sender or recipient is no address that mail.h takes; such a reply_to is left out. */
str email_compose(const struct settings *settings, struct arena *arena, const struct outbox_message *message);
