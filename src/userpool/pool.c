/* SPDX-License-Identifier: Apache-2.0 */
/* User pools: rows of the store, decoded copies in a cache. The settings are stored as the JSON that DescribeUserPool
   would show, without times and counts, which have columns of their own. */
#include "userpool/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "audit/trail.h"
#include "base/fatal.h"
#include "base/settings.h"
#include "crypto/random.h"
#include "spec/copy.h"
#include "spec/decode.h"
#include "spec/render.h"
#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/cache.h"
#include "userpool/pool_key.h"
#include "userpool/pool_key_stock.h"
#include "userpool/pool_mfa.h"
#include "userpool/pool_rules.h"
#include "userpool/pool_schema.h"
#include "userpool/pool_settings.h"
#include "userpool/quota_setting.h"

enum {
	CACHED_POOLS = 256,
	POOLS_MAX = 1000,
	PAGE_MAX = 60,
	SHORT_NAME_LEN = 9,
	SETTINGS_MAX_BYTES = 4 * 1024 * 1024,
};

#define LIST_NAME "ListUserPools"

/* --- One pool --- */

static RESULT refuse_unknown(struct request *request, str id)
{
	return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(id));
}

/* An operator may keep the issuers that clients of Cognito have compiled in. */
static str issuer_of(struct arena *arena, const struct settings *settings, const struct user_pool_type *pool)
{
	if (!settings->aws_issuer)
		return arena_printf(arena, "%.*s/%.*s", STR_ARG(settings->public_url), STR_ARG(pool->id));
	bool is_updated = pool->issuer_configuration && pool->issuer_configuration->type == ISSUER_TYPE_UPDATED;
	return arena_printf(arena, "https://%scognito-idp.%.*s.amazonaws.com/%.*s", is_updated ? "issuer-" : "",
		STR_ARG(settings->region), STR_ARG(pool->id));
}

static void derive_names(struct user_pool *pool)
{
	static const enum pool_name aliases[] = {
		[ALIAS_ATTRIBUTE_TYPE_EMAIL] = POOL_NAME_EMAIL,
		[ALIAS_ATTRIBUTE_TYPE_PHONE_NUMBER] = POOL_NAME_PHONE_NUMBER,
		[ALIAS_ATTRIBUTE_TYPE_PREFERRED_USERNAME] = POOL_NAME_PREFERRED_USERNAME,
	};
	static const enum pool_name usernames[] = {
		[USERNAME_ATTRIBUTE_TYPE_EMAIL] = POOL_NAME_EMAIL,
		[USERNAME_ATTRIBUTE_TYPE_PHONE_NUMBER] = POOL_NAME_PHONE_NUMBER,
	};
	const struct user_pool_type *settings = &pool->settings;
	memset(pool->is_alias, 0, sizeof pool->is_alias);
	memset(pool->is_username, 0, sizeof pool->is_username);
	for (size_t i = 0; i < settings->alias_attributes.count; i++)
		pool->is_alias[aliases[settings->alias_attributes.items[i]]] = true;
	for (size_t i = 0; i < settings->username_attributes.count; i++)
		pool->is_username[usernames[settings->username_attributes.items[i]]] = true;
	pool->is_case_sensitive = pool_rules_is_case_sensitive(settings);
}

static void derive(struct arena *arena, const struct settings *process, struct user_pool *pool)
{
	const struct user_pool_type *settings = &pool->settings;
	pool->id = settings->id;
	pool->short_name = str_from(pool->id, (size_t)(str_find_char(pool->id, '_') + 1));
	pool->issuer = issuer_of(arena, process, settings);
	derive_names(pool);
}

static RESULT decode(struct request *request, struct arena *arena, const struct store_user_pool_by_id_row *row,
	struct user_pool_type *settings, struct get_user_pool_mfa_config_response *mfa)
{
	TRY(spec_decode_stored(request, arena, &spec_type_user_pool_type, row->settings, settings));
	if (!str_is_set(row->mfa_settings))
		return OK;
	return spec_decode_stored(
		request, arena, &spec_type_get_user_pool_mfa_config_response, row->mfa_settings, mfa);
}

