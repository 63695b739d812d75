/* SPDX-License-Identifier: Apache-2.0 */
/* The table of second factors. */
#include "userpool/mfa_factor.h"

#include "userpool/user.h"

const struct mfa_factor *const mfa_factors[MFA_FACTOR_COUNT] = {
	&mfa_factor_sms,
	&mfa_factor_software_token,
	&mfa_factor_email,
};

str mfa_factor_name(const struct mfa_factor *factor)
{
	return spec_enum_text(&spec_type_challenge_name_type, (int)factor->challenge);
}

static bool is_called(const struct mfa_factor *factor, str name)
{
	return factor->also_called && str_equal(str_of(factor->also_called), name);
}

const struct mfa_factor *mfa_factor_by_name(str name)
{
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (str_equal(mfa_factor_name(mfa_factors[i]), name) || is_called(mfa_factors[i], name))
			return mfa_factors[i];
	return NULL;
}

bool mfa_factor_is_on(const struct mfa_factor *factor, const struct user *user)
{
	str rest = user->mfa.factors;
	while (str_is_set(rest))
		if (str_equal(str_split(&rest, ' '), mfa_factor_name(factor)))
			return true;
	return false;
}
