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

const struct mfa_factor *mfa_factor_by_name(str name)
{
	for (size_t i = 0; i < MFA_FACTOR_COUNT; i++)
		if (str_equal(mfa_factor_name(mfa_factors[i]), name))
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

result mfa_factor_has_attribute(
	struct request *request, struct user *user, const char *attribute, bool *has_attribute)
{
	if (!user->attributes.items)
		TRY(user_load_attributes(request, user));
	*has_attribute = !str_is_empty(user_attribute(user, str_of(attribute)));
	return OK;
}
