/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes that are addresses, e-mail and phone number: how each is marked as proven, reached, and
   called in the settings of a pool. */
#pragma once

#include "delivery/outbox.h"
#include "spec/cognito_idp.h"

struct user;

struct address_kind {
	str attribute;
	str verified; /* the attribute that is "true" once the address is proven */
	enum delivery_medium_type medium;
	enum outbox_medium outbox;
	enum verified_attribute_type setting; /* of what is verified, and verified before it is updated */
	enum recovery_option_name_type recovery;
};

extern const struct address_kind address_kind_email, address_kind_phone_number;

enum { ADDRESS_KIND_COUNT = 2 };

/* All of them. */
extern const struct address_kind *const address_kinds[ADDRESS_KIND_COUNT];

/* NULL for an attribute that is no address. */
const struct address_kind *address_kind_of(str attribute);

/* Whether the user has proven what the attribute holds; attributes must be loaded. */
bool address_kind_is_proven(const struct address_kind *kind, const struct user *user);
