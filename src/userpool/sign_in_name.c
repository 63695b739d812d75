/* SPDX-License-Identifier: Apache-2.0 */
/* Names. Which ones a user has follows from the pool, the attributes and the status; the rows are brought in
   step with that after every change, so that no caller has to know the rules. */
#include "userpool/sign_in_name.h"

#include "base/fatal.h"
#include "base/fold.h"
#include "store/statements.h"
#include "userpool/address_kind.h"
#include "userpool/attribute.h"
#include "userpool/pool.h"
#include "userpool/pool_rules.h"
#include "userpool/user.h"

#define USERNAME "username"

enum { UUID_LEN = 36, NAMES_MAX = POOL_NAME_COUNT + 1 };

static const struct kind {
	const struct address_kind *address; /* NULL for a name that needs no proof */
	bool (*has_form)(str value); /* NULL: any text */
	const char *form; /* in texts about it */
} kinds[POOL_NAME_COUNT] = {
	[POOL_NAME_EMAIL] = {
		.address = &address_kind_email,
		.has_form = attribute_is_email,
		.form = "email",
	},
	[POOL_NAME_PHONE_NUMBER] = {
		.address = &address_kind_phone_number,
		.has_form = attribute_is_phone_number,
		.form = "phone number",
	},
	[POOL_NAME_PREFERRED_USERNAME] = { .address = NULL },
};

static str attribute_of(const struct kind *kind)
{
	return kind->address ? kind->address->attribute : STR("preferred_username");
}

/* --- Names of new users --- */

static RESULT refuse_plain_name(struct request *request, const struct user_pool *pool)
{
	if (pool->is_username[POOL_NAME_EMAIL] && pool->is_username[POOL_NAME_PHONE_NUMBER])
		return FAIL(
			request, INVALID_PARAMETER, "Username should be either an email or a phone number.");
	if (pool->is_username[POOL_NAME_EMAIL])
		return FAIL(request, INVALID_PARAMETER, "Username should be an email.");
	return FAIL(request, INVALID_PARAMETER, "Username should be a phone number.");
}

static bool has_form(const struct kind *kind, str name)
{
	return kind->has_form && kind->has_form(name);
}

bool sign_in_name_is_address(const struct user_pool *pool, str name)
{
	for (int i = 0; i < POOL_NAME_COUNT; i++)
		if ((pool->is_alias[i] || pool->is_username[i]) && has_form(&kinds[i], name))
			return true;
	return false;
}

result sign_in_name_check(struct request *request, const struct user_pool *pool, str name, str *attribute)
{
	*attribute = STR_NONE;
	for (int i = 0; i < POOL_NAME_COUNT; i++) {
		if (!has_form(&kinds[i], name))
			continue;
		if (pool->is_alias[i])
			return FAIL(request, INVALID_PARAMETER,
				"Username cannot be of %s format, since user pool is configured for %s "
				"alias.",
				kinds[i].form, kinds[i].form);
		if (pool->is_username[i])
			*attribute = attribute_of(&kinds[i]);
	}
	bool wants_address = pool->is_username[POOL_NAME_EMAIL] || pool->is_username[POOL_NAME_PHONE_NUMBER];
	return wants_address && !str_is_set(*attribute) ? refuse_plain_name(request, pool) : OK;
}

str sign_in_name_key(struct request *request, const struct user_pool *pool, str name)
{
	return pool->is_case_sensitive ? name : fold_case(request->arena, name);
}

static RESULT find_owner(struct request *request, const struct user_pool *pool, str key,
	struct store_sign_in_name_owner_row *owner, bool *found)
{
	return store_sign_in_name_owner(request,
		&(struct store_sign_in_name_owner_in){ .name_space = pool->name_space, .name_key = key },
		owner, found);
}

/* Users are found by sub as well, so nobody may be called like another's. */
static RESULT find_sub(struct request *request, str pool_id, str key, struct user *user, bool *found)
{
	*found = false;
	return key.len == UUID_LEN ? user_by_id(request, pool_id, key, user, found) : OK;
}

