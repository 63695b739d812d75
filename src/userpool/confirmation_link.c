/* SPDX-License-Identifier: Apache-2.0 */
/* Links. */
#include "userpool/confirmation_link.h"

#include "base/settings.h"
#include "message/url.h"
#include "userpool/pool.h"
#include "userpool/user.h"

bool confirmation_link_is_wanted(const struct user_pool *pool, const struct user_address *address)
{
	return address->medium == DELIVERY_MEDIUM_TYPE_EMAIL &&
	       pool->settings.verification_message_template->default_email_option ==
		       DEFAULT_EMAIL_OPTION_TYPE_CONFIRM_WITH_LINK;
}

static str encoded(struct request *request, str value)
{
	return url_encode(request->arena, value, STR(""));
}

str confirmation_link_url(struct request *request, const struct user *user, str client_id, str code)
{
	str base = request->settings->public_url;
	str client = encoded(request, client_id), name = encoded(request, user->username);
	return arena_printf(request->arena,
		"%.*s/%.*s" CONFIRMATION_LINK_PATH "?" CONFIRMATION_LINK_CLIENT
		"=%.*s&" CONFIRMATION_LINK_USER "=%.*s&" CONFIRMATION_LINK_CODE "=%.*s",
		STR_ARG(base), STR_ARG(user->pool_id), STR_ARG(client), STR_ARG(name), STR_ARG(code));
}
