/* SPDX-License-Identifier: Apache-2.0 */
/* ListAuditEvents. */
#include "audit/audit_list.h"

result operation_list_audit_events(struct request *request, const struct list_audit_events_request *input,
	struct list_audit_events_response *output)
{
	return audit_list(request, input, output);
}
