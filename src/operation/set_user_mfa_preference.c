/* SPDX-License-Identifier: Apache-2.0 */
/* SetUserMFAPreference. */
#include "userpool/mfa_preference.h"

result operation_set_user_mfa_preference(struct request *request,
	const struct set_user_mfa_preference_request *input,
	struct set_user_mfa_preference_response *output)
{
	(void)output;
	return mfa_preference_set(request, input);
}