result sign_in_name_is_free(struct request *request, const struct user_pool *pool, str name, bool *is_free)
{
	str key = sign_in_name_key(request, pool, name);
	struct store_sign_in_name_owner_row owner;
	struct user user;
	bool found;
	TRY(find_owner(request, pool, key, &owner, &found));
	if (!found)
		TRY(find_sub(request, pool->id, key, &user, &found));
	*is_free = !found;
	return OK;
}

/* --- Names of users as they are --- */

struct name {
	str key, kind;
};

struct update {
	struct request *request;
	const struct user_pool *pool;
	const struct user *user;
	const struct name_claim *claim;
	struct store_sign_in_names_of_user_row *rows;
	size_t row_count;
	const struct update *origin; /* whose rows tell what the user came with; NULL: its own */
	struct name wanted[NAMES_MAX];
	size_t wanted_count;
	str loser_id; /* of the user from whom a name was taken over, if any */
};

static bool has_row_of_kind(const struct update *update, str kind)
{
	const struct update *origin = update->origin ? update->origin : update;
	for (size_t i = 0; i < origin->row_count; i++)
		if (str_equal(origin->rows[i].kind, kind))
			return true;
	return false;
}

/* An alias has to be proven, or, where that is not possible, belong to a user who is somebody. An address
   that users are called by counts from the beginning, when it is the one that the user came with. */
static bool is_name(const struct update *update, enum pool_name name)
{
	const struct kind *kind = &kinds[name];
	bool is_proven = kind->address ? address_kind_is_proven(kind->address, update->user)
				       : update->user->status != USER_STATUS_TYPE_UNCONFIRMED;
	if (update->pool->is_alias[name])
		return is_proven;
	return update->pool->is_username[name] &&
	       (is_proven || has_row_of_kind(update, attribute_of(kind)) ||
		       (str_is_set(update->claim->attribute) &&
			       str_equal(update->claim->attribute, attribute_of(kind))));
}

/* A user may have one text as two kinds of name; the first counts. */
static void want(struct update *update, str kind, str text)
{
	str key = sign_in_name_key(update->request, update->pool, text);
	for (size_t i = 0; i < update->wanted_count; i++)
		if (str_equal(update->wanted[i].key, key))
			return;
	update->wanted[update->wanted_count++] = (struct name){ key, kind };
}

static void find_wanted(struct update *update)
{
	want(update, STR(USERNAME), update->user->username);
	for (int i = 0; i < POOL_NAME_COUNT; i++) {
		str value = attribute_value(&update->user->attributes, attribute_of(&kinds[i]));
		if (!str_is_empty(value) && is_name(update, (enum pool_name)i))
			want(update, attribute_of(&kinds[i]), value);
	}
}

static bool is_same(const struct name *name, const struct store_sign_in_names_of_user_row *row)
{
	return str_equal(name->key, row->name_key) && str_equal(name->kind, row->kind);
}

static RESULT delete_row(struct update *update, str key)
{
	return store_sign_in_name_delete(update->request,
		&(struct store_sign_in_name_delete_in){
			.name_space = update->pool->name_space, .name_key = key },
		NULL);
}

static RESULT delete_unwanted(struct update *update)
{
	for (size_t i = 0; i < update->row_count; i++) {
		bool is_wanted = false;
		for (size_t k = 0; k < update->wanted_count; k++)
			is_wanted = is_wanted || is_same(&update->wanted[k], &update->rows[i]);
		if (!is_wanted)
			TRY(delete_row(update, update->rows[i].name_key));
	}
	return OK;
}

/* The kind of alias; NULL for names that users are called by. */
static const struct kind *alias_by_attribute(const struct user_pool *pool, str attribute)
{
	for (int i = 0; i < POOL_NAME_COUNT; i++)
		if (pool->is_alias[i] && str_equal(attribute_of(&kinds[i]), attribute))
			return &kinds[i];
	return NULL;
}

static RESULT refuse_taken(struct update *update, const struct name *name)
{
	return request_fail(update->request, update->claim->taken, __FILE__, __LINE__,
		"An account with the given %.*s already exists.", STR_ARG(name->kind));
}

