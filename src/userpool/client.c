/* SPDX-License-Identifier: Apache-2.0 */
/* App clients: rows of the store, decoded copies in a cache. The settings are stored as the JSON that
   DescribeUserPoolClient would show, without secret and times, which have columns of their own. */
#include "userpool/client.h"

#include <pthread.h>

#include "audit/trail.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "spec/copy.h"
#include "spec/decode.h"
#include "spec/render.h"
#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/cache.h"
#include "userpool/client_secret.h"
#include "userpool/client_settings.h"
#include "userpool/pool.h"

enum {
	CACHED_CLIENTS = 1024,
	CLIENTS_MAX = 1000,
	PAGE_MAX = 60,
	ID_LEN = 26,
	SETTINGS_MAX_BYTES = 4 * 1024 * 1024,
};

/* --- One client --- */

static RESULT refuse_unknown(struct request *request, str id)
{
	return FAIL(request, RESOURCE_NOT_FOUND, "User pool client %.*s does not exist.", STR_ARG(id));
}

static void derive(struct client *client)
{
	const struct user_pool_client_type *settings = &client->settings;
	const struct refresh_token_rotation_type *rotation = settings->refresh_token_rotation;
	client->id = settings->client_id;
	client->pool_id = settings->user_pool_id;
	client->access_token_validity = client_settings_access_token_validity(settings);
	client->id_token_validity = client_settings_id_token_validity(settings);
	client->refresh_token_validity = client_settings_refresh_token_validity(settings);
	client->session_validity = settings->auth_session_validity.value * MINUTE;
	client->has_rotation = rotation && rotation->feature == FEATURE_TYPE_ENABLED;
	client->rotation_grace =
		client->has_rotation ? optional_int_or(rotation->retry_grace_period_seconds, 0) * SECOND : 0;
	client->has_revocation = optional_bool_or(settings->enable_token_revocation, true);
	client->hides_users = settings->prevent_user_existence_errors == PREVENT_USER_EXISTENCE_ERROR_TYPES_ENABLED;
}

static RESULT load(struct request *request, struct arena *arena, str id, const void **object)
{
	struct client *client = ARENA_NEW(arena, struct client);
	struct store_user_pool_client_by_id_row row;
	bool found;
	TRY(store_user_pool_client_by_id(
		request, &(struct store_user_pool_client_by_id_in){ .id = id }, &row, &found));
	if (!found)
		return refuse_unknown(request, id);
	TRY(spec_decode_stored(request, arena, &spec_type_user_pool_client_type, row.settings, &client->settings));
	TRY(client_secret_load(request, arena, id, &client->secrets, &client->secret_count));
	client->settings.creation_date = optional_int(row.created_at);
	client->settings.last_modified_date = optional_int(row.modified_at);
	client->version = row.version;
	derive(client);
	*object = client;
	return OK;
}

/* Lives as long as the process: threads may still hold copies when it ends. */
static struct cache *clients;

static void make_cache(void)
{
	clients = cache_new(CACHED_CLIENTS, load);
}

result client_find(struct request *request, str id, const struct client **client)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct store_user_pool_client_version_row row;
	const void *object;
	bool found;
	pthread_once(&once, make_cache);
	TRY(store_user_pool_client_version(
		request, &(struct store_user_pool_client_version_in){ .id = id }, &row, &found));
	if (!found)
		return refuse_unknown(request, id);
	TRY(cache_get(clients, request, id, row.version, &object));
	*client = object;
	trail_note_client(request, id);
	return OK;
}

result client_find_in_pool(struct request *request, str pool_id, str id, const struct client **client)
{
	TRY(client_find(request, id, client));
	return str_equal((*client)->pool_id, pool_id) ? OK : refuse_unknown(request, id);
}

result client_find_with_pool(struct request *request, str id, const struct client **client,
	const struct user_pool **pool)
{
	TRY(client_find(request, id, client));
	return pool_find(request, (*client)->pool_id, pool);
}

/* --- What it may do --- */

static enum explicit_auth_flows_type new_name(enum explicit_auth_flows_type flow)
{
	switch (flow) {
	case EXPLICIT_AUTH_FLOWS_TYPE_ADMIN_NO_SRP_AUTH:
		return EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_ADMIN_USER_PASSWORD_AUTH;
	case EXPLICIT_AUTH_FLOWS_TYPE_CUSTOM_AUTH_FLOW_ONLY:
		return EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_CUSTOM_AUTH;
	case EXPLICIT_AUTH_FLOWS_TYPE_USER_PASSWORD_AUTH:
		return EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_USER_PASSWORD_AUTH;
	default:
		return flow;
	}
}

static bool lists_flow(const struct explicit_auth_flows_type_list *flows, enum explicit_auth_flows_type flow)
{
	for (size_t i = 0; i < flows->count; i++)
		if (new_name(flows->items[i]) == flow)
			return true;
	return false;
}

