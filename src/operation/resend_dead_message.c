/* SPDX-License-Identifier: Apache-2.0 */
/* ResendDeadMessage. */
#include "delivery/dead_message.h"

result operation_resend_dead_message(struct request *request, const struct resend_dead_message_request *input,
	struct resend_dead_message_response *output)
{
	(void)output;
	return dead_message_resend(request, input->message_id);
}
