/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of attributes. */
#include "userpool/attribute_change.h"

#include "base/fatal.h"
#include "store/store.h"
#include "userpool/access_token.h"
#include "userpool/address_kind.h"
#include "userpool/attempt.h"
#include "userpool/attribute.h"
#include "userpool/confirmation_code.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"

struct change {
	const struct user_pool *pool;
	struct user user;
	struct attribute_type_list changes; /* as asked for */
	struct attribute_type_list applied; /* at once */
	struct user_address addresses[ADDRESS_KIND_COUNT]; /* that get a code */
	size_t address_count;
	bool is_own;
};

static enum code_purpose purpose_of(const struct address_kind *kind)
{
	return kind == &address_kind_email ? CODE_VERIFY_EMAIL : CODE_VERIFY_PHONE_NUMBER;
}

static bool is_proven_first(const struct user_pool *pool, const struct address_kind *kind)
{
	const struct user_attribute_update_settings_type *settings =
		pool->settings.user_attribute_update_settings;
	for (size_t i = 0; settings && i < settings->attributes_require_verification_before_update.count; i++)
		if (settings->attributes_require_verification_before_update.items[i] == kind->setting)
			return pool_is_auto_verified(pool, kind->attribute);
	return false;
}

/* --- Checking --- */

/* The schema's rule has words of its own; sub is nobody's to set. */
static RESULT refuse_fixed(struct request *request, str name)
{
	if (str_equal(name, STR("sub")))
		return FAIL(request, INVALID_PARAMETER, "Cannot modify the non-mutable attribute sub");
	return FAIL(request, INVALID_PARAMETER, "user.%.*s: Attribute cannot be updated.\n", STR_ARG(name));
}

static bool is_mutable(const struct user_pool *pool, str name)
{
	return optional_bool_or(pool_schema_attribute(pool, name)->mutable, false);
}

static RESULT check_mutable(struct request *request, const struct change *change)
{
	for (size_t i = 0; i < change->changes.count; i++) {
		const struct attribute_type *attribute = &change->changes.items[i];
		bool is_same = str_equal(user_attribute(&change->user, attribute->name), attribute->value);
		if (str_equal(attribute->name, STR("sub")) ||
			(!is_same && !is_mutable(change->pool, attribute->name)))
			return refuse_fixed(request, attribute->name);
	}
	return OK;
}

static RESULT check(struct request *request, const struct change *change)
{
	TRY(attribute_check_values(request, change->pool, &change->changes));
	TRY(check_mutable(request, change));
	struct attribute_type_list merged =
		attribute_merge(request->arena, &change->user.attributes, &change->changes);
	return attribute_check_required(request, change->pool, &merged);
}

/* --- What is applied, and what waits for a code --- */

/* The code of an address that has been replaced proves nothing any more. */
static RESULT forget_codes(struct request *request, const struct change *change)
{
	for (size_t i = 0; i < change->changes.count; i++) {
		const struct address_kind *kind = address_kind_of(change->changes.items[i].name);
		if (kind)
			TRY(confirmation_code_forget(request, &change->user, purpose_of(kind)));
	}
	return OK;
}

static bool gets_code(const struct change *change, const struct address_kind *kind, str value)
{
	bool is_marked = str_equal(attribute_value(&change->changes, kind->verified), STR("true"));
	bool is_proven = str_equal(user_attribute(&change->user, kind->attribute), value) &&
			 address_kind_is_proven(kind, &change->user);
	return !str_is_empty(value) && !is_marked && !is_proven &&
	       pool_is_auto_verified(change->pool, kind->attribute);
}

/* An address that has to be proven first is not applied, unless it takes the place of none. */
static bool waits(const struct change *change, const struct attribute_type *attribute)
{
	const struct address_kind *kind = address_kind_of(attribute->name);
	return kind && gets_code(change, kind, attribute->value) && is_proven_first(change->pool, kind) &&
	       !str_is_empty(user_attribute(&change->user, kind->attribute));
}

static void divide(struct request *request, struct change *change)
{
	struct attribute_type_list applied = {
		ARENA_ARRAY(request->arena, struct attribute_type, change->changes.count), 0
	};
	change->address_count = 0;
	for (size_t i = 0; i < change->changes.count; i++) {
		const struct attribute_type *attribute = &change->changes.items[i];
		const struct address_kind *kind = address_kind_of(attribute->name);
		if (kind && gets_code(change, kind, attribute->value))
			change->addresses[change->address_count++] =
				user_message_address_of(attribute->name, attribute->value);
		if (!waits(change, attribute))
			applied.items[applied.count++] = *attribute;
	}
	change->applied = attribute_unverify(request->arena, &change->user.attributes, &applied);
}

