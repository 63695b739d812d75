/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations. All that is known of one is in its row, which each batch reads and writes in its transaction:
   so it goes on where it was after a crash, and ends at once where somebody cancels it. */
#include "userpool/pool_migration.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/log.h"
#include "crypto/random.h"
#include "store/page.h"
#include "store/statements.h"
#include "store/store.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/pool_rules.h"
#include "userpool/sign_in_name.h"
#include "userpool/user.h"

/* Others wait for a batch. Requests that found the pool before its rules changed look for names in their old
   place, so that is kept for a while. */
enum {
	BATCH = 200,
	REMOVAL_BATCH = 1000,
	GRACE = 1 * MINUTE,
	RETRY_PAUSE = 10 * SECOND,
	CONFLICTS_MAX = 1000,
	PAGE_MAX = 60,
	ID_LEN = 12,
};

/* --- Showing --- */

static RESULT refuse_none(struct request *request, str pool_id)
{
	return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s has not been migrated.", STR_ARG(pool_id));
}

static RESULT find_row(
	struct request *request, str pool_id, struct store_user_pool_migration_row *row, bool *found)
{
	return store_user_pool_migration_of(
		request, &(struct store_user_pool_migration_of_in){ .pool_id = pool_id }, row, found);
}

static enum user_pool_migration_state_type state_of(const struct store_user_pool_migration_row *row)
{
	return spec_enum_value(&spec_type_user_pool_migration_state_type, row->state);
}

static RESULT show(struct request *request, const struct store_user_pool_migration_row *row,
	struct user_pool_migration_type **shown)
{
	struct store_user_pool_user_count_row users = { .user_count = 0 };
	bool found;
	TRY(store_user_pool_user_count(
		request, &(struct store_user_pool_user_count_in){ .id = row->pool_id }, &users, &found));
	*shown = ARENA_NEW(request->arena, struct user_pool_migration_type);
	**shown = (struct user_pool_migration_type){
		.migration_id = row->id,
		.state = state_of(row),
		.dry_run = optional_bool(row->dry_run),
		.rules = ARENA_NEW(request->arena, struct user_pool_rules_type),
		.number_of_users = optional_int(users.user_count),
		.checked_users = optional_int(row->checked_count),
		.changed_users = optional_int(row->changed_count),
		.number_of_conflicts = optional_int(row->conflict_count),
		.creation_date = optional_int(row->created_at),
		.end_date = row->ended_at,
	};
	return pool_rules_read(request, row->rules, (*shown)->rules);
}

result pool_migration_describe(
	struct request *request, str pool_id, struct user_pool_migration_type **migration)
{
	struct store_user_pool_migration_row row;
	const struct user_pool *pool;
	bool found;
	TRY(pool_find(request, pool_id, &pool));
	TRY(find_row(request, pool_id, &row, &found));
	return found ? show(request, &row, migration) : refuse_none(request, pool_id);
}

static struct user_pool_conflict_type shown_conflict(
	const struct store_user_pool_migration_conflict_page_row *row)
{
	return (struct user_pool_conflict_type){
		.kind = spec_enum_value(&spec_type_user_pool_conflict_kind_type, row->kind),
		.attribute_name = row->attribute,
		.user_sub = row->user_id,
		.username = row->username,
		.other_user_sub = row->other_user_id,
		.other_username = row->other_username,
	};
}

/* The number that a page begins behind. */
static RESULT read_place(struct request *request, str list_name, str token, int64_t *after)
{
	str key;
	*after = 0;
	TRY(page_key(request, list_name, token, &key));
	if (str_is_set(key) && !str_to_int64(key, after))
		return FAIL(request, INTERNAL, "A page token of our own has no number");
	return OK;
}

static str token_after(struct request *request, str list_name, int64_t number)
{
	return page_token(request, list_name, arena_printf(request->arena, "%lld", (long long)number));
}

