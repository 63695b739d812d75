/* SPDX-License-Identifier: Apache-2.0 */
/* Self-service. */
#include "userpool/user_self.h"

#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/mfa_preference.h"

result user_self_get(struct request *request, struct get_user_response *output)
{
	const struct caller *caller = request->caller;
	struct user user = caller->user;
	TRY(user_load_attributes(request, &user));
	struct attribute_type_list shown = user_shown_attributes(request, &user);
	size_t kept = 0;
	for (size_t i = 0; i < shown.count; i++)
		if (client_may_read(caller->client, shown.items[i].name))
			shown.items[kept++] = shown.items[i];
	shown.count = kept;
	output->username = user.username;
	output->user_attributes = shown;
	output->mfa_options = mfa_preference_options(request, &user);
	output->preferred_mfa_setting = user.mfa.preferred;
	output->user_mfa_setting_list = mfa_preference_list(request, &user);
	return OK;
}

result user_self_sign_out(struct request *request)
{
	return user_sign_out(request, request->caller->user.id);
}

result user_self_delete(struct request *request)
{
	return user_delete(request, request->caller->pool, request->caller->user.id);
}