static RESULT read(struct request *request, struct arena *arena, str id, struct user_pool *pool)
{
	struct store_user_pool_by_id_row row;
	bool found;
	TRY(store_user_pool_by_id(request, &(struct store_user_pool_by_id_in){ .id = id }, &row, &found));
	if (!found)
		return refuse_unknown(request, id);
	TRY(decode(request, arena, &row, &pool->settings, &pool->mfa));
	pool->settings.creation_date = optional_int(row.created_at);
	pool->settings.last_modified_date = optional_int(row.modified_at);
	pool->name_space = arena_copy(arena, row.name_space);
	pool->version = row.version;
	TRY(quota_setting_load(request, id, &pool->rates));
	derive(arena, request->settings, pool);
	return OK;
}

static RESULT load(struct request *request, struct arena *arena, str id, const void **object)
{
	struct user_pool *pool = ARENA_NEW(arena, struct user_pool);
	*object = pool;
	return read(request, arena, id, pool);
}

/* What a transaction sees is not for others until it is durable, so it has no place in the cache. */
result pool_read(struct request *request, str id, struct user_pool *pool)
{
	*pool = (struct user_pool){ .id = STR_NONE };
	return read(request, request->arena, id, pool);
}

struct user_pool pool_with_rules(struct arena *arena, const struct user_pool *pool,
	const struct user_pool_rules_type *rules, str name_space)
{
	struct user_pool changed = *pool;
	pool_rules_apply(arena, rules, &changed.settings);
	changed.name_space = name_space;
	derive_names(&changed);
	return changed;
}

/* Lives as long as the process: threads may still hold copies when it ends. */
static struct cache *pools;

static void make_cache(void)
{
	pools = cache_new(CACHED_POOLS, load);
}

result pool_find(struct request *request, str id, const struct user_pool **pool)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct store_user_pool_version_row row;
	const void *object;
	bool found;
	pthread_once(&once, make_cache);
	TRY(store_user_pool_version(request, &(struct store_user_pool_version_in){ .id = id }, &row, &found));
	if (!found)
		return refuse_unknown(request, id);
	TRY(cache_get(pools, request, id, row.version, &object));
	*pool = object;
	trail_note_pool(request, id);
	return OK;
}

/* Absent where it is no ARN of a user pool: arn:<partition>:cognito-idp:<region>:<account>:userpool/<id> */
static str id_in_arn(str arn)
{
	enum { PARTS = 5, SERVICE = 2 };
	static const str kind = STR_INIT("userpool/");
	str parts[PARTS], rest = arn;
	for (size_t i = 0; i < PARTS; i++)
		parts[i] = str_split(&rest, ':');
	bool is_pool = str_equal(parts[SERVICE], STR("cognito-idp")) && str_has_prefix(rest, kind);
	return is_pool ? str_from(rest, kind.len) : STR_NONE;
}

/* A pool in another region or account is another pool, whatever its id. */
result pool_find_by_arn(struct request *request, str arn, const struct user_pool **pool)
{
	str id = id_in_arn(arn);
	if (!str_is_set(id))
		return FAIL(request, INVALID_PARAMETER, "The resource ARN is not that of a user pool.");
	TRY(pool_find(request, id, pool));
	return str_equal((*pool)->settings.arn, arn) ? OK : refuse_unknown(request, id);
}

static _Atomic uint64_t generation;

uint64_t pool_generation(void)
{
	return atomic_load(&generation);
}

bool pool_is_auto_verified(const struct user_pool *pool, str attribute)
{
	const struct verified_attribute_type_list *verified = &pool->settings.auto_verified_attributes;
	int wanted = spec_enum_value(&spec_type_verified_attribute_type, attribute);
	for (size_t i = 0; wanted && i < verified->count; i++)
		if ((int)verified->items[i] == wanted)
			return true;
	return false;
}

