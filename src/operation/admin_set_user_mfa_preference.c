/* SPDX-License-Identifier: Apache-2.0 */
/* AdminSetUserMFAPreference. */
#include "userpool/mfa_preference.h"

result operation_admin_set_user_mfa_preference(struct request *request,
	const struct admin_set_user_mfa_preference_request *input,
	struct admin_set_user_mfa_preference_response *output)
{
	(void)output;
	return mfa_preference_admin_set(request, input);
}
