/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_search.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/fold.h"
#include "base/buf.h"
#include "unit/userpool/house.h"

#define NOW       INT64_C(1738659903123)
#define BAD_TOKEN "Invalid pagination token."

enum { PEOPLE = 150, SEARCHES = 1500, CROWD = 4500 };

static str pool_id, crowd_pool_id;

/* --- People by chance, and what a look at all of them finds --- */

static const char *const values[] = {
	"ann",
	"Ann",
	"anna",
	"ANNABEL",
	"b%",
	"b_",
	"b",
	"%",
	"_",
	"\\",
	"a\\%",
	"'",
	"''",
	"\"",
	"' OR 1=1 --",
	" ",
	"",
	"\xc3\x89va",
	"\xc3\xa9va",
	"\xe4\xb8\xad\xe6\x96\x87",
	"\xf0\x9f\x98\x80",
	"ann@example.com",
	"x.ann@example.com",
};
static const char *const names[] = { "email", "nickname", "custom:team" };
static const enum found_user_status_type statuses[] = { FOUND_USER_STATUS_TYPE_CONFIRMED,
	FOUND_USER_STATUS_TYPE_UNCONFIRMED, FOUND_USER_STATUS_TYPE_RESET_REQUIRED };

static struct person {
	char id[37], username[48];
	const char *attributes[ARRAY_LEN(names)]; /* NULL: absent */
	enum found_user_status_type status;
	bool is_enabled, is_member;
	int64_t created_at, modified_at;
} people[PEOPLE];

static unsigned chance(unsigned sides)
{
	static uint64_t state = 20250204;
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % sides;
}

static const char *any_value(void)
{
	return values[chance(ARRAY_LEN(values))];
}

static void make_person(unsigned n, struct person *person)
{
	snprintf(person->id, sizeof person->id, "%08x-0000-4000-8000-%012x", chance(UINT32_MAX), n);
	snprintf(person->username, sizeof person->username, "%s%u", any_value(), n);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		person->attributes[i] = chance(3) ? any_value() : NULL;
	person->status = statuses[chance(ARRAY_LEN(statuses))];
	person->is_enabled = chance(4);
	person->is_member = !chance(3);
	person->created_at = NOW + chance(100);
	person->modified_at = NOW + chance(100);
}

static str quoted(struct arena *arena, const char *text)
{
	struct buf sql = buf_new(arena, 256);
	for (; *text; text++)
		buf_printf(&sql, *text == '\'' ? "''" : "%c", *text);
	return arena_copy(arena, buf_str(&sql));
}

static void store_person(const struct house *house, const struct person *person)
{
	struct arena *arena = arena_new();
	house_execute(house,
		arena_printf(arena,
			"INSERT INTO pool_user (id, pool_id, username, username_key, status, enabled, "
			"tokens_valid_after, "
			"created_at, modified_at) VALUES ('%s', '%.*s', '%s', '%s', '%.*s', %d, 0, %lld, "
			"%lld)",
			person->id, STR_ARG(pool_id), quoted(arena, person->username).data,
			quoted(arena, person->username).data,
			STR_ARG(spec_enum_text(&spec_type_found_user_status_type, (int)person->status)),
			person->is_enabled, (long long)person->created_at, (long long)person->modified_at)
			.data);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (person->attributes[i])
			house_execute(house, arena_printf(arena,
						     "INSERT INTO user_attribute (user_id, name, pool_id, "
						     "value) VALUES ('%s', '%s', '%.*s', '%s')",
						     person->id, names[i], STR_ARG(pool_id),
						     quoted(arena, person->attributes[i]).data)
						     .data);
	if (person->is_member)
		house_execute(house, arena_printf(arena,
					     "INSERT INTO group_member (group_id, user_id, group_name) "
					     "SELECT id, '%s', name FROM pool_group WHERE name = 'staff'",
					     person->id)
					     .data);
	arena_free(&arena);
}

static bool contains(str text, str part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (str_equal(str_slice(text, i, part.len), part))
			return true;
	return false;
}

static str value_of(const struct person *person, str name)
{
	if (str_equal(name, STR("username")))
		return str_of(person->username);
	if (str_equal(name, STR("sub")))
		return str_of(person->id);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_equal(name, str_of(names[i])))
			return str_of(person->attributes[i]);
	return STR_NONE;
}

static bool holds(
	struct arena *arena, const struct person *person, const struct user_condition_type *condition)
{
	str value = value_of(person, condition->name);
	switch (condition->operator) {
	case USER_CONDITION_OPERATOR_TYPE_EQUALS:
		return str_is_set(value) && str_equal(value, condition->value);
	case USER_CONDITION_OPERATOR_TYPE_STARTS_WITH:
		return str_is_set(value) && str_has_prefix(value, condition->value);
	case USER_CONDITION_OPERATOR_TYPE_CONTAINS:
		return str_is_set(value) &&
		       contains(fold_case(arena, value), fold_case(arena, condition->value));
	case USER_CONDITION_OPERATOR_TYPE_EXISTS:
		return str_is_set(value);
	default:
		return !str_is_set(value);
	}
}