static RESULT send_code(struct request *request, const struct user_pool *pool, const struct user *user,
	const struct user_address *address)
{
	str code;
	TRY(confirmation_code_make(
		request, user, purpose_of(address_kind_of(address->attribute)), address, &code));
	return user_message_send(request, pool, address, TEMPLATE_VERIFICATION, code, user->username);
}

static RESULT count_codes(struct request *request, const struct change *change)
{
	struct attempt_subject codes = attempt_subject(
		request, ATTEMPT_ATTRIBUTE_CODE, change->pool, &change->user, change->user.username);
	for (size_t i = 0; i < change->address_count; i++) {
		struct attempt_subject limit =
			user_message_limit(request, change->pool, &change->addresses[i]);
		TRY(attempt_count(request, &codes));
		TRY(attempt_count(request, &limit));
	}
	return OK;
}

/* Users get no more codes by changing addresses than they may ask for by GetUserAttributeVerificationCode:
   whoever has an account could have mail sent to anybody. The operations that change attributes have another
   name for it. */
static RESULT check_limits(struct request *request, const struct change *change)
{
	result counted = change->is_own ? count_codes(request, change) : OK;
	if (!result_is_ok(counted) && request->error == ERROR_LIMIT_EXCEEDED)
		return FAIL(request, TOO_MANY_REQUESTS, "Too many requests");
	return counted;
}

static RESULT apply(struct request *request, void *context)
{
	struct change *change = context;
	const struct name_claim claim = { .taken = ERROR_ALIAS_EXISTS };
	TRY(user_check_there(request, &change->user));
	/* Somebody else may have changed the user since it was read. */
	TRY(user_load_attributes(request, &change->user));
	TRY(check(request, change));
	divide(request, change);
	TRY(check_limits(request, change));
	TRY(forget_codes(request, change));
	TRY(user_set_attributes(request, change->pool, &change->user, &change->applied, &claim));
	for (size_t i = 0; i < change->address_count; i++)
		TRY(send_code(request, change->pool, &change->user, &change->addresses[i]));
	return OK;
}

static RESULT run(struct request *request, struct change *change)
{
	TRY(attribute_check_values(request, change->pool, &change->changes));
	change->changes = attribute_with_usual_booleans(request->arena, change->pool, &change->changes);
	return store_write(request, apply, change);
}

static struct attribute_type_list removals(struct request *request, const struct str_list *names)
{
	struct attribute_type_list list = { ARENA_ARRAY(request->arena, struct attribute_type, names->count),
		0 };
	for (; list.count < names->count; list.count++)
		list.items[list.count] =
			(struct attribute_type){ .name = names->items[list.count], .value = STR("") };
	return list;
}

/* --- By the user --- */

static struct change own_change(struct request *request, const struct attribute_type_list *changes)
{
	return (struct change){
		.pool = request->caller->pool,
		.user = request->caller->user,
		.changes = *changes,
		.is_own = true,
	};
}

static void show(
	struct request *request, const struct change *change, struct code_delivery_details_type_list *details)
{
	details->items = ARENA_ARRAY(request->arena, struct code_delivery_details_type, ADDRESS_KIND_COUNT);
	for (; details->count < change->address_count; details->count++)
		details->items[details->count] =
			*user_message_details(request, &change->addresses[details->count]);
}

result attribute_change_own(struct request *request, const struct attribute_type_list *changes,
	struct code_delivery_details_type_list *details)
{
	struct change change = own_change(request, changes);
	TRY(attribute_check_values(request, change.pool, changes));
	TRY(attribute_check_writable(request, request->caller->client, changes));
	TRY(run(request, &change));
	show(request, &change, details);
	return OK;
}

result attribute_change_remove_own(struct request *request, const struct str_list *names)
{
	struct code_delivery_details_type_list details = { .count = 0 };
	struct attribute_type_list changes = removals(request, names);
	return attribute_change_own(request, &changes, &details);
}

/* --- By an administrator --- */

