/* SPDX-License-Identifier: Apache-2.0 */
/* Rates in the store. They are read with their pool and held with it; so whoever changes them has pools read anew. */
#include "userpool/quota_setting.h"

#include "base/settings.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/pool.h"

/* Of a category that an older program does not know nothing is limited here. */
static void apply(const struct store_quota_row *rows, size_t count, struct category_rates *rates)
{
	for (size_t i = 0; i < count; i++)
		rates->of[category_by_name(rows[i].category)] = rows[i].rate;
	rates->of[CATEGORY_NONE] = 0;
}

result quota_setting_load(struct request *request, str pool_id, struct category_rates *rates)
{
	struct store_quota_row *rows;
	size_t count;
	/* The options were checked when they were read. */
	category_rates_parse(request->settings->quota, rates);
	TRY(store_account_quotas(request, &rows, &count));
	apply(rows, count, rates);
	if (!str_is_set(pool_id))
		return OK;
	TRY(store_user_pool_quotas(
		request, &(struct store_user_pool_quotas_in){ .pool_id = pool_id }, &rows, &count));
	apply(rows, count, rates);
	return OK;
}

/* --- What counts for all pools --- */

static RESULT find_category(
	struct request *request, const struct limit_definition_type *definition, enum category *category)
{
	const struct str_map *attributes = &definition->attributes;
	if (attributes->count == 1 && str_equal(attributes->items[0].name, STR("Category"))) {
		*category = category_by_name(attributes->items[0].value);
		if (*category != CATEGORY_NONE)
			return OK;
	}
	return FAIL(request, INVALID_PARAMETER, "The attributes must be those of a known limit: Category and its name.");
}

result quota_setting_describe(
	struct request *request, const struct limit_definition_type *definition, struct limit_type **limit)
{
	struct category_rates rates;
	enum category category;
	TRY(find_category(request, definition, &category));
	TRY(quota_setting_load(request, STR_NONE, &rates));
	struct limit_definition_type *own = ARENA_NEW(request->arena, struct limit_definition_type);
	*own = *definition;
	*limit = ARENA_NEW(request->arena, struct limit_type);
	**limit = (struct limit_type){
		.limit_definition = own,
		.provisioned_limit_value = optional_int(rates.of[category]),
		.free_limit_value = optional_int(category_usual_rate(category)),
	};
	return OK;
}

struct account_change {
	str category;
	int64_t rate;
};

static RESULT write_account(struct request *request, void *context)
{
	const struct account_change *change = context;
	TRY(store_account_quota_set(request,
		&(struct store_account_quota_set_in){ .category = change->category, .rate = change->rate }, NULL));
	return store_user_pool_renew_all(request, NULL);
}

static RESULT check_rate(struct request *request, int64_t rate)
{
	if (rate < 0)
		return FAIL(request, INVALID_PARAMETER, "The requested limit value cannot be negative.");
	if (rate > CATEGORY_RATE_MAX)
		return FAIL(request, SERVICE_QUOTA_EXCEEDED, "The requested limit value cannot be greater than %d.",
			CATEGORY_RATE_MAX);
	return OK;
}

result quota_setting_update(struct request *request, const struct limit_definition_type *definition, int64_t rate,
	struct limit_type **limit)
{
	enum category category;
	TRY(find_category(request, definition, &category));
	TRY(check_rate(request, rate));
	struct account_change change = { .category = category_name(category), .rate = rate };
	TRY(store_write(request, write_account, &change));
	return quota_setting_describe(request, definition, limit);
}

/* --- What counts for one pool --- */

static bool is_own(const struct store_quota_row *rows, size_t count, enum category category)
{
	for (size_t i = 0; i < count; i++)
		if (category_by_name(rows[i].category) == category)
			return true;
	return false;
}

result quota_setting_list(struct request *request, str pool_id, struct user_pool_quota_type_list *quotas)
{
	const struct user_pool *pool;
	struct store_quota_row *rows;
	size_t count;
	TRY(pool_find(request, pool_id, &pool));
	TRY(store_user_pool_quotas(
		request, &(struct store_user_pool_quotas_in){ .pool_id = pool_id }, &rows, &count));
	quotas->items = ARENA_ARRAY(request->arena, struct user_pool_quota_type, CATEGORY_COUNT);
	for (enum category category = CATEGORY_NONE + 1; category < CATEGORY_COUNT; category++)
		quotas->items[quotas->count++] = (struct user_pool_quota_type){
			.category = (enum quota_category_type)category,
			.rate = optional_int(pool->rates.of[category]),
			.usual_rate = optional_int(category_usual_rate(category)),
			.is_own = optional_bool(is_own(rows, count, category)),
		};
	return OK;
}

struct own_change {
	const struct user_pool *pool;
	str category;
	int64_t rate;
};

/* Raises that the pool has gone since it was found. */
static RESULT renew(struct request *request, const struct user_pool *pool)
{
	int64_t changed;
	TRY(store_user_pool_renew(request, &(struct store_user_pool_renew_in){ .id = pool->id }, &changed));
	if (!changed)
		return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(pool->id));
	return OK;
}

static RESULT write_own(struct request *request, void *context)
{
	const struct own_change *change = context;
	TRY(renew(request, change->pool));
	return store_user_pool_quota_set(request,
		&(struct store_user_pool_quota_set_in){
			.pool_id = change->pool->id,
			.category = change->category,
			.rate = change->rate,
		},
		NULL);
}

static RESULT delete_own(struct request *request, void *context)
{
	const struct own_change *change = context;
	TRY(renew(request, change->pool));
	return store_user_pool_quota_delete(request,
		&(struct store_user_pool_quota_delete_in){ .pool_id = change->pool->id, .category = change->category },
		NULL);
}

/* The values of the API's enum are those of the table. */
static RESULT change_own(struct request *request, str pool_id, struct own_change *change,
	enum quota_category_type category, store_write_function *write)
{
	change->category = category_name((enum category)category);
	TRY(pool_find(request, pool_id, &change->pool));
	return store_write(request, write, change);
}

result quota_setting_set_own(
	struct request *request, str pool_id, enum quota_category_type category, int64_t rate)
{
	struct own_change change = { .rate = rate };
	return change_own(request, pool_id, &change, category, write_own);
}

result quota_setting_delete_own(struct request *request, str pool_id, enum quota_category_type category)
{
	struct own_change change = { .rate = 0 };
	return change_own(request, pool_id, &change, category, delete_own);
}