const struct schema_attribute_type *pool_schema_attribute(const struct user_pool *pool, str name)
{
	return pool_schema_find(&pool->settings.schema_attributes, name);
}

/* --- Writing --- */

/* Settings on their way into the store. */
struct change {
	struct user_pool_type settings;
	struct get_user_pool_mfa_config_response mfa;
	str text, mfa_text;
	int64_t version; /* of the row that they replace */
};

static RESULT render(struct request *request, const struct spec_type *type, const void *structure, str *rendered)
{
	struct buf text = buf_new(request->arena, SETTINGS_MAX_BYTES);
	spec_render(&text, type, structure);
	if (text.overflowed)
		return FAIL(request, INVALID_PARAMETER, "The settings of the user pool are too large.");
	*rendered = buf_str(&text);
	return OK;
}

static RESULT render_all(struct request *request, struct change *change)
{
	struct user_pool_type stored = change->settings;
	stored.creation_date = stored.last_modified_date = (struct optional_int){ 0 };
	TRY(render(request, &spec_type_user_pool_type, &stored, &change->text));
	return render(request, &spec_type_get_user_pool_mfa_config_response, &change->mfa, &change->mfa_text);
}

static RESULT check(struct request *request, const struct user_pool_type *settings,
	const struct get_user_pool_mfa_config_response *mfa)
{
	TRY(pool_settings_check(request, settings));
	return pool_mfa_check(request, settings, mfa);
}

static RESULT insert(struct request *request, void *context)
{
	const struct change *change = context;
	struct store_user_pool_count_row row;
	bool found;
	TRY(store_user_pool_count(request, &row, &found));
	if (row.count >= POOLS_MAX)
		return FAIL(request, LIMIT_EXCEEDED, "There can be at most %d user pools.", POOLS_MAX);
	TRY(store_user_pool_insert(request,
		&(struct store_user_pool_insert_in){
			.id = change->settings.id,
			.name = change->settings.name,
			.settings = change->text,
			.now = request->now,
		},
		NULL));
	trail_note_pool(request, change->settings.id);
	return pool_key_assign_spares(request, change->settings.id);
}

