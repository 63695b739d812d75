/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/foundation.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/settings.h"
#include "crypto/seal.h"
#include "unit/cases.h"
#include "unit/delivery/folder.h"

struct place {
	struct arena *arena;
	str folder;
	struct settings settings;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct place *place = ARENA_NEW(arena, struct place);
	place->arena = arena;
	place->folder = folder_new(arena);
	place->settings.data_dir = arena_printf(arena, "%s/a/data", place->folder.data);
	unsetenv("POOLWARDEN_MASTER_KEY");
	unsetenv("POOLWARDEN_MASTER_KEY_FILE");
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	struct arena *arena = place->arena;
	folder_remove(place->folder);
	arena_free(&arena);
	return 0;
}

static unsigned mode_of(struct place *place, const char *name)
{
	struct stat status;
	str path = arena_printf(place->arena, "%s/%s", place->settings.data_dir.data, name);
	assert_int_equal(stat(path.data, &status), 0);
	return status.st_mode & 07777;
}

static void what_is_missing_is_made_for_its_owner_alone(void **state)
{
	struct place *place = *state;
	struct foundation foundation;
	str problem;
	mode_t mask = umask(0);
	assert_true(foundation_open(place->arena, &place->settings, &foundation, &problem));
	foundation_close(&foundation);
	umask(mask);
	assert_int_equal(mode_of(place, "."), 0700);
	assert_int_equal(mode_of(place, "master.key"), 0600);
	assert_int_equal(mode_of(place, "poolwarden.db"), 0600);
}

/* What one process seals, another opens, also while the first one runs. */
static void foundations_of_one_folder_are_one(void **state)
{
	struct place *place = *state;
	struct foundation first, second;
	str problem, opened;
	assert_true(foundation_open(place->arena, &place->settings, &first, &problem));
	assert_true(foundation_open(place->arena, &place->settings, &second, &problem));
	struct request *request = foundation_request(&first);
	assert_ptr_equal(request->settings, &place->settings);
	assert_ptr_equal(request->store, first.store);
	str sealed = seal_close(request->sealer, request->arena, STR("plain"), STR("place"));
	assert_true(seal_open(second.sealer, request->arena, sealed, STR("place"), &opened));
	assert_str_equal(opened, STR("plain"));
	request_free(&request);
	foundation_close(&second);
	foundation_close(&first);
	foundation_close(&first);
}

/* As when a database is moved to a machine without the key's file, where another key is made. */
static void a_database_keeps_to_its_key(void **state)
{
	struct place *place = *state;
	struct foundation foundation;
	str problem = STR_NONE;
	str path = arena_printf(place->arena, "%s/master.key", place->settings.data_dir.data);
	assert_true(foundation_open(place->arena, &place->settings, &foundation, &problem));
	assert_true(foundation.is_first);
	foundation_close(&foundation);
	str key = file_read(place->arena, path.data, 1000);
	assert_int_equal(remove(path.data), 0);
	assert_false(foundation_open(place->arena, &place->settings, &foundation, &problem));
	assert_str_equal(problem,
		STR("the master key is not the one that the database was begun with: servers that share a "
		    "database share master.key (or POOLWARDEN_MASTER_KEY)"));
	assert_null(foundation.sealer);
	assert_null(foundation.store);
	assert_true(file_write_durably(path.data, key, 0600));
	assert_true(foundation_open(place->arena, &place->settings, &foundation, &problem));
	assert_false(foundation.is_first);
	foundation_close(&foundation);
}

static void what_is_out_of_order_is_told(void **state)
{
	struct place *place = *state;
	str key = arena_printf(place->arena, "%s/master.key", place->settings.data_dir.data);
	str file = arena_printf(place->arena, "%s/file", place->folder.data);
	struct foundation foundation;
	str problem = STR_NONE;
	assert_true(file_make_folder(place->settings.data_dir.data));
	assert_true(file_write_durably(key.data, STR("nonsense"), 0600));
	assert_false(foundation_open(place->arena, &place->settings, &foundation, &problem));
	assert_str_equal(
		problem, arena_printf(place->arena,
				 "%s does not hold a master key: base64 of 32 bytes is wanted", key.data));
	assert_null(foundation.sealer);
	assert_null(foundation.store);
	assert_true(file_write_durably(file.data, STR(""), 0600));
	place->settings.data_dir = file;
	assert_false(foundation_open(place->arena, &place->settings, &foundation, &problem));
	assert_true(str_has_prefix(
		problem, arena_printf(place->arena, "cannot make the folder %s: ", file.data)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_missing_is_made_for_its_owner_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(foundations_of_one_folder_are_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_database_keeps_to_its_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_out_of_order_is_told, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