result pool_migration_list_conflicts(struct request *request,
	const struct list_user_pool_migration_conflicts_request *input,
	struct list_user_pool_migration_conflicts_response *output)
{
	struct user_pool_conflict_type_list *list = &output->conflicts;
	struct store_user_pool_migration_conflict_page_row *rows;
	struct user_pool_migration_type *migration;
	int64_t limit = optional_int_or(input->max_results, PAGE_MAX), after;
	size_t count;
	TRY(pool_migration_describe(request, input->user_pool_id, &migration));
	str list_name = arena_printf(
		request->arena, "ListUserPoolMigrationConflicts:%.*s", STR_ARG(migration->migration_id));
	TRY(read_place(request, list_name, input->next_token, &after));
	/* One more than asked for tells whether there is a next page. */
	TRY(store_user_pool_migration_conflict_page(request,
		&(struct store_user_pool_migration_conflict_page_in){
			.pool_id = input->user_pool_id, .after_number = after, .limit = limit + 1 },
		&rows, &count));
	list->items = ARENA_ARRAY(request->arena, struct user_pool_conflict_type, count);
	for (; list->count < count && list->count < (size_t)limit; list->count++)
		list->items[list->count] = shown_conflict(&rows[list->count]);
	if (count > (size_t)limit)
		output->next_token = token_after(request, list_name, rows[limit - 1].number);
	return OK;
}

/* --- Beginning and ending --- */

static RESULT forget_names(struct request *request, str name_space, int64_t due_at)
{
	return store_stale_name_space_insert(request,
		&(struct store_stale_name_space_insert_in){ .id = name_space, .due_at = due_at }, NULL);
}

/* Of the names that were built for nothing nobody has heard. */
static RESULT end_in_vain(struct request *request, const struct store_user_pool_migration_row *row,
	enum user_pool_migration_state_type state)
{
	TRY(store_user_pool_migration_end(request,
		&(struct store_user_pool_migration_end_in){
			.pool_id = row->pool_id,
			.state = spec_enum_text(&spec_type_user_pool_migration_state_type, (int)state),
			.now = request->now,
		},
		NULL));
	return forget_names(request, row->id, request->now);
}

static RESULT check_client(
	struct request *request, const struct user_pool *pool, const struct str_list *required, str client_id)
{
	const struct client *client;
	TRY(client_find(request, client_id, &client));
	for (size_t i = 0; i < required->count; i++) {
		const struct schema_attribute_type *now = pool_schema_attribute(pool, required->items[i]);
		bool is_new = now && !optional_bool_or(now->required, false);
		if (is_new && !client_may_write(client, required->items[i]))
			return FAIL(request, INVALID_PARAMETER,
				"User pool client %.*s may not write %.*s: nobody could sign up through it.",
				STR_ARG(client_id), STR_ARG(required->items[i]));
	}
	return OK;
}

/* Before the transaction, as there may be many clients. One that is made meanwhile can be changed like any
 * other. */
static RESULT check_clients(struct request *request, const struct migrate_user_pool_request *input)
{
	struct store_user_pool_client_page_in in = {
		.pool_id = input->user_pool_id, .after_id = STR(""), .limit = PAGE_MAX
	};
	struct store_user_pool_client_page_row *rows;
	const struct user_pool *pool;
	size_t count;
	TRY(pool_find(request, input->user_pool_id, &pool));
	do {
		TRY(store_user_pool_client_page(request, &in, &rows, &count));
		for (size_t i = 0; i < count; i++) {
			TRY(check_client(request, pool, &input->required_attributes, rows[i].id));
			in.after_id = rows[i].id;
		}
	} while (count == PAGE_MAX);
	return OK;
}

struct beginning {
	const struct migrate_user_pool_request *input;
	struct store_user_pool_migration_row row;
};

static RESULT check_none_runs(struct request *request, str pool_id)
{
	struct store_user_pool_migration_row row;
	bool found;
	TRY(find_row(request, pool_id, &row, &found));
	if (found && state_of(&row) == USER_POOL_MIGRATION_STATE_TYPE_RUNNING)
		return FAIL(request, CONCURRENT_MODIFICATION, "The user pool is being migrated.");
	return OK;
}