/* Whoever proves an address last has it. Only what was proven can be lost so; a name of one's own cannot. */
static RESULT take_over(struct update *update, const struct name *name)
{
	struct store_sign_in_name_owner_row owner;
	bool found;
	TRY(find_owner(update->request, update->pool, name->key, &owner, &found));
	const struct kind *kind = found ? alias_by_attribute(update->pool, owner.kind) : NULL;
	if (!update->claim->takes_over || !kind || !kind->address)
		return refuse_taken(update, name);
	TRY(delete_row(update, name->key));
	update->loser_id = owner.user_id;
	return store_user_attribute_set(update->request,
		&(struct store_user_attribute_set_in){
			.user_id = owner.user_id,
			.pool_id = update->pool->id,
			.name = kind->address->verified,
			.value = STR("false"),
		},
		NULL);
}

/* `*owner_id` is absent when the name is nobody else's. */
static RESULT find_other_sub(struct update *update, const struct name *name, str *owner_id)
{
	struct user user;
	bool found;
	TRY(find_sub(update->request, update->pool->id, name->key, &user, &found));
	*owner_id = found && !str_equal(user.id, update->user->id) ? user.id : STR_NONE;
	return OK;
}

static RESULT insert_row(struct update *update, const struct name *name, int64_t *inserted)
{
	return store_sign_in_name_insert(update->request,
		&(struct store_sign_in_name_insert_in){
			.name_space = update->pool->name_space,
			.name_key = name->key,
			.kind = name->kind,
			.user_id = update->user->id,
		},
		inserted);
}

static RESULT insert(struct update *update, const struct name *name)
{
	int64_t inserted;
	str owner_id;
	TRY(find_other_sub(update, name, &owner_id));
	if (str_is_set(owner_id))
		return refuse_taken(update, name);
	TRY(insert_row(update, name, &inserted));
	if (inserted)
		return OK;
	TRY(take_over(update, name));
	return insert_row(update, name, NULL);
}

static bool has_row(const struct update *update, const struct name *name)
{
	for (size_t i = 0; i < update->row_count; i++)
		if (is_same(name, &update->rows[i]))
			return true;
	return false;
}

static RESULT insert_missing(struct update *update)
{
	for (size_t i = 0; i < update->wanted_count; i++)
		if (!has_row(update, &update->wanted[i]))
			TRY(insert(update, &update->wanted[i]));
	return OK;
}

static RESULT read_rows(struct update *update)
{
	return store_sign_in_names_of_user(update->request,
		&(struct store_sign_in_names_of_user_in){
			.name_space = update->pool->name_space, .user_id = update->user->id },
		&update->rows, &update->row_count);
}

static RESULT run(struct update *update)
{
	TRY(read_rows(update));
	find_wanted(update);
	TRY(delete_unwanted(update));
	return insert_missing(update);
}

/* --- Names of users as they will be --- */

static void add_conflict(struct migration_conflicts *conflicts, enum user_pool_conflict_kind_type kind,
	str attribute, str other_user_id)
{
	if (conflicts->count == MIGRATION_CONFLICTS_MAX)
		fatal("more conflicts of a user than there are attributes");
	conflicts->items[conflicts->count++] = (struct migration_conflict){ kind, attribute, other_user_id };
}

/* A user name that looks like an address must be the user's own one, from the day that addresses are names:
   whoever has it could otherwise never get there. */
static bool is_own_address(const struct update *next, const struct kind *kind, bool is_alias)
{
	str value = attribute_value(&next->user->attributes, attribute_of(kind));
	return str_equal(sign_in_name_key(next->request, next->pool, value),
		       sign_in_name_key(next->request, next->pool, next->user->username)) &&
	       (!is_alias || address_kind_is_proven(kind->address, next->user));
}

