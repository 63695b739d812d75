/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/group_claims.h"

#include "base/fatal.h"
#include "unit/cases.h"

/* "name:precedence:role", both of which may be empty, separated by spaces, in the order of tokens. */
static const struct {
	const char *groups, *names, *roles;
} cases[] = {
	{ "", "", "" },
	{ "a::", "\"cognito:groups\":[\"a\"]", "" },
	{ "b:1: a::", "\"cognito:groups\":[\"b\",\"a\"]", "" },
	{ "q\"\\::", "\"cognito:groups\":[\"q\\\"\\\\\"]", "" },
	{ "a:0:r", "\"cognito:groups\":[\"a\"]",
		"\"cognito:roles\":[\"r\"],\"cognito:preferred_role\":\"r\"" },
	{ "a::r", "\"cognito:groups\":[\"a\"]",
		"\"cognito:roles\":[\"r\"],\"cognito:preferred_role\":\"r\"" },
	/* The lowest number wins, and any number wins over none. */
	{ "a:0:r b:1:s", "\"cognito:groups\":[\"a\",\"b\"]",
		"\"cognito:roles\":[\"r\",\"s\"],\"cognito:preferred_role\":\"r\"" },
	{ "z:2147483647:r a::s", "\"cognito:groups\":[\"z\",\"a\"]",
		"\"cognito:roles\":[\"r\",\"s\"],\"cognito:preferred_role\":\"r\"" },
	/* Equals that differ, and equals that agree. */
	{ "a:0:r b:0:s c:1:t", "\"cognito:groups\":[\"a\",\"b\",\"c\"]",
		"\"cognito:roles\":[\"r\",\"s\",\"t\"]" },
	{ "a:0:r b:0:r c:1:t", "\"cognito:groups\":[\"a\",\"b\",\"c\"]",
		"\"cognito:roles\":[\"r\",\"t\"],\"cognito:preferred_role\":\"r\"" },
	{ "a:0:r b:0:r c:0:t", "\"cognito:groups\":[\"a\",\"b\",\"c\"]", "\"cognito:roles\":[\"r\",\"t\"]" },
	{ "a::r b::s", "\"cognito:groups\":[\"a\",\"b\"]", "\"cognito:roles\":[\"r\",\"s\"]" },
	{ "a::r b::r", "\"cognito:groups\":[\"a\",\"b\"]",
		"\"cognito:roles\":[\"r\"],\"cognito:preferred_role\":\"r\"" },
	{ "a:0:r b::s c::t", "\"cognito:groups\":[\"a\",\"b\",\"c\"]",
		"\"cognito:roles\":[\"r\",\"s\",\"t\"],\"cognito:preferred_role\":\"r\"" },
	/* Those that disagree further down do not matter. */
	{ "a:0:r b:1:s c:1:t", "\"cognito:groups\":[\"a\",\"b\",\"c\"]",
		"\"cognito:roles\":[\"r\",\"s\",\"t\"],\"cognito:preferred_role\":\"r\"" },
	{ "a:0:r b:1:s c:1:r", "\"cognito:groups\":[\"a\",\"b\",\"c\"]",
		"\"cognito:roles\":[\"r\",\"s\"],\"cognito:preferred_role\":\"r\"" },
	/* Groups without a role have no say. */
	{ "a:0: b:1:s", "\"cognito:groups\":[\"a\",\"b\"]",
		"\"cognito:roles\":[\"s\"],\"cognito:preferred_role\":\"s\"" },
	{ "a:0:r b:0: c:0:r", "\"cognito:groups\":[\"a\",\"b\",\"c\"]",
		"\"cognito:roles\":[\"r\"],\"cognito:preferred_role\":\"r\"" },
	{ "a:0: b:1:r c:1:s", "\"cognito:groups\":[\"a\",\"b\",\"c\"]", "\"cognito:roles\":[\"r\",\"s\"]" },
};

static struct group_type parse(str text)
{
	struct group_type group = { .group_name = str_split(&text, ':') };
	str precedence = str_split(&text, ':');
	group.precedence.set = str_to_int64(precedence, &group.precedence.value);
	if (!str_is_empty(text))
		group.role_arn = text;
	return group;
}

static struct group_type_list parse_all(struct arena *arena, const char *text)
{
	struct group_type_list groups = { ARENA_ARRAY(arena, struct group_type, strlen(text)), 0 };
	str rest = *text ? str_of(text) : STR_NONE;
	while (str_is_set(rest))
		groups.items[groups.count++] = parse(str_split(&rest, ' '));
	return groups;
}

static str claims_of(struct arena *arena, const struct group_type_list *groups,
	void (*add)(struct buf *claims, const struct group_type_list *groups))
{
	struct buf claims = buf_new(arena, 4096);
	add(&claims, groups);
	return buf_str(&claims);
}

static void test_claims(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new();
		struct group_type_list groups = parse_all(arena, cases[i].groups);
		assert_str_equal(claims_of(arena, &groups, group_claims_add_names), str_of(cases[i].names));
		assert_str_equal(claims_of(arena, &groups, group_claims_add_roles), str_of(cases[i].roles));
		arena_free(&arena);
	}
}

static void test_no_room(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct group_type_list groups = parse_all(arena, "a:0:r b:1:s");
	for (size_t room = 0; room < 20; room++) {
		struct buf claims = buf_new(arena, room);
		group_claims_add_names(&claims, &groups);
		group_claims_add_roles(&claims, &groups);
		assert_true(claims.overflowed);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
