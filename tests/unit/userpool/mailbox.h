/* SPDX-License-Identifier: Apache-2.0 */
/* In the place of the outbox: what would be sent stays here and can be read. */
#pragma once

#include "delivery/outbox.h"

void mailbox_empty(void);

/* How many messages came since it was emptied. */
size_t mailbox_count(void);

/* The last one, or the one before it, and so on; fails the test when there are not as many. */
const struct outbox_message *mailbox_message(size_t back);

/* The first six digits in a row in the last message's body. */
str mailbox_code(void);

/* Nothing more is taken, until it is emptied. */
void mailbox_close(void);
