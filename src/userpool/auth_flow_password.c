/* SPDX-License-Identifier: Apache-2.0 */
/* USER_PASSWORD_AUTH, and ADMIN_USER_PASSWORD_AUTH (older: ADMIN_NO_SRP_AUTH): the password comes with the
 * call. */
#include "userpool/auth.h"

static RESULT start(struct auth *auth)
{
	struct auth_subject subject;
	str password = auth_optional_parameter(auth, "PASSWORD");
	bool is_right;
	TRY(auth_find_subject(auth, &subject));
	TRY(auth_check_subject(auth, &subject));
	/* Of nobody there is no password, which takes as long as a wrong one. */
	TRY(password_matches(auth->request, &subject.user.password, password, &is_right));
	return auth_settle(auth, &subject, is_right, STR_NONE, 0);
}

const struct auth_flow auth_flow_user_password = {
	.names = { AUTH_FLOW_TYPE_USER_PASSWORD_AUTH },
	.allowed_by = EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_USER_PASSWORD_AUTH,
	.refusal = "USER_PASSWORD_AUTH flow not enabled for this client",
	.is_for_users = true,
	.required = { "USERNAME", "PASSWORD" },
	.start = start,
};

const struct auth_flow auth_flow_admin_password = {
	.names = { AUTH_FLOW_TYPE_ADMIN_USER_PASSWORD_AUTH, AUTH_FLOW_TYPE_ADMIN_NO_SRP_AUTH },
	.allowed_by = EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_ADMIN_USER_PASSWORD_AUTH,
	.refusal = "Auth flow not enabled for this client",
	.is_for_admins = true,
	.required = { "USERNAME", "PASSWORD" },
	.start = start,
};
