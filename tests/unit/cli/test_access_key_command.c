/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/access_key_command.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "cli/foundation.h"
#include "iam/access_key.h"
#include "iam/credentials.h"
#include "unit/cases.h"
#include "unit/cli/capture.h"
#include "unit/delivery/folder.h"

struct place {
	struct arena *arena;
	struct settings settings;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct place *place = ARENA_NEW(arena, struct place);
	place->arena = arena;
	place->settings.data_dir = folder_new(arena);
	unsetenv("POOLWARDEN_MASTER_KEY");
	unsetenv("POOLWARDEN_MASTER_KEY_FILE");
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	struct arena *arena = place->arena;
	folder_remove(place->settings.data_dir);
	arena_free(&arena);
	return 0;
}

static struct captured say(struct place *place, const char *first, const char *second)
{
	return capture(place->arena, access_key_command_run, &place->settings,
		(const char *[]){ first, second, NULL });
}

static void keys_are_created_listed_and_deleted(void **state)
{
	struct place *place = *state;
	str id, secret;
	struct captured created = say(place, "create", "--root");
	assert_int_equal(created.status, 0);
	assert_str_equal(created.err, STR(""));
	assert_true(credentials_parse(created.out, &id, &secret));
	assert_int_equal(id.len, 20);
	assert_int_equal(secret.len, 40);
	assert_str_equal(created.out, credentials_text(place->arena, id, secret));
	struct captured listed = say(place, "list", NULL);
	assert_int_equal(listed.status, 0);
	assert_true(str_has_prefix(listed.out, arena_printf(place->arena, "%.*s  root  20", STR_ARG(id))));
	assert_true(str_has_suffix(listed.out, STR("Z\n")));
	struct captured deleted = say(place, "delete", arena_copy(place->arena, id).data);
	assert_int_equal(deleted.status, 0);
	assert_str_equal(deleted.out, STR(""));
	assert_str_equal(say(place, "list", NULL).out, STR(""));
}

static void a_key_that_may_do_nothing_is_explained(void **state)
{
	struct place *place = *state;
	struct captured created = say(place, "create", NULL);
	assert_int_equal(created.status, 0);
	assert_true(str_has_prefix(created.out, STR("[default]\n")));
	assert_str_equal(
		created.err, STR("poolwarden: so far only keys made with --root are permitted anything\n"));
	assert_true(str_find_char(say(place, "list", NULL).out, '-') == 22);
}

static void the_order_of_words_is_free(void **state)
{
	assert_int_equal(say(*state, "--root", "create").status, 0);
	assert_str_equal(str_slice(say(*state, "list", NULL).out, 22, 4), STR("root"));
}

static void unknown_keys_are_not_deleted(void **state)
{
	struct captured deleted = say(*state, "delete", "AKIAAAAAAAAAAAAAAAAA");
	assert_int_equal(deleted.status, 1);
	assert_str_equal(deleted.err, STR("poolwarden: there is no access key AKIAAAAAAAAAAAAAAAAA\n"));
}

static void lists_have_more_than_one_page(void **state)
{
	struct place *place = *state;
	struct foundation foundation;
	str problem, last = STR("");
	size_t lines = 0;
	assert_true(foundation_open(place->arena, &place->settings, &foundation, &problem));
	for (int i = 0; i < ACCESS_KEY_PAGE_SIZE + 2; i++) {
		struct request *request = foundation_request(&foundation);
		struct access_key key;
		assert_true(result_is_ok(access_key_create(request, true, &key)));
		request_free(&request);
	}
	/* Beside somebody who has the store open, as a server has it. */
	str rest = say(place, "list", NULL).out;
	foundation_close(&foundation);
	while (rest.len) {
		str id = str_slice(str_split(&rest, '\n'), 0, 20);
		assert_true(str_compare(last, id) < 0);
		last = id;
		lines++;
	}
	assert_int_equal(lines, ACCESS_KEY_PAGE_SIZE + 2);
}

static void nonsense_is_refused_before_anything_is_touched(void **state)
{
	static const char *const cases[][5] = {
		{ NULL },
		{ "--root", NULL },
		{ "make", NULL },
		{ "create", "x", NULL },
		{ "list", "x", NULL },
		{ "list", "--root", NULL },
		{ "delete", NULL },
		{ "delete", "x", "y", NULL },
		{ "delete", "x", "--root", NULL },
		{ "delete", "x", "y", "z", NULL },
	};
	struct place *place = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct captured refused =
			capture(place->arena, access_key_command_run, &place->settings, cases[i]);
		assert_int_equal(refused.status, 2);
		assert_str_equal(refused.out, STR(""));
		assert_str_equal(
			refused.err, STR("poolwarden: access-key takes: create [--root] | list | delete ID\n"
					 "Try `poolwarden help`.\n"));
		assert_int_equal(folder_count(place->settings.data_dir), 0);
	}
}

static void a_foundation_out_of_order_is_told(void **state)
{
	struct place *place = *state;
	place->settings.database = STR("sqlite:/nonexistent/folder/db");
	struct captured refused = say(place, "list", NULL);
	assert_int_equal(refused.status, 1);
	assert_str_equal(refused.err,
		STR("poolwarden: cannot open /nonexistent/folder/db: No such file or directory\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keys_are_created_listed_and_deleted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_key_that_may_do_nothing_is_explained, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_order_of_words_is_free, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unknown_keys_are_not_deleted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lists_have_more_than_one_page, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			nonsense_is_refused_before_anything_is_touched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_foundation_out_of_order_is_told, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
