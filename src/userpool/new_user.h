/* SPDX-License-Identifier: Apache-2.0 */
/* A user in the making, whoever makes it. */
#pragma once

#include "base/request.h"
#include "spec/cognito_idp.h"
#include "userpool/user.h"

/* From the name and the attributes of a request, checked against the pool; without password. Where addresses
   are user names, the address becomes an attribute and the user name is a UUID; `*name_attribute` says which
   one, else absent. Addresses without a word on it are not verified. Raises InvalidParameter. */
RESULT new_user_prepare(struct request *request, const struct user_pool *pool, str name,
	const struct attribute_type_list *attributes, struct user *user, str *name_attribute);

/* How the user is addressed in messages: by the name it signs in with. */
str new_user_called(const struct user *user, str name_attribute);
