/* SPDX-License-Identifier: Apache-2.0 */
/* Handing a message to a mail server (RFC 5321), with STARTTLS (RFC 3207) and authentication (RFC 4954). */
#pragma once

#include "base/arena.h"

struct smtp_server {
	str url; /* smtp://host:port or smtps://host:port */
	str username, password; /* absent: none */
	bool require_tls; /* else STARTTLS is used where the server offers it */
};

/* Sends `content` (RFC 5322, CRLF line ends) from and to plain addresses. Blocks, 30 s at most. On failure says why,
   and whether trying again is pointless: a 5xx answer or a malformed address, but not a refused login, which an
   operator can mend. */
bool smtp_send(const struct smtp_server *server, struct arena *arena, str from_address, str to_address, str content,
	bool *is_permanent, str *problem);