static void find_invalid_name(const struct update *now, const struct update *next, enum pool_name name,
	struct migration_conflicts *conflicts)
{
	const struct kind *kind = &kinds[name];
	bool was_name = now->pool->is_alias[name] || now->pool->is_username[name];
	bool will_be_name = next->pool->is_alias[name] || next->pool->is_username[name];
	str value = attribute_value(&next->user->attributes, attribute_of(kind));
	if (was_name || !will_be_name || !kind->has_form)
		return;
	if (kind->has_form(next->user->username) && !is_own_address(next, kind, next->pool->is_alias[name]))
		add_conflict(conflicts, USER_POOL_CONFLICT_KIND_TYPE_INVALID_NAME, STR(USERNAME), STR_NONE);
	if (!str_is_empty(value) && !kind->has_form(value))
		add_conflict(
			conflicts, USER_POOL_CONFLICT_KIND_TYPE_INVALID_NAME, attribute_of(kind), STR_NONE);
}

/* Nobody knows a user name that is a UUID: without an address such a user has nothing to sign in with. One
   who has not confirmed can sign up again. */
static bool loses_names(const struct update *now, const struct update *next)
{
	return str_equal(next->user->username, next->user->id) && now->wanted_count > 1 &&
	       next->wanted_count == 1 && next->user->status != USER_STATUS_TYPE_UNCONFIRMED;
}

/* Who has to choose a password is asked for what is missing then. What was required before is no matter of
 * the migration. */
static void find_missing(
	const struct update *now, const struct update *next, struct migration_conflicts *conflicts)
{
	const struct schema_attribute_type_list *schema = &next->pool->settings.schema_attributes;
	if (next->user->status == USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD)
		return;
	for (size_t i = 0; i < schema->count; i++) {
		str name = schema->items[i].name;
		const struct schema_attribute_type *before = pool_schema_attribute(now->pool, name);
		if (optional_bool_or(schema->items[i].required, false) &&
			!optional_bool_or(before->required, false) &&
			str_is_empty(attribute_value(&next->user->attributes, name)))
			add_conflict(
				conflicts, USER_POOL_CONFLICT_KIND_TYPE_MISSING_ATTRIBUTE, name, STR_NONE);
	}
}

static void find_problems(
	const struct update *now, const struct update *next, struct migration_conflicts *conflicts)
{
	find_missing(now, next, conflicts);
	for (int i = 0; i < POOL_NAME_COUNT; i++)
		find_invalid_name(now, next, (enum pool_name)i, conflicts);
	if (loses_names(now, next))
		add_conflict(
			conflicts, USER_POOL_CONFLICT_KIND_TYPE_NAME_LOST, now->wanted[1].kind, STR_NONE);
}

static RESULT build(struct update *next, const struct name *name, struct migration_conflicts *conflicts)
{
	struct store_sign_in_name_owner_row owner;
	int64_t inserted = 0;
	bool found;
	str owner_id;
	TRY(find_other_sub(next, name, &owner_id));
	if (!str_is_set(owner_id))
		TRY(insert_row(next, name, &inserted));
	if (inserted)
		return OK;
	if (!str_is_set(owner_id)) {
		TRY(find_owner(next->request, next->pool, name->key, &owner, &found));
		owner_id = found ? owner.user_id : STR_NONE;
	}
	add_conflict(conflicts, USER_POOL_CONFLICT_KIND_TYPE_NAME_TAKEN, name->kind, owner_id);
	return OK;
}

static bool wants_same(const struct update *a, const struct update *b)
{
	if (a->wanted_count != b->wanted_count)
		return false;
	for (size_t i = 0; i < a->wanted_count; i++)
		if (!str_equal(a->wanted[i].key, b->wanted[i].key) ||
			!str_equal(a->wanted[i].kind, b->wanted[i].kind))
			return false;
	return true;
}

static const struct name_claim no_claim;

result sign_in_name_build(struct request *request, const struct user_pool *pool, const struct user_pool *next,
	const struct user *user, struct migration_conflicts *conflicts, bool *has_changed)
{
	struct update old = { .request = request, .pool = pool, .user = user, .claim = &no_claim };
	struct update new = {
		.request = request, .pool = next, .user = user, .claim = &no_claim, .origin = &old
	};
	TRY(read_rows(&old));
	TRY(read_rows(&new));
	find_wanted(&old);
	find_wanted(&new);
	find_problems(&old, &new, conflicts);
	*has_changed = !wants_same(&old, &new);
	TRY(delete_unwanted(&new));
	for (size_t i = 0; i < new.wanted_count; i++)
		if (!has_row(&new, &new.wanted[i]))
			TRY(build(&new, &new.wanted[i], conflicts));
	return OK;
}