static bool is_found(
	struct arena *arena, const struct search_users_request *input, const struct person *person)
{
	for (size_t i = 0; i < input->conditions.count; i++)
		if (!holds(arena, person, &input->conditions.items[i]))
			return false;
	return (!input->status || input->status == person->status) &&
	       (!input->enabled.set || input->enabled.value == person->is_enabled) &&
	       (!str_is_set(input->group_name) || person->is_member) &&
	       person->created_at >= optional_int_or(input->created_from, INT64_MIN) &&
	       person->created_at < optional_int_or(input->created_before, INT64_MAX) &&
	       person->modified_at >= optional_int_or(input->modified_from, INT64_MIN) &&
	       person->modified_at < optional_int_or(input->modified_before, INT64_MAX);
}

static int set_up(void **state)
{
	house_set_up(state);
	clock_fix(NOW);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"team\","
				     "\"AttributeDataType\":\"String\",\"Mutable\":true}]}");
	crowd_pool_id = house_pool(*state, "{\"PoolName\":\"crowd\"}");
	house_group(*state, pool_id, "staff", "");
	for (unsigned i = 0; i < PEOPLE; i++) {
		make_person(i, &people[i]);
		store_person(*state, &people[i]);
	}
	struct arena *arena = arena_new();
	house_execute(*state,
		arena_printf(arena,
			"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
			"INSERT INTO pool_user (id, pool_id, username, username_key, status, enabled, "
			"tokens_valid_after, "
			"created_at, modified_at) SELECT printf('crowd%%031d', i), '%.*s', 'user-' || i, "
			"'user-' || i, "
			"'CONFIRMED', 1, 0, 0, 0 FROM n",
			CROWD, STR_ARG(crowd_pool_id))
			.data);
	house_execute(*state, "INSERT INTO sign_in_name (pool_id, name_key, kind, user_id) "
			      "SELECT pool_id, username_key, 'username', id FROM pool_user");
	arena_free(&arena);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* --- Against the model --- */

static struct optional_int any_time(void)
{
	return chance(5) ? (struct optional_int){ .set = false } : optional_int(NOW + chance(100));
}

static void make_condition(struct user_condition_type *condition)
{
	static const char *const subjects[] = { "username", "sub", "email", "nickname", "custom:team" };
	condition->name = str_of(subjects[chance(ARRAY_LEN(subjects))]);
	condition->operator= USER_CONDITION_OPERATOR_TYPE_EQUALS + chance(5);
	if (condition->operator>= USER_CONDITION_OPERATOR_TYPE_EXISTS)
		return;
	const struct person *person = &people[chance(PEOPLE)];
	str theirs = value_of(person, condition->name);
	condition->value = chance(3) && str_is_set(theirs) ? theirs : str_of(any_value());
	/* A part of a value, cut where characters may be. */
	if (condition->operator!= USER_CONDITION_OPERATOR_TYPE_EQUALS && chance(2) && str_is_set(theirs) &&
		theirs.len > 1 && theirs.data[1] > 0 && theirs.data[0] > 0)
		condition->value = str_slice(theirs, 0, 2);
}

static void make_search(struct arena *arena, struct search_users_request *input)
{
	*input = (struct search_users_request){ .user_pool_id = pool_id,
		.max_results = optional_int(1 + chance(60)) };
	input->conditions.count = chance(4);
	input->conditions.items = ARENA_ARRAY(arena, struct user_condition_type, input->conditions.count);
	for (size_t i = 0; i < input->conditions.count; i++)
		make_condition(&input->conditions.items[i]);
	if (!chance(4))
		input->status = statuses[chance(ARRAY_LEN(statuses))];
	if (!chance(4))
		input->enabled = optional_bool(chance(2));
	if (!chance(4))
		input->group_name = STR("staff");
	input->created_from = any_time();
	input->created_before = any_time();
	input->modified_from = any_time();
	input->modified_before = any_time();
}

static unsigned index_of(str id)
{
	for (unsigned i = 0; i < PEOPLE; i++)
		if (str_equal(str_of(people[i].id), id))
			return i;
	fail_msg("a stranger: %.*s", STR_ARG(id));
	return 0;
}

