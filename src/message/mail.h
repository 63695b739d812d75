/* SPDX-License-Identifier: Apache-2.0 */
/* E-mail messages as text (RFC 5322, MIME RFC 2045 and 2047). Whatever a name or a subject holds, it cannot begin a
   header of its own. */
#pragma once

#include "base/arena.h"

struct mail {
	str from; /* "address" or "Name <address>"; the name UTF-8 */
	str to; /* "address" */
	str reply_to; /* "address", or absent */
	str subject; /* UTF-8; control characters become spaces */
	str text; /* UTF-8; any line ends */
	bool is_html;
	int64_t date; /* milliseconds since 1970 */
	str message_id; /* "unique@host", without angle brackets */
};

/* The whole message with CRLF line ends, pure ASCII, ready for smtp_send() or a Maildir. Absent when an address or
   the message id is not plain. */
str mail_compose(struct arena *arena, const struct mail *mail);

/* The address alone of "address" or "Name <address>"; absent when it is not plain. */
str mail_bare_address(str mailbox);

/* local@domain of visible ASCII without characters that mean something in a header or to SMTP, at most 254 bytes. */
bool mail_address_is_plain(str address);
