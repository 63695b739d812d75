/* SPDX-License-Identifier: Apache-2.0 */
/* Handing a message to a mail server (RFC 5321), with STARTTLS (RFC 3207) and authentication (RFC 4954). */
#pragma once

#include "base/arena.h"

struct smtp_server {
	str url; /* smtp://host:port or smtps://host:port */
	str username, password; /* absent: none */
	str ca_file; /* PEM, of whom to trust; absent: the system's */
	bool require_tls; /* else STARTTLS is used where the server offers it, and required where a name and password
			     go to another machine */
};

enum smtp_outcome {
	SMTP_SENT,
	SMTP_REFUSED, /* this message will never pass: 5xx to its recipient or content, or an address is not
			 plain */
	SMTP_DEFERRED, /* the same with 4xx: it may pass later */
	SMTP_DOWN, /* nothing passes: no connection, TLS or login, or the server does not take the sender */
};

/* Sends `content` (RFC 5322, CRLF line ends) from and to plain addresses. Blocks, 30 s at most. Says why, for
   the operator, unless SMTP_SENT; that may quote the recipient. */
enum smtp_outcome smtp_send(const struct smtp_server *server, struct arena *arena, str from_address,
	str to_address, str content, str *problem);