/* Each that should come, comes once, and as it is; counting gives their number. */
static void compare(struct request *request, struct search_users_request *input)
{
	bool seen[PEOPLE] = { false };
	size_t expected = 0, found = 0;
	for (bool is_more = true; is_more;) {
		struct search_users_response page = { .next_token = STR_NONE };
		assert_ok(request, user_search(request, input, &page));
		assert_true(page.users.count <= (size_t)input->max_results.value);
		assert_int_equal(page.count.value, page.users.count);
		for (size_t i = 0; i < page.users.count; i++, found++) {
			const struct found_user_type *user = &page.users.items[i];
			unsigned n = index_of(user->user_sub);
			assert_false(seen[n]);
			seen[n] = true;
			assert_str_equal(user->username, str_of(people[n].username));
			assert_int_equal(user->status, people[n].status);
			assert_int_equal(user->enabled.value, people[n].is_enabled);
			for (size_t j = 0; j < user->attributes.count; j++)
				assert_str_equal(user->attributes.items[j].value,
					value_of(&people[n], user->attributes.items[j].name));
		}
		is_more = str_is_set(page.next_token);
		input->next_token = page.next_token;
	}
	for (unsigned i = 0; i < PEOPLE; i++) {
		assert_int_equal(seen[i], is_found(request->arena, input, &people[i]));
		expected += seen[i];
	}
	struct search_users_response counted = { .next_token = STR_NONE };
	input->select = USER_SELECTION_TYPE_COUNT;
	input->next_token = STR_NONE;
	assert_ok(request, user_search(request, input, &counted));
	assert_int_equal(counted.count.value, expected);
	assert_int_equal(counted.users.count, 0);
	assert_false(str_is_set(counted.next_token));
	assert_int_equal(found, expected);
}

static void finds_what_a_look_at_all_finds(void **state)
{
	unsigned with_result = 0;
	for (unsigned i = 0; i < SEARCHES; i++) {
		struct request *request = house_request(*state);
		struct search_users_request input;
		make_search(request->arena, &input);
		compare(request, &input);
		for (unsigned n = 0; n < PEOPLE; n++)
			if (is_found(request->arena, &input, &people[n])) {
				with_result++;
				break;
			}
		request_free(&request);
	}
	/* Searches that find nobody would agree with anything. */
	assert_in_range(with_result, SEARCHES / 10, SEARCHES);
}

static void each_value_is_found_by_itself_alone(void **state)
{
	static const enum user_condition_operator_type operators[] = { USER_CONDITION_OPERATOR_TYPE_EQUALS,
		USER_CONDITION_OPERATOR_TYPE_STARTS_WITH, USER_CONDITION_OPERATOR_TYPE_CONTAINS };
	static const char *const subjects[] = { "username", "email", "nickname", "custom:team" };
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		for (size_t j = 0; j < ARRAY_LEN(operators); j++)
			for (size_t k = 0; k < ARRAY_LEN(subjects); k++) {
				struct request *request = house_request(*state);
				struct user_condition_type condition = { .name = str_of(subjects[k]),
					.operator= operators[j],
					.value = str_of(values[i]) };
				struct search_users_request input = {
					.user_pool_id = pool_id,
					.conditions = { &condition, 1 },
					.max_results = optional_int(7),
				};
				compare(request, &input);
				request_free(&request);
			}
}

/* --- Bounds --- */

static struct search_users_request in_crowd(struct user_condition_type *condition)
{
	return (struct search_users_request){ .user_pool_id = crowd_pool_id, .conditions = { condition, 1 } };
}

static void a_call_examines_no_more_than_it_may(void **state)
{
	struct user_condition_type condition = { .name = STR("username"),
		.operator= USER_CONDITION_OPERATOR_TYPE_CONTAINS,
		.value = STR("R-4500") };
	for (int select = USER_SELECTION_TYPE_USERS; select <= USER_SELECTION_TYPE_COUNT; select++) {
		struct search_users_request input = in_crowd(&condition);
		int64_t examined = 0, found = 0, calls = 0;
		input.select = (enum user_selection_type)select;
		for (bool is_more = true; is_more; calls++) {
			struct request *request = house_request(*state);
			struct search_users_response page = { .next_token = STR_NONE };
			assert_ok(request, user_search(request, &input, &page));
			assert_in_range(page.examined_count.value, 0, USER_SEARCH_EXAMINED_MAX);
			examined += page.examined_count.value;
			found += page.count.value;
			is_more = str_is_set(page.next_token);
			input.next_token = arena_copy(((struct house *)*state)->arena, page.next_token);
			request_free(&request);
		}
		assert_int_equal(found, 1);
		assert_int_equal(examined, CROWD);
		assert_int_equal(calls, 3);
	}
}

static int64_t examined_by(const struct house *house, struct search_users_request input)
{
	struct request *request = house_request(house);
	struct search_users_response page = { .next_token = STR_NONE };
	assert_ok(request, user_search(request, &input, &page));
	request_free(&request);
	return page.examined_count.value;
}

