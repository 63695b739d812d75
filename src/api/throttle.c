/* SPDX-License-Identifier: Apache-2.0 */
/* Throttling. Runs for every call: with nothing to limit it costs a look-up of the pool, which is in memory. */
#include "api/throttle.h"

#include "userpool/access_token.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/quota.h"

/* A member that is a text; absent when the operation has none of that name. */
static str text_member(const struct spec_operation *operation, const void *input, str name)
{
	const struct spec_field *field = spec_field_by_name(operation->input, name);
	return field && field->type->kind == SPEC_STRING ? *(const str *)spec_field_in(field, input) : STR_NONE;
}

static bool has_pool(const struct spec_operation *operation)
{
	return spec_field_by_name(operation->input, STR("UserPoolId")) ||
		spec_field_by_name(operation->input, STR("ClientId"));
}

static RESULT look_up(struct request *request, const struct spec_operation *operation, const void *input,
	const struct user_pool **pool)
{
	const struct client *client;
	str pool_id = text_member(operation, input, STR("UserPoolId"));
	str client_id = text_member(operation, input, STR("ClientId"));
	if (str_is_set(pool_id))
		return pool_find(request, pool_id, pool);
	return client_find_with_pool(request, client_id, &client, pool);
}

/* NULL when there is no such pool. */
static RESULT find_pool(struct request *request, const struct spec_operation *operation, const void *input,
	const struct user_pool **pool)
{
	*pool = request->caller ? request->caller->pool : NULL;
	if (*pool || result_is_ok(look_up(request, operation, input, pool)))
		return OK;
	if (request->error != ERROR_RESOURCE_NOT_FOUND)
		return (result){ false };
	request_clear_failure(request);
	*pool = NULL;
	return OK;
}

/* USERNAME among the parameters of a sign-in. */
static str parameter(const struct spec_operation *operation, const void *input, str member)
{
	const struct spec_field *field = spec_field_by_name(operation->input, member);
	const struct str_map *map = field && field->type->kind == SPEC_MAP ? spec_field_in(field, input) : NULL;
	for (size_t i = 0; map && i < map->count; i++)
		if (str_equal(map->items[i].name, STR("USERNAME")))
			return map->items[i].value;
	return STR_NONE;
}

/* As the caller calls the user; absent when the call is about none. */
static str username_of(const struct request *request, const struct spec_operation *operation, const void *input)
{
	if (request->caller)
		return request->caller->user.username;
	str username = text_member(operation, input, STR("Username"));
	if (!str_is_set(username))
		username = parameter(operation, input, STR("AuthParameters"));
	return str_is_set(username) ? username : parameter(operation, input, STR("ChallengeResponses"));
}

result throttle(struct request *request, const struct spec_operation *operation, const void *input)
{
	const struct user_pool *pool;
	if (operation->category == CATEGORY_NONE)
		return OK;
	if (!request->caller && !has_pool(operation))
		return quota_take(request, NULL, operation->category);
	TRY(find_pool(request, operation, input, &pool));
	if (!pool)
		return OK;
	TRY(quota_take(request, pool, operation->category));
	str username = username_of(request, operation, input);
	return str_is_set(username) ? quota_take_for_user(request, pool, username) : OK;
}
