/* SPDX-License-Identifier: Apache-2.0 */
/* Names. Which ones a user has follows from the pool, the attributes and the status; the rows are brought in
   step with that after every change, so that no caller has to know the rules. */
#include "userpool/sign_in_name.h"

#include "base/fold.h"
#include "store/statements.h"
#include "userpool/address_kind.h"
#include "userpool/attribute.h"
#include "userpool/pool.h"
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

static RESULT find_owner(struct request *request, str pool_id, str key,
	struct store_sign_in_name_owner_row *owner, bool *found)
{
	return store_sign_in_name_owner(request,
		&(struct store_sign_in_name_owner_in){ .pool_id = pool_id, .name_key = key }, owner, found);
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
	TRY(find_owner(request, pool->id, key, &owner, &found));
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
	struct name wanted[NAMES_MAX];
	size_t wanted_count;
};

static bool has_row_of_kind(const struct update *update, str kind)
{
	for (size_t i = 0; i < update->row_count; i++)
		if (str_equal(update->rows[i].kind, kind))
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
		&(struct store_sign_in_name_delete_in){ .pool_id = update->pool->id, .name_key = key }, NULL);
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
	TRY(find_owner(update->request, update->pool->id, name->key, &owner, &found));
	const struct kind *kind = found ? alias_by_attribute(update->pool, owner.kind) : NULL;
	if (!update->claim->takes_over || !kind || !kind->address)
		return refuse_taken(update, name);
	TRY(delete_row(update, name->key));
	return store_user_attribute_set(update->request,
		&(struct store_user_attribute_set_in){
			.user_id = owner.user_id,
			.pool_id = update->pool->id,
			.name = kind->address->verified,
			.value = STR("false"),
		},
		NULL);
}

static RESULT check_no_sub(struct update *update, const struct name *name)
{
	struct user user;
	bool found;
	TRY(find_sub(update->request, update->pool->id, name->key, &user, &found));
	return found && !str_equal(user.id, update->user->id) ? refuse_taken(update, name) : OK;
}

static RESULT insert(struct update *update, const struct name *name)
{
	const struct store_sign_in_name_insert_in in = {
		.pool_id = update->pool->id,
		.name_key = name->key,
		.kind = name->kind,
		.user_id = update->user->id,
	};
	int64_t inserted;
	TRY(check_no_sub(update, name));
	TRY(store_sign_in_name_insert(update->request, &in, &inserted));
	if (inserted)
		return OK;
	TRY(take_over(update, name));
	return store_sign_in_name_insert(update->request, &in, NULL);
}

static RESULT insert_missing(struct update *update)
{
	for (size_t i = 0; i < update->wanted_count; i++) {
		bool is_there = false;
		for (size_t k = 0; k < update->row_count; k++)
			is_there = is_there || is_same(&update->wanted[i], &update->rows[k]);
		if (!is_there)
			TRY(insert(update, &update->wanted[i]));
	}
	return OK;
}

result sign_in_name_update(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct name_claim *claim)
{
	struct update update = { .request = request, .pool = pool, .user = user, .claim = claim };
	TRY(store_sign_in_names_of_user(request,
		&(struct store_sign_in_names_of_user_in){ .user_id = user->id }, &update.rows,
		&update.row_count));
	find_wanted(&update);
	TRY(delete_unwanted(&update));
	return insert_missing(&update);
}
