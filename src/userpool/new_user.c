/* SPDX-License-Identifier: Apache-2.0 */
/* New users. */
#include "userpool/new_user.h"

#include "base/entropy.h"
#include "userpool/attribute.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"

static RESULT check_identity(struct request *request, const struct attribute_type_list *attributes)
{
	if (str_is_set(attribute_value(attributes, STR("sub"))))
		return FAIL(request, INVALID_PARAMETER, "Cannot modify the non-mutable attribute sub");
	return OK;
}

/* The name as an attribute, unless the request has the same one. */
static RESULT add_name(
	struct request *request, str name_attribute, str name, struct attribute_type_list *attributes)
{
	str given = attribute_value(attributes, name_attribute);
	if (!str_is_empty(given) && !str_equal(given, name))
		return FAIL(request, INVALID_PARAMETER, "Username and the attribute %.*s must be the same.",
			STR_ARG(name_attribute));
	*attributes = attribute_with(request->arena, attributes, name_attribute, name);
	return OK;
}

static void add_unverified(struct request *request, struct attribute_type_list *attributes)
{
	static const struct {
		str attribute, verified;
	} addresses[] = {
		{ STR_INIT("email"), STR_INIT("email_verified") },
		{ STR_INIT("phone_number"), STR_INIT("phone_number_verified") },
	};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		if (!str_is_empty(attribute_value(attributes, addresses[i].attribute)) &&
			str_is_empty(attribute_value(attributes, addresses[i].verified)))
			*attributes = attribute_with(
				request->arena, attributes, addresses[i].verified, STR("false"));
}

result new_user_prepare(struct request *request, const struct user_pool *pool, str name,
	const struct attribute_type_list *attributes, struct user *user, str *name_attribute)
{
	const struct attribute_type_list nothing = { .count = 0 };
	str id = uuid_new(request->arena);
	*user = (struct user){
		.id = id,
		.pool_id = pool->id,
		.username = name,
		.is_enabled = true,
		.created_at = request->now,
		.modified_at = request->now,
	};
	TRY(sign_in_name_check(request, pool, name, name_attribute));
	TRY(check_identity(request, attributes));
	TRY(attribute_check_values(request, pool, attributes));
	user->attributes = attribute_merge(request->arena, attributes, &nothing);
	if (str_is_set(*name_attribute)) {
		TRY(add_name(request, *name_attribute, name, &user->attributes));
		user->username = id;
	}
	add_unverified(request, &user->attributes);
	return OK;
}

str new_user_called(const struct user *user, str name_attribute)
{
	return str_is_set(name_attribute) ? user_attribute(user, name_attribute) : user->username;
}
