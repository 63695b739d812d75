/* SPDX-License-Identifier: Apache-2.0 */
/* A second factor of a sign-in: what it is called, who has it, how it is asked for and judged. Each is a file
   mfa_factor_*.c that exports a struct mfa_factor, listed in mfa_factor.c, and the challenge that asks for
   it, listed in auth.c; userpool/auth_mfa.h has what all these challenges do alike. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"

struct auth;
struct user;
struct user_pool;

enum mfa_verdict { MFA_WRONG, MFA_EXPIRED, MFA_RIGHT };

struct mfa_factor {
	enum challenge_name_type challenge; /* its text is the factor's name everywhere */
	const char *also_called; /* in older documentation, as the answer to SELECT_MFA_TYPE; or NULL */
	const char *code_parameter,
		*other_code_parameter; /* of the answer; the other one is older, or NULL */
	enum delivery_medium_type medium; /* by which its codes are sent; 0: they are not */
	const char *wrong, *expired; /* what is said of a code */
	const char *missing; /* to whoever turns the factor on without having it */
	bool outlives_offer; /* who has turned it on keeps it when the pool offers it no more */
	bool is_set_up_in_sign_in; /* MFA_SETUP can end in it */

	bool (*is_offered)(const struct user_pool *pool);

	/* Whether the user has what it takes; attributes may be loaded for that. */
	RESULT (*is_configured)
	(const struct mfa_factor *factor, struct request *request, struct user *user, bool *is_configured);

	/* Inside a transaction: sends a code where it has one to send, and sets parameters of its own in the
	   challenge. */
	RESULT (*ask)(const struct mfa_factor *factor, struct auth *auth, struct user *user);

	/* Inside a transaction: judges the code that answers the challenge of `auth`; a right one is used up. */
	RESULT (*check)(const struct auth *auth, struct user *user, str code, enum mfa_verdict *verdict);

	/* Inside a transaction: takes from the user what was kept for the factor alone; NULL for nothing. */
	RESULT (*remove)(struct request *request, struct user *user);
};

extern const struct mfa_factor mfa_factor_sms, mfa_factor_software_token, mfa_factor_email;

enum { MFA_FACTOR_COUNT = 3 };

/* All of them, in the order in which they are listed to clients. */
extern const struct mfa_factor *const mfa_factors[MFA_FACTOR_COUNT];

/* "SOFTWARE_TOKEN_MFA": in UserMFASettingList, PreferredMfaSetting, MFAS_CAN_CHOOSE. */
str mfa_factor_name(const struct mfa_factor *factor);

/* NULL when there is none that has or had that name. */
const struct mfa_factor *mfa_factor_by_name(str name);

/* Whether the user has turned it on. */
bool mfa_factor_is_on(const struct mfa_factor *factor, const struct user *user);