/* --- Both --- */

/* What the names of a pool follow. */
struct naming {
	struct user_pool next; /* as it will be after the migration that is under way, if any */
	bool has_next;
	str reached_id; /* users up to this one have their next names */
};

static RESULT read_naming(struct request *request, const struct user_pool *pool, struct naming *naming)
{
	struct store_user_pool_naming_row row;
	struct user_pool_rules_type rules;
	bool found;
	*naming = (struct naming){ .has_next = false };
	TRY(store_user_pool_naming(
		request, &(struct store_user_pool_naming_in){ .id = pool->id }, &row, &found));
	if (!found)
		return FAIL(request, RESOURCE_NOT_FOUND, "User pool %.*s does not exist.", STR_ARG(pool->id));
	if (!str_equal(row.name_space, pool->name_space))
		return FAIL(request, TOO_MANY_REQUESTS, "The user pool has just been migrated. Try again.");
	naming->has_next = str_is_set(row.next_id);
	naming->reached_id = row.next_reached_id;
	if (!naming->has_next)
		return OK;
	TRY(pool_rules_read(request, row.next_rules, &rules));
	naming->next = pool_with_rules(request->arena, pool, &rules, row.next_id);
	return OK;
}

static RESULT refuse_conflict(struct request *request, const struct migration_conflict *conflict)
{
	if (conflict->kind == USER_POOL_CONFLICT_KIND_TYPE_MISSING_ATTRIBUTE)
		return FAIL(request, INVALID_PARAMETER,
			"Attributes did not conform to the schema: %.*s: The attribute is required",
			STR_ARG(conflict->attribute));
	if (conflict->kind == USER_POOL_CONFLICT_KIND_TYPE_NAME_LOST)
		return FAIL(request, INVALID_PARAMETER,
			"The user pool is being migrated, and the user would have no name to sign in with.");
	return FAIL(request, INVALID_PARAMETER,
		"The user pool is being migrated, and the %.*s would not be valid.",
		STR_ARG(conflict->attribute));
}

/* Users whom the migration has not come to are left to it. New ones are looked at here as well, so that
   nobody who signs up can stand in its way. */
static RESULT follow(const struct update *now, const struct naming *naming)
{
	const struct name_claim claim = { .attribute = now->claim->attribute, .taken = now->claim->taken };
	struct update next = {
		.request = now->request, .pool = &naming->next, .user = now->user, .claim = &claim
	};
	struct migration_conflicts conflicts = { .count = 0 };
	bool is_new = !now->row_count;
	if (!is_new && str_compare(now->user->id, naming->reached_id) > 0)
		return OK;
	TRY(run(&next));
	find_problems(now, &next, &conflicts);
	return conflicts.count ? refuse_conflict(now->request, &conflicts.items[0]) : OK;
}

/* The next names of somebody who has lost one. */
static RESULT follow_loser(const struct update *now, const struct naming *naming)
{
	static const struct name_claim claim = { .taken = ERROR_ALIAS_EXISTS };
	struct user loser;
	bool found;
	TRY(user_by_id(now->request, now->pool->id, now->loser_id, &loser, &found));
	if (!found)
		return OK;
	struct update of_loser = {
		.request = now->request, .pool = now->pool, .user = &loser, .claim = &claim
	};
	TRY(user_load_attributes(now->request, &loser));
	TRY(run(&of_loser));
	return follow(&of_loser, naming);
}

result sign_in_name_update(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct name_claim *claim)
{
	struct update update = { .request = request, .pool = pool, .user = user, .claim = claim };
	struct naming naming;
	TRY(read_naming(request, pool, &naming));
	TRY(run(&update));
	if (naming.has_next && str_is_set(update.loser_id))
		TRY(follow_loser(&update, &naming));
	return naming.has_next ? follow(&update, &naming) : OK;
}