/* The old names never spoke of refreshing or SRP: both went without saying, but for CUSTOM_AUTH_FLOW_ONLY. */
static bool allows_by_old_names(const struct explicit_auth_flows_type_list *flows, enum explicit_auth_flows_type flow)
{
	bool is_old = flows->items[0] != new_name(flows->items[0]);
	bool is_custom_only = lists_flow(flows, EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_CUSTOM_AUTH);
	return is_old && (flow == EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_REFRESH_TOKEN_AUTH ||
				 (flow == EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_USER_SRP_AUTH && !is_custom_only));
}

bool client_allows_flow(const struct client *client, enum explicit_auth_flows_type flow)
{
	const struct explicit_auth_flows_type_list *flows = &client->settings.explicit_auth_flows;
	if (flow == EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_REFRESH_TOKEN_AUTH && client->has_rotation)
		return false;
	if (!flows->count)
		return flow == EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_REFRESH_TOKEN_AUTH ||
			flow == EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_USER_SRP_AUTH ||
			flow == EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_CUSTOM_AUTH;
	return lists_flow(flows, flow) || allows_by_old_names(flows, flow);
}

static bool lists_attribute(const struct str_list *names, str attribute)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(names->items[i], attribute))
			return true;
	return !names->count && !str_has_prefix(attribute, STR("dev:"));
}

bool client_may_read(const struct client *client, str attribute)
{
	return str_equal(attribute, STR("sub")) || lists_attribute(&client->settings.read_attributes, attribute);
}

bool client_may_write(const struct client *client, str attribute)
{
	return lists_attribute(&client->settings.write_attributes, attribute);
}

/* --- Secrets --- */

result client_check_secret_hash(struct request *request, const struct client *client, str username, str secret_hash)
{
	if (!client->secret_count && !str_is_set(secret_hash))
		return OK;
	if (!str_is_set(secret_hash))
		return FAIL(request, NOT_AUTHORIZED,
			"Client %.*s is configured with secret but SECRET_HASH was not received", STR_ARG(client->id));
	if (!client_secret_hash_matches(
		    request->arena, client->secrets, client->secret_count, client->id, username, secret_hash))
		return FAIL(request, NOT_AUTHORIZED, "Unable to verify secret hash for client %.*s",
			STR_ARG(client->id));
	return OK;
}

result client_check_secret(struct request *request, const struct client *client, str secret)
{
	if (!client->secret_count && !str_is_set(secret))
		return OK;
	if (!str_is_set(secret))
		return FAIL(request, NOT_AUTHORIZED,
			"Client %.*s is configured with secret but ClientSecret was not received", STR_ARG(client->id));
	if (!client_secret_matches(client->secrets, client->secret_count, secret))
		return FAIL(request, NOT_AUTHORIZED, "Unable to verify secret for client %.*s", STR_ARG(client->id));
	return OK;
}

/* --- Writing --- */

/* Settings on their way into the store. */
struct change {
	struct user_pool_client_type settings;
	str secret; /* of a new client, or absent */
	str text;
	int64_t version; /* of the row that they replace */
};

static RESULT render(struct request *request, struct change *change)
{
	struct buf text = buf_new(request->arena, SETTINGS_MAX_BYTES);
	struct user_pool_client_type stored = change->settings;
	stored.client_secret = STR_NONE;
	stored.creation_date = stored.last_modified_date = (struct optional_int){ 0 };
	spec_render(&text, &spec_type_user_pool_client_type, &stored);
	if (text.overflowed)
		return FAIL(request, INVALID_PARAMETER, "The settings of the client are too large.");
	change->text = buf_str(&text);
	return OK;
}

/* The pool may have gone, and its clients may have become too many, since the settings were checked. */
static RESULT check_room(struct request *request, str pool_id)
{
	struct store_user_pool_version_row pool;
	struct store_user_pool_client_count_row clients_there;
	bool found;
	TRY(store_user_pool_version(request, &(struct store_user_pool_version_in){ .id = pool_id }, &pool, &found));
	if (!found)
		return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(pool_id));
	TRY(store_user_pool_client_count(request,
		&(struct store_user_pool_client_count_in){ .pool_id = pool_id }, &clients_there, &found));
	if (clients_there.count >= CLIENTS_MAX)
		return FAIL(request, LIMIT_EXCEEDED, "A user pool can have at most %d clients.", CLIENTS_MAX);
	return OK;
}

static RESULT insert(struct request *request, void *context)
{
	const struct change *change = context;
	trail_note_client(request, change->settings.client_id);
	TRY(check_room(request, change->settings.user_pool_id));
	TRY(store_user_pool_client_insert(request,
		&(struct store_user_pool_client_insert_in){
			.id = change->settings.client_id,
			.pool_id = change->settings.user_pool_id,
			.name = change->settings.client_name,
			.settings = change->text,
			.now = request->now,
		},
		NULL));
	if (str_is_set(change->secret))
		TRY(client_secret_insert(request, change->settings.client_id, change->secret));
	return OK;
}

