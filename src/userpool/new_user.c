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

result new_user_prepare(struct request *request, const struct user_pool *pool, str name,
	const struct attribute_type_list *attributes, struct user *user, str *name_attribute)
{
	const struct attribute_type_list nothing = { .count = 0 };
	const struct attribute_type_list usual = attribute_with_usual_booleans(request->arena, pool, attributes);
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
	user->attributes = attribute_merge(request->arena, &usual, &nothing);
	if (str_is_set(*name_attribute)) {
		TRY(add_name(request, *name_attribute, name, &user->attributes));
		user->username = id;
	}
	struct attribute_type_list marked = attribute_unverify(request->arena, &nothing, &user->attributes);
	user->attributes = attribute_merge(request->arena, &nothing, &marked);
	return OK;
}

str new_user_called(const struct user *user, str name_attribute)
{
	return str_is_set(name_attribute) ? user_attribute(user, name_attribute) : user->username;
}
