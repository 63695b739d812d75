/* SPDX-License-Identifier: Apache-2.0 */
/* ListDeadMessages. */
#include "delivery/dead_message.h"

result operation_list_dead_messages(struct request *request, const struct list_dead_messages_request *input,
	struct list_dead_messages_response *output)
{
	return dead_message_list(request, input, output);
}
