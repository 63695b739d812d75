/* SPDX-License-Identifier: Apache-2.0 */
/* DeleteDeadMessage. */
#include "delivery/dead_message.h"

result operation_delete_dead_message(struct request *request, const struct delete_dead_message_request *input,
	struct delete_dead_message_response *output)
{
	(void)output;
	return dead_message_delete(request, input->message_id);
}
