/* SPDX-License-Identifier: Apache-2.0 */
/* The table of addresses. */
#include "userpool/address_kind.h"

#include "userpool/user.h"

const struct address_kind address_kind_email = {
	.attribute = STR_INIT("email"),
	.verified = STR_INIT("email_verified"),
	.medium = DELIVERY_MEDIUM_TYPE_EMAIL,
	.outbox = OUTBOX_EMAIL,
	.setting = VERIFIED_ATTRIBUTE_TYPE_EMAIL,
	.recovery = RECOVERY_OPTION_NAME_TYPE_VERIFIED_EMAIL,
};

const struct address_kind address_kind_phone_number = {
	.attribute = STR_INIT("phone_number"),
	.verified = STR_INIT("phone_number_verified"),
	.medium = DELIVERY_MEDIUM_TYPE_SMS,
	.outbox = OUTBOX_SMS,
	.setting = VERIFIED_ATTRIBUTE_TYPE_PHONE_NUMBER,
	.recovery = RECOVERY_OPTION_NAME_TYPE_VERIFIED_PHONE_NUMBER,
};

const struct address_kind *const address_kinds[ADDRESS_KIND_COUNT] = {
	&address_kind_email,
	&address_kind_phone_number,
};

const struct address_kind *address_kind_of(str attribute)
{
	for (size_t i = 0; i < ADDRESS_KIND_COUNT; i++)
		if (str_equal(address_kinds[i]->attribute, attribute))
			return address_kinds[i];
	return NULL;
}

bool address_kind_is_proven(const struct address_kind *kind, const struct user *user)
{
	return str_equal(user_attribute(user, kind->verified), STR("true"));
}