static void the_condition_that_most_likely_lets_few_pass_leads(void **state)
{
	static const struct {
		const char *name;
		struct user_condition_type condition;
		int64_t examined;
	} cases[] = { { "user name",
			      { .name = STR_INIT("username"),
				      .operator= USER_CONDITION_OPERATOR_TYPE_EQUALS,
				      .value = STR_INIT("user-7") },
			      1 },
		{ "sub",
			{ .name = STR_INIT("sub"),
				.operator= USER_CONDITION_OPERATOR_TYPE_EQUALS,
				.value = STR_INIT("crowd0000000000000000000000000000007") },
			1 },
		{ "beginning",
			{ .name = STR_INIT("username"),
				.operator= USER_CONDITION_OPERATOR_TYPE_STARTS_WITH,
				.value = STR_INIT("user-44") },
			111 },
		{ "attribute that nobody has",
			{ .name = STR_INIT("email"),
				.operator= USER_CONDITION_OPERATOR_TYPE_CONTAINS,
				.value = STR_INIT("x") },
			0 },
		{
			"none",
			{ .name = STR_INIT("email"), .operator= USER_CONDITION_OPERATOR_TYPE_ABSENT }, 60 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct user_condition_type conditions[] = {
			{ .name = STR("username"),
				.operator= USER_CONDITION_OPERATOR_TYPE_CONTAINS,
				.value = STR("u") },
			cases[i].condition,
		};
		struct search_users_request input = in_crowd(conditions);
		input.conditions.count = ARRAY_LEN(conditions);
		input.status = FOUND_USER_STATUS_TYPE_CONFIRMED;
		input.enabled = optional_bool(true);
		int64_t examined = examined_by(*state, input), wanted = cases[i].examined;
		/* A page of 60 is full before all are examined. */
		assert_case(examined == (wanted > 60 ? 60 : wanted), cases[i].name);
	}
}

/* --- Refusals --- */

static void refuses_what_makes_no_sense(void **state)
{
	static const struct {
		const char *name, *problem;
		struct user_condition_type condition;
	} cases[] = { { "no such attribute", "The user pool has no attribute custom:no.",
		{ .name = STR_INIT("custom:no"), .operator= USER_CONDITION_OPERATOR_TYPE_EXISTS } },
		{ "another's column", "The user pool has no attribute password_hash.",
			{ .name = STR_INIT("password_hash"),
				.operator= USER_CONDITION_OPERATOR_TYPE_EXISTS } },
			{ "no value", "A condition has a value, unless it is EXISTS or ABSENT.",
				{
					.name = STR_INIT("email"),
					.operator= USER_CONDITION_OPERATOR_TYPE_CONTAINS } },
				{ "a value too many",
					"A condition has a value, unless it is EXISTS or ABSENT.",
					{ .name = STR_INIT("email"),
						.operator= USER_CONDITION_OPERATOR_TYPE_ABSENT,
						.value = STR_INIT("") } },
			};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct user_condition_type condition = cases[i].condition;
		struct search_users_request input = { .user_pool_id = pool_id,
			.conditions = { &condition, 1 } };
		struct search_users_response page;
		assert_refused(request, user_search(request, &input, &page), ERROR_INVALID_PARAMETER,
			cases[i].problem);
		request_free(&request);
	}
}

static void tokens_are_good_for_their_own_conditions(void **state)
{
	struct request *request = house_request(*state);
	struct search_users_request input = { .user_pool_id = pool_id, .max_results = optional_int(1) };
	struct search_users_response page = { .next_token = STR_NONE };
	assert_ok(request, user_search(request, &input, &page));
	input.next_token = page.next_token;
	input.max_results = optional_int(2);
	assert_ok(request, user_search(request, &input, &page));
	input.enabled = optional_bool(true);
	assert_refused(request, user_search(request, &input, &page), ERROR_INVALID_PARAMETER, BAD_TOKEN);
	input.enabled.set = false;
	input.user_pool_id = crowd_pool_id;
	assert_refused(request, user_search(request, &input, &page), ERROR_INVALID_PARAMETER, BAD_TOKEN);
	input.user_pool_id = pool_id;
	input.group_name = STR("nobodies");
	input.next_token = STR_NONE;
	assert_refused(
		request, user_search(request, &input, &page), ERROR_RESOURCE_NOT_FOUND, "Group not found.");
	input.user_pool_id = STR("us-east-1_x");
	assert_refused(request, user_search(request, &input, &page), ERROR_RESOURCE_NOT_FOUND,
		"User pool us-east-1_x does not exist.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_a_look_at_all_finds),
		cmocka_unit_test(each_value_is_found_by_itself_alone),
		cmocka_unit_test(a_call_examines_no_more_than_it_may),
		cmocka_unit_test(the_condition_that_most_likely_lets_few_pass_leads),
		cmocka_unit_test(refuses_what_makes_no_sense),
		cmocka_unit_test(tokens_are_good_for_their_own_conditions),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