static RESULT choose_secret(struct request *request, const struct create_user_pool_client_request *input, str *secret)
{
	bool wants_new = optional_bool_or(input->generate_secret, false);
	if (wants_new && str_is_set(input->client_secret))
		return FAIL(request, INVALID_PARAMETER,
			"ClientSecret cannot be given together with GenerateSecret as true.");
	*secret = wants_new ? client_secret_new(request) : input->client_secret;
	return OK;
}

result client_create(struct request *request, const struct create_user_pool_client_request *input,
	struct user_pool_client_type *created)
{
	struct change change = { .version = 0 };
	struct user_pool_client_type *settings = &change.settings;
	const struct user_pool *pool;
	TRY(pool_find(request, input->user_pool_id, &pool));
	TRY(choose_secret(request, input, &change.secret));
	spec_copy_members(
		&spec_type_user_pool_client_type, settings, &spec_type_create_user_pool_client_request, input);
	TRY(client_settings_check(request, pool, settings, true, str_is_set(change.secret)));
	client_settings_fill(settings);
	settings->client_id = random_text(request->arena, STR("abcdefghijklmnopqrstuvwxyz0123456789"), ID_LEN);
	settings->client_secret = change.secret;
	settings->creation_date = settings->last_modified_date = optional_int(request->now);
	TRY(render(request, &change));
	TRY(store_write(request, insert, &change));
	*created = *settings;
	return OK;
}

static RESULT replace(struct request *request, void *context)
{
	const struct change *change = context;
	int64_t changed;
	TRY(store_user_pool_client_update(request,
		&(struct store_user_pool_client_update_in){
			.id = change->settings.client_id,
			.version = change->version,
			.name = change->settings.client_name,
			.settings = change->text,
			.now = request->now,
		},
		&changed));
	if (!changed)
		return FAIL(request, CONCURRENT_MODIFICATION, "The client was changed by another request.");
	return OK;
}

result client_update(struct request *request, const struct update_user_pool_client_request *input,
	struct user_pool_client_type *updated)
{
	const struct user_pool *pool;
	const struct client *client;
	TRY(pool_find(request, input->user_pool_id, &pool));
	TRY(client_find_in_pool(request, pool->id, input->client_id, &client));
	struct change change = {
		.settings = { .client_name = client->settings.client_name },
		.version = client->version,
	};
	struct user_pool_client_type *settings = &change.settings;
	spec_copy_members(
		&spec_type_user_pool_client_type, settings, &spec_type_update_user_pool_client_request, input);
	TRY(client_settings_check(request, pool, settings, false, client->secret_count > 0));
	client_settings_fill(settings);
	TRY(render(request, &change));
	TRY(store_write(request, replace, &change));
	return client_describe(request, pool->id, client->id, updated);
}

static RESULT delete(struct request *request, void *context)
{
	const struct client *client = context;
	const struct store_user_pool_client_delete_in in = { .id = client->id, .pool_id = client->pool_id };
	int64_t changed;
	TRY(store_user_pool_client_delete(request, &in, &changed));
	return changed ? OK : refuse_unknown(request, client->id);
}

result client_delete(struct request *request, str pool_id, str id)
{
	const struct user_pool *pool;
	const struct client *client;
	TRY(pool_find(request, pool_id, &pool));
	TRY(client_find_in_pool(request, pool_id, id, &client));
	return store_write(request, delete, (void *)client);
}

/* --- Showing --- */

result client_describe(struct request *request, str pool_id, str id, struct user_pool_client_type *described)
{
	const struct user_pool *pool;
	const struct client *client;
	TRY(pool_find(request, pool_id, &pool));
	TRY(client_find_in_pool(request, pool_id, id, &client));
	*described = client->settings;
	if (client->secret_count)
		described->client_secret = client->secrets[0];
	return OK;
}

result client_list(struct request *request, str pool_id, int64_t limit, str token,
	struct user_pool_client_description_list *list, str *next_token)
{
	str list_name = arena_printf(request->arena, "ListUserPoolClients:%.*s", STR_ARG(pool_id));
	struct store_user_pool_client_page_row *rows;
	const struct user_pool *pool;
	size_t count;
	str after;
	if (limit < 1 || limit > PAGE_MAX)
		limit = PAGE_MAX;
	TRY(pool_find(request, pool_id, &pool));
	TRY(page_key(request, list_name, token, &after));
	/* One more than asked for tells whether there is a next page. */
	TRY(store_user_pool_client_page(request,
		&(struct store_user_pool_client_page_in){
			.pool_id = pool_id, .after_id = str_is_set(after) ? after : STR(""), .limit = limit + 1 },
		&rows, &count));
	list->items = ARENA_ARRAY(request->arena, struct user_pool_client_description, count);
	for (; list->count < count && list->count < (size_t)limit; list->count++)
		list->items[list->count] = (struct user_pool_client_description){
			.client_id = rows[list->count].id, .user_pool_id = pool_id, .client_name = rows[list->count].name
		};
	if (count > (size_t)limit)
		*next_token = page_token(request, list_name, rows[limit - 1].id);
	return OK;
}
