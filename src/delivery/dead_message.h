/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that were given up: what an operator may see of them and do about them. Their texts stay sealed.
   API: ListDeadMessages, ResendDeadMessage, DeleteDeadMessage. */
#pragma once

#include "base/request.h"
#include "spec/poolwarden.h"

/* The newest first, a page at a time; recipients masked, absent where the master key does not open a message. Raises
   InvalidParameter (the token). */
RESULT dead_message_list(struct request *request, const struct list_dead_messages_request *input,
	struct list_dead_messages_response *output);

/* Has it sent at once, and for a day where that fails. A code in it may have expired. Raises ResourceNotFound. */
RESULT dead_message_resend(struct request *request, str id);

/* Raises ResourceNotFound. */
RESULT dead_message_delete(struct request *request, str id);
