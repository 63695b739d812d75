/* SPDX-License-Identifier: Apache-2.0 */
/* The link that confirms a sign-up when it is followed, as Cognito writes it:
       <pool>/confirmUser?client_id=..&user_name=..&confirmation_code=..
   The page behind it is oauth/confirm_user.h. Sign-ups alone are confirmed by link; attributes that change
   later are proven by codes, whatever the pool says. */
#pragma once

#include "base/request.h"
#include "userpool/user_message.h"

#define CONFIRMATION_LINK_PATH "/confirmUser"

/* The names in its query, each once. */
#define CONFIRMATION_LINK_CLIENT "client_id"
#define CONFIRMATION_LINK_USER   "user_name"
#define CONFIRMATION_LINK_CODE   "confirmation_code"

/* Whether the pool sends a link rather than a code to that address: DefaultEmailOption CONFIRM_WITH_LINK, and
   the address is for e-mail. */
bool confirmation_link_is_wanted(const struct user_pool *pool, const struct user_address *address);

/* The URL. The code is the user's own and for a link (confirmation_code.h). */
str confirmation_link_url(struct request *request, const struct user *user, str client_id, str code);
