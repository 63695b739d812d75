/* SPDX-License-Identifier: Apache-2.0 */
/* Which second factor a sign-in asks for, by the pool's mode, the user's preference and what the user has. */
#pragma once

#include "base/request.h"
#include "userpool/mfa_factor.h"

enum mfa_need {
	MFA_NONE, /* the first factor is enough */
	MFA_CODE, /* of the one factor */
	MFA_SELECTION, /* of one of the factors */
	MFA_SET_UP, /* the user must have one and has none: of one of the factors, of which there may be none
		     */
};

struct mfa_choice {
	enum mfa_need need;
	const struct mfa_factor *factors[MFA_FACTOR_COUNT];
	size_t count;
};

/* Reads nothing where the user's row says it all: while MFA is OFF, while it is OPTIONAL and the user has
   turned no factor on, and for software tokens. */
RESULT mfa_choose(
	struct request *request, const struct user_pool *pool, struct user *user, struct mfa_choice *choice);

bool mfa_choice_has(const struct mfa_choice *choice, const struct mfa_factor *factor);

/* The factors as challenges list them: ["SMS_MFA","SOFTWARE_TOKEN_MFA"]. */
str mfa_choice_names(struct request *request, const struct mfa_choice *choice);
