/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "crypto/master_key.h"
#include "crypto/seal.h"

#define KEY_TEXT "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define KEY	 STR("0123456789abcdef0123456789abcdef")

/* Each test gets an arena and an empty data folder. */
struct place {
	struct arena *arena;
	char folder[32];
	char path[48];
};

static int make_place(void **state)
{
	static struct place place;
	place.arena = arena_new();
	strcpy(place.folder, "/tmp/master-key-XXXXXX");
	if (!mkdtemp(place.folder))
		return -1;
	snprintf(place.path, sizeof place.path, "%s/master.key", place.folder);
	unsetenv("POOLWARDEN_MASTER_KEY");
	unsetenv("POOLWARDEN_MASTER_KEY_FILE");
	*state = &place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	unlink(place->path);
	arena_free(&place->arena);
	return rmdir(place->folder);
}

static bool load(struct place *place, str *key)
{
	str problem = STR_NONE;
	bool loaded = master_key_load(place->arena, str_of(place->folder), key, &problem);
	assert_int_equal(loaded, !str_is_set(problem));
	return loaded;
}

static void test_first_start(void **state)
{
	struct place *place = *state;
	struct stat status;
	str made, again;
	assert_true(load(place, &made));
	assert_int_equal(made.len, MASTER_KEY_LEN);
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_true(load(place, &again));
	assert_str_equal(again, made);
}

static void test_file_contents(void **state)
{
	static const struct {
		str content;
		bool loads;
	} cases[] = {
		{ STR_INIT(KEY_TEXT "\n"), true },
		{ STR_INIT(KEY_TEXT), true },
		{ STR_INIT(""), false },
		{ STR_INIT("\n"), false },
		{ STR_INIT(KEY_TEXT "\n\n"), false },
		{ STR_INIT(" " KEY_TEXT), false },
		{ STR_INIT("MDEyMzQ1Njc4OWFiY2RlZg==\n"), false },
		{ STR_INIT("0123456789abcdef0123456789abcdef"), false },
	};
	struct place *place = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str key;
		assert_true(file_write_durably(place->path, cases[i].content, 0600));
		assert_case(load(place, &key) == cases[i].loads, cases[i].content.data);
		if (cases[i].loads)
			assert_str_equal(key, KEY);
		/* A file that holds no key is left as it is. */
		assert_str_equal(file_read(place->arena, place->path, 100), cases[i].content);
	}
}

static void test_open_file(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0610 };
	struct place *place = *state;
	str key;
	assert_true(load(place, &key));
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(place->path, modes[i]), 0);
		assert_false(load(place, &key));
	}
	assert_int_equal(chmod(place->path, 0400), 0);
	assert_true(load(place, &key));
}

static void test_no_folder(void **state)
{
	struct place *place = *state;
	str key, problem;
	assert_false(master_key_load(place->arena, STR("/nonexistent/data"), &key, &problem));
	assert_true(str_has_suffix(problem, STR("No such file or directory")));
}

static void test_environment(void **state)
{
	struct place *place = *state;
	str key;
	setenv("POOLWARDEN_MASTER_KEY_FILE", "/nonexistent", 1);
	assert_false(load(place, &key));
	setenv("POOLWARDEN_MASTER_KEY", KEY_TEXT, 1);
	assert_true(load(place, &key));
	assert_str_equal(key, KEY);
	setenv("POOLWARDEN_MASTER_KEY", "", 1);
	assert_false(load(place, &key));
	assert_int_not_equal(access(place->path, F_OK), 0);
}

/* As a container platform mounts it. */
static void test_named_file(void **state)
{
	struct place *place = *state;
	str key;
	assert_true(file_write_durably(place->path, STR(KEY_TEXT "\n"), 0444));
	setenv("POOLWARDEN_MASTER_KEY_FILE", place->path, 1);
	assert_true(load(place, &key));
	assert_str_equal(key, KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_first_start, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_file_contents, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_open_file, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_folder, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_environment, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_named_file, make_place, remove_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
