/* SPDX-License-Identifier: Apache-2.0 */
/* What a message says and to whom as one sealed text for its row, since it holds codes and passwords. */
#pragma once

#include "delivery/outbox.h"

/* Closes recipient, subject, body, sender and reply_to, bound to the row `id`. Absent when they are longer
   than any message that template.h renders. */
str envelope_close(
	const struct sealer *sealer, struct arena *arena, str id, const struct outbox_message *message);

/* Sets the same members again, absent where they were. False when the text was not sealed for this row with a
   key of the sealer. */
bool envelope_open(
	const struct sealer *sealer, struct arena *arena, str id, str sealed, struct outbox_message *message);