static str new_id(struct arena *arena)
{
	static const str alphabet =
		STR_INIT("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
	return random_text(arena, alphabet, ID_LEN);
}

static RESULT insert(struct request *request, const struct beginning *beginning, str rules)
{
	str pool_id = beginning->input->user_pool_id;
	TRY(store_user_pool_migration_delete(
		request, &(struct store_user_pool_migration_delete_in){ .pool_id = pool_id }, NULL));
	return store_user_pool_migration_insert(request,
		&(struct store_user_pool_migration_insert_in){
			.pool_id = pool_id,
			.id = new_id(request->arena),
			.rules = rules,
			.dry_run = optional_bool_or(beginning->input->dry_run, false),
			.now = request->now,
		},
		NULL);
}

static RESULT begin(struct request *request, void *context)
{
	struct beginning *beginning = context;
	const struct migrate_user_pool_request *input = beginning->input;
	struct user_pool_rules_type rules;
	struct user_pool pool;
	bool found;
	TRY(pool_read(request, input->user_pool_id, &pool));
	TRY(check_none_runs(request, pool.id));
	TRY(pool_rules_change(request, &pool.settings, input, &rules));
	TRY(insert(request, beginning, pool_rules_text(request->arena, &rules)));
	return find_row(request, pool.id, &beginning->row, &found);
}

static RESULT cancel(struct request *request, void *context)
{
	const str *pool_id = context;
	struct store_user_pool_migration_row row;
	bool found;
	TRY(find_row(request, *pool_id, &row, &found));
	if (!found || state_of(&row) != USER_POOL_MIGRATION_STATE_TYPE_RUNNING)
		return OK;
	return end_in_vain(request, &row, USER_POOL_MIGRATION_STATE_TYPE_CANCELLED);
}

/* --- One batch --- */

struct batch {
	struct store_user_pool_migration_row migration;
	struct user_pool_rules_type rules;
	struct user_pool pool, next;
	struct store_pool_user_page_row *users;
	size_t user_count;
	int64_t changed, conflicts;
};

static RESULT keep_conflict(struct request *request, struct batch *batch, const struct user *user,
	const struct migration_conflict *conflict)
{
	int64_t number = batch->migration.conflict_count + ++batch->conflicts;
	if (number > CONFLICTS_MAX)
		return OK;
	return store_user_pool_migration_conflict_insert(request,
		&(struct store_user_pool_migration_conflict_insert_in){
			.pool_id = batch->pool.id,
			.number = number,
			.kind = spec_enum_text(&spec_type_user_pool_conflict_kind_type, (int)conflict->kind),
			.attribute = conflict->attribute,
			.user_id = user->id,
			.other_user_id = conflict->other_user_id,
		},
		NULL);
}

static RESULT migrate_user(
	struct request *request, struct batch *batch, const struct store_pool_user_page_row *row)
{
	struct migration_conflicts conflicts = { .count = 0 };
	struct user user = {
		.id = row->id,
		.pool_id = batch->pool.id,
		.username = row->username,
		.status = spec_enum_value(&spec_type_user_status_type, row->status),
	};
	bool has_changed;
	TRY(user_load_attributes(request, &user));
	TRY(sign_in_name_build(request, &batch->pool, &batch->next, &user, &conflicts, &has_changed));
	batch->changed += has_changed;
	for (size_t i = 0; i < conflicts.count; i++)
		TRY(keep_conflict(request, batch, &user, &conflicts.items[i]));
	return OK;
}

static RESULT migrate_users(struct request *request, struct batch *batch)
{
	if (!batch->user_count)
		return OK;
	for (size_t i = 0; i < batch->user_count; i++)
		TRY(migrate_user(request, batch, &batch->users[i]));
	return store_user_pool_migration_advance(request,
		&(struct store_user_pool_migration_advance_in){
			.pool_id = batch->pool.id,
			.reached_id = batch->users[batch->user_count - 1].id,
			.checked = (int64_t)batch->user_count,
			.changed = batch->changed,
			.conflicts = batch->conflicts,
		},
		NULL);
}

static result apply(struct request *request, struct user_pool_type *settings, const void *context)
{
	pool_rules_apply(request->arena, context, settings);
	return OK;
}

/* From here on the new rules count. */
static RESULT complete(struct request *request, const struct batch *batch)
{
	str pool_id = batch->pool.id;
	TRY(pool_change(request, pool_id, apply, &batch->rules));
	TRY(store_user_pool_set_name_space(request,
		&(struct store_user_pool_set_name_space_in){
			.id = pool_id, .name_space = batch->migration.id },
		NULL));
	TRY(store_user_pool_migration_end(request,
		&(struct store_user_pool_migration_end_in){
			.pool_id = pool_id, .state = STR("COMPLETED"), .now = request->now },
		NULL));
	return forget_names(request, batch->pool.name_space, request->now + GRACE);
}

static RESULT finish(struct request *request, const struct batch *batch)
{
	if (batch->migration.dry_run)
		return end_in_vain(request, &batch->migration, USER_POOL_MIGRATION_STATE_TYPE_CHECKED);
	if (batch->migration.conflict_count + batch->conflicts)
		return end_in_vain(request, &batch->migration, USER_POOL_MIGRATION_STATE_TYPE_REFUSED);
	return complete(request, batch);
}

static RESULT read_batch(struct request *request, struct batch *batch)
{
	const struct store_user_pool_migration_row *migration = &batch->migration;
	TRY(pool_read(request, migration->pool_id, &batch->pool));
	TRY(pool_rules_read(request, migration->rules, &batch->rules));
	batch->next = pool_with_rules(request->arena, &batch->pool, &batch->rules, migration->id);
	return store_pool_user_page(request,
		&(struct store_pool_user_page_in){
			.pool_id = migration->pool_id, .after_id = migration->reached_id, .limit = BATCH },
		&batch->users, &batch->user_count);
}

/* The last batch and the switch are one transaction: nobody can come in between. */
static RESULT migrate(struct request *request, void *context)
{
	bool *is_more = context;
	struct batch batch = { .changed = 0 };
	TRY(store_user_pool_migration_running(request, &batch.migration, is_more));
	if (!*is_more)
		return OK;
	TRY(read_batch(request, &batch));
	TRY(migrate_users(request, &batch));
	return batch.user_count < BATCH ? finish(request, &batch) : OK;
}

/* --- Removing names --- */

static RESULT remove_names(struct request *request, void *context)
{
	int64_t *wait = context, removed;
	struct store_stale_name_space_first_row row;
	bool found;
	*wait = BACKGROUND_WHEN_ASKED;
	TRY(store_stale_name_space_first(request, &row, &found));
	if (!found)
		return OK;
	*wait = row.due_at > request->now ? row.due_at - request->now : 0;
	if (*wait)
		return OK;
	TRY(store_sign_in_name_delete_some(request,
		&(struct store_sign_in_name_delete_some_in){ .name_space = row.id, .limit = REMOVAL_BATCH },
		&removed));
	if (removed == REMOVAL_BATCH)
		return OK;
	return store_stale_name_space_delete(
		request, &(struct store_stale_name_space_delete_in){ .id = row.id }, NULL);
}

result pool_migration_step(struct request *request, int64_t *wait)
{
	bool is_more = false;
	TRY(store_write(request, migrate, &is_more));
	TRY(store_write(request, remove_names, wait));
	if (is_more)
		*wait = 0;
	return OK;
}

/* --- In the background --- */

struct pool_migrator {
	const struct settings *settings;
	const struct sealer *sealer;
	struct store *store;
	struct background *background;
};

/* The one that runs, to be woken. */
static struct pool_migrator *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int64_t step(void *context)
{
	const struct pool_migrator *migrator = context;
	struct request *request = request_new();
	int64_t wait = 0;
	request->settings = migrator->settings;
	request->sealer = migrator->sealer;
	request->store = migrator->store;
	if (!result_is_ok(pool_migration_step(request, &wait))) {
		log_event(LOG_ERROR, "pool_migration", LOG_TEXT("message", request->message),
			LOG_TEXT("detail", request->detail));
		wait = RETRY_PAUSE;
	}
	request_free(&request);
	return wait;
}

struct pool_migrator *pool_migrator_start(
	const struct settings *settings, const struct sealer *sealer, struct store *store)
{
	struct pool_migrator *migrator = calloc(1, sizeof *migrator);
	if (!migrator)
		fatal("out of memory");
	migrator->settings = settings;
	migrator->sealer = sealer;
	migrator->store = store;
	pthread_mutex_lock(&lock);
	migrator->background = background_start(step, migrator);
	running = migrator;
	pthread_mutex_unlock(&lock);
	return migrator;
}

static void wake(void)
{
	pthread_mutex_lock(&lock);
	if (running)
		background_ask(running->background);
	pthread_mutex_unlock(&lock);
}

void pool_migrator_stop(struct pool_migrator **handle)
{
	struct pool_migrator *migrator = *handle;
	if (!migrator)
		return;
	pthread_mutex_lock(&lock);
	running = NULL;
	pthread_mutex_unlock(&lock);
	background_stop(&migrator->background);
	free(migrator);
	*handle = NULL;
}

result pool_migration_begin(struct request *request, const struct migrate_user_pool_request *input,
	struct user_pool_migration_type **migration)
{
	struct beginning beginning = { .input = input };
	if (input->required_attributes.count)
		TRY(check_clients(request, input));
	TRY(store_write(request, begin, &beginning));
	wake();
	return show(request, &beginning.row, migration);
}

result pool_migration_cancel(
	struct request *request, str pool_id, struct user_pool_migration_type **migration)
{
	TRY(store_write(request, cancel, &pool_id));
	wake();
	return pool_migration_describe(request, pool_id, migration);
}