result attribute_change_by_admin(
	struct request *request, str pool_id, str username, const struct attribute_type_list *changes)
{
	struct change change = { .changes = *changes };
	TRY(pool_find(request, pool_id, &change.pool));
	TRY(user_get(request, change.pool, username, &change.user));
	return run(request, &change);
}

result attribute_change_remove_by_admin(
	struct request *request, str pool_id, str username, const struct str_list *names)
{
	struct attribute_type_list changes = removals(request, names);
	return attribute_change_by_admin(request, pool_id, username, &changes);
}

/* --- Codes --- */

struct verification {
	const struct address_kind *kind;
	const struct user_pool *pool;
	struct user user;
	struct attempt_subject subject;
	struct user_address address;
	str code;
	enum code_verdict verdict;
};

static RESULT begin_verification(
	struct request *request, str attribute, enum attempt_kind attempt, struct verification *verification)
{
	const struct caller *caller = request->caller;
	*verification = (struct verification){
		.kind = address_kind_of(attribute), .pool = caller->pool, .user = caller->user
	};
	if (!verification->kind)
		return FAIL(
			request, INVALID_PARAMETER, "Attribute %.*s cannot be verified.", STR_ARG(attribute));
	verification->subject =
		attempt_subject(request, attempt, caller->pool, &caller->user, caller->user.username);
	return OK;
}

/* The address that waits, else the user's own. */
static RESULT find_address(struct request *request, struct verification *verification)
{
	str attribute = verification->kind->attribute;
	TRY(user_load_attributes(request, &verification->user));
	TRY(confirmation_code_address(
		request, &verification->user, purpose_of(verification->kind), &verification->address));
	if (!str_is_set(verification->address.attribute))
		verification->address =
			user_message_address_of(attribute, user_attribute(&verification->user, attribute));
	if (!str_is_set(verification->address.attribute))
		return FAIL(request, INVALID_PARAMETER, "User has no attribute %.*s.", STR_ARG(attribute));
	return OK;
}

static RESULT send_again(struct request *request, void *context)
{
	struct verification *verification = context;
	TRY(user_check_there(request, &verification->user));
	TRY(find_address(request, verification));
	TRY(attempt_count(request, &verification->subject));
	struct attempt_subject limit =
		user_message_limit(request, verification->pool, &verification->address);
	TRY(attempt_count(request, &limit));
	return send_code(request, verification->pool, &verification->user, &verification->address);
}

result attribute_change_send_code(
	struct request *request, str attribute, struct code_delivery_details_type **details)
{
	struct verification verification;
	TRY(begin_verification(request, attribute, ATTEMPT_ATTRIBUTE_CODE, &verification));
	TRY(store_write(request, send_again, &verification));
	*details = user_message_details(request, &verification.address);
	return OK;
}

/* The address that was proven becomes the user's, where it waited for that. The tries stay counted: proving
   an address of one's own would pay for guesses at the code of somebody else's. */
static RESULT prove(struct request *request, struct verification *verification)
{
	struct attribute_type changes[] = {
		{ .name = verification->kind->attribute, .value = verification->address.value },
		{ .name = verification->kind->verified, .value = STR("true") },
	};
	const struct name_claim claim = { .taken = ERROR_ALIAS_EXISTS, .takes_over = true };
	TRY(confirmation_code_forget(request, &verification->user, purpose_of(verification->kind)));
	return user_set_attributes(request, verification->pool, &verification->user,
		&(struct attribute_type_list){ changes, ARRAY_LEN(changes) }, &claim);
}

/* Ends well also after a wrong code, so that the guess stays counted; the verdict tells. */
static RESULT judge_code(struct request *request, void *context)
{
	struct verification *verification = context;
	TRY(user_check_there(request, &verification->user));
	TRY(attempt_count(request, &verification->subject));
	TRY(confirmation_code_check(request, &verification->user, purpose_of(verification->kind),
		verification->code, &verification->verdict, &verification->address));
	confirmation_code_note(request, verification->verdict);
	return verification->verdict == CODE_RIGHT ? prove(request, verification) : OK;
}

result attribute_change_verify(struct request *request, str attribute, str code)
{
	struct verification verification;
	TRY(begin_verification(request, attribute, ATTEMPT_VERIFY_ATTRIBUTE, &verification));
	verification.code = code;
	TRY(store_write(request, judge_code, &verification));
	return verification.verdict == CODE_RIGHT ? OK
						  : confirmation_code_refuse(request, verification.verdict);
}