static void name_new(struct request *request, struct user_pool_type *settings)
{
	static const str alphabet = STR_INIT("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
	str short_name = random_text(request->arena, alphabet, SHORT_NAME_LEN);
	const struct settings *process = request->settings;
	settings->id = arena_printf(request->arena, "%.*s_%.*s", STR_ARG(process->region), STR_ARG(short_name));
	settings->arn = arena_printf(request->arena, "arn:aws:cognito-idp:%.*s:%.*s:userpool/%.*s",
		STR_ARG(process->region), STR_ARG(process->account_id), STR_ARG(settings->id));
	settings->creation_date = settings->last_modified_date = optional_int(request->now);
}

result pool_create(struct request *request, const struct create_user_pool_request *input,
	struct user_pool_type *created)
{
	struct change change = { .settings.name = input->pool_name };
	struct user_pool_type *settings = &change.settings;
	spec_copy_members(&spec_type_user_pool_type, settings, &spec_type_create_user_pool_request, input);
	TRY(check(request, settings, &change.mfa));
	TRY(pool_schema_make(request, &input->schema, &settings->schema_attributes));
	pool_settings_fill(request->arena, settings);
	name_new(request, settings);
	TRY(render_all(request, &change));
	TRY(store_write(request, insert, &change));
	pool_key_stock_wake();
	*created = *settings;
	created->estimated_number_of_users = optional_int(0);
	return OK;
}

static RESULT replace(struct request *request, void *context)
{
	const struct change *change = context;
	int64_t changed;
	TRY(store_user_pool_update(request,
		&(struct store_user_pool_update_in){
			.id = change->settings.id,
			.version = change->version,
			.name = change->settings.name,
			.settings = change->text,
			.mfa_settings = change->mfa_text,
			.now = request->now,
		},
		&changed));
	if (!changed)
		return FAIL(request, CONCURRENT_MODIFICATION, "The user pool was changed by another request.");
	return OK;
}

/* What an update leaves as it is: what was settled at creation, and what identifies the pool to others. */
static struct user_pool_type lasting_settings(const struct user_pool_type *old)
{
	return (struct user_pool_type){
		.id = old->id,
		.name = old->name,
		.arn = old->arn,
		.schema_attributes = old->schema_attributes,
		.alias_attributes = old->alias_attributes,
		.username_attributes = old->username_attributes,
		.username_configuration = old->username_configuration,
		.user_pool_tags = old->user_pool_tags,
		.key_configuration = old->key_configuration,
		.issuer_configuration = old->issuer_configuration,
		.domain = old->domain,
		.custom_domain = old->custom_domain,
	};
}

/* A feature plan can be left for a lower one only without what the lower one lacks. */
static RESULT check_update(struct request *request, const struct user_pool *pool, const struct change *change)
{
	const struct user_pool_type *settings = &change->settings;
	result fits = check(request, settings, &change->mfa);
	bool goes_down = settings->user_pool_tier && settings->user_pool_tier < pool->settings.user_pool_tier;
	if (!result_is_ok(fits) && request->error == ERROR_FEATURE_UNAVAILABLE_IN_TIER && goes_down)
		return FAIL(request, TIER_CHANGE_NOT_ALLOWED,
			"The feature plan cannot be changed to %.*s while the user pool uses features that it lacks.",
			STR_ARG(spec_enum_text(&spec_type_user_pool_tier_type, (int)settings->user_pool_tier)));
	return fits;
}

static RESULT replace_all(struct request *request, struct change *change)
{
	TRY(render_all(request, change));
	TRY(store_write(request, replace, change));
	atomic_fetch_add(&generation, 1);
	return OK;
}

result pool_update(struct request *request, const struct update_user_pool_request *input)
{
	const struct user_pool *pool;
	TRY(pool_find(request, input->user_pool_id, &pool));
	struct change change = {
		.settings = lasting_settings(&pool->settings),
		.mfa = pool->mfa,
		.version = pool->version,
	};
	spec_copy_members(&spec_type_user_pool_type, &change.settings, &spec_type_update_user_pool_request, input);
	if (str_is_set(input->pool_name))
		change.settings.name = input->pool_name;
	TRY(check_update(request, pool, &change));
	pool_settings_fill(request->arena, &change.settings);
	return replace_all(request, &change);
}

result pool_set_mfa(struct request *request, const struct set_user_pool_mfa_config_request *input,
	struct get_user_pool_mfa_config_response *set)
{
	const struct user_pool *pool;
	TRY(pool_find(request, input->user_pool_id, &pool));
	struct change change = { .settings = pool->settings, .mfa = pool->mfa, .version = pool->version };
	TRY(pool_mfa_change(request, input, &change.settings, &change.mfa));
	TRY(replace_all(request, &change));
	*set = pool_mfa_shown(request->arena, &change.settings, &change.mfa);
	return OK;
}

struct rewrite {
	str id;
	pool_change_function *change;
	const void *context;
};

static void count_change(void *context)
{
	(void)context;
	atomic_fetch_add(&generation, 1);
}

static RESULT rewrite(struct request *request, void *context)
{
	const struct rewrite *rewrite = context;
	const struct store_user_pool_by_id_in in = { .id = rewrite->id };
	struct change change = { .version = 0 };
	struct store_user_pool_by_id_row row;
	bool found;
	TRY(store_user_pool_by_id(request, &in, &row, &found));
	if (!found)
		return refuse_unknown(request, rewrite->id);
	TRY(decode(request, request->arena, &row, &change.settings, &change.mfa));
	change.version = row.version;
	TRY(rewrite->change(request, &change.settings, rewrite->context));
	TRY(render_all(request, &change));
	store_after_commit(request, count_change, NULL);
	return replace(request, &change);
}

result pool_change(struct request *request, str id, pool_change_function *change, const void *context)
{
	struct rewrite whole = { .id = id, .change = change, .context = context };
	return store_write(request, rewrite, &whole);
}

static result add_attributes(struct request *request, struct user_pool_type *settings, const void *context)
{
	const struct schema_attribute_type_list old = settings->schema_attributes;
	return pool_schema_extend(request, &old, context, &settings->schema_attributes);
}

result pool_add_attributes(struct request *request, const struct add_custom_attributes_request *input)
{
	return pool_change(request, input->user_pool_id, add_attributes, &input->custom_attributes);
}

static RESULT delete(struct request *request, void *context)
{
	const struct user_pool *pool = context;
	int64_t changed;
	TRY(store_user_pool_delete(request, &(struct store_user_pool_delete_in){ .id = pool->id }, &changed));
	return changed ? OK : refuse_unknown(request, pool->id);
}

result pool_delete(struct request *request, str id)
{
	const struct user_pool *pool;
	TRY(pool_find(request, id, &pool));
	if (pool->settings.deletion_protection == DELETION_PROTECTION_TYPE_ACTIVE)
		return FAIL(request, INVALID_PARAMETER,
			"The user pool cannot be deleted because deletion protection is activated. "
			"Deletion protection must be inactivated first.");
	TRY(store_write(request, delete, (void *)pool));
	atomic_fetch_add(&generation, 1);
	return OK;
}

/* --- Showing --- */

result pool_describe(struct request *request, str id, struct user_pool_type *described)
{
	struct store_user_pool_user_count_row row;
	const struct user_pool *pool;
	bool found;
	TRY(pool_find(request, id, &pool));
	TRY(store_user_pool_user_count(request, &(struct store_user_pool_user_count_in){ .id = id }, &row, &found));
	if (!found)
		return refuse_unknown(request, id);
	*described = pool->settings;
	described->estimated_number_of_users = optional_int(row.user_count);
	return OK;
}

result pool_get_mfa(struct request *request, str id, struct get_user_pool_mfa_config_response *shown)
{
	const struct user_pool *pool;
	TRY(pool_find(request, id, &pool));
	*shown = pool_mfa_shown(request->arena, &pool->settings, &pool->mfa);
	return OK;
}

/* The settings hold every member that a description shows, but the times. */
static RESULT describe_row(struct request *request, const struct store_user_pool_page_row *row,
	struct user_pool_description_type *description)
{
	TRY(spec_decode_stored(request, request->arena, &spec_type_user_pool_description_type, row->settings,
		description));
	description->creation_date = optional_int(row->created_at);
	description->last_modified_date = optional_int(row->modified_at);
	return OK;
}

result pool_list(struct request *request, int64_t limit, str token, struct user_pool_description_type_list *list,
	str *next_token)
{
	struct store_user_pool_page_row *rows;
	size_t count;
	str after;
	if (limit < 1 || limit > PAGE_MAX)
		limit = PAGE_MAX;
	TRY(page_key(request, STR(LIST_NAME), token, &after));
	/* One more than asked for tells whether there is a next page. */
	TRY(store_user_pool_page(request,
		&(struct store_user_pool_page_in){
			.after_id = str_is_set(after) ? after : STR(""), .limit = limit + 1 },
		&rows, &count));
	list->items = ARENA_ARRAY(request->arena, struct user_pool_description_type, count);
	for (; list->count < count && list->count < (size_t)limit; list->count++)
		TRY(describe_row(request, &rows[list->count], &list->items[list->count]));
	if (count > (size_t)limit)
		*next_token = page_token(request, STR(LIST_NAME), rows[limit - 1].id);
	return OK;
}
