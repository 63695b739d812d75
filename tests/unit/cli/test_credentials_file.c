/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/credentials_file.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "iam/credentials.h"
#include "unit/cases.h"
#include "unit/delivery/folder.h"

struct place {
	struct arena *arena;
	str folder, path;
	str id, secret, problem;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct place *place = ARENA_NEW(arena, struct place);
	place->arena = arena;
	place->folder = folder_new(arena);
	place->path = arena_printf(arena, "%s/credentials", place->folder.data);
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

static bool load(struct place *place)
{
	return credentials_file_load(
		place->arena, place->folder, true, &place->id, &place->secret, &place->problem);
}

static void the_file_is_made_once(void **state)
{
	struct place *place = *state;
	struct stat status;
	assert_true(load(place));
	str id = place->id, secret = place->secret;
	assert_int_equal(stat(place->path.data, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_str_equal(
		file_read(place->arena, place->path.data, 1000), credentials_text(place->arena, id, secret));
	assert_int_equal(id.len, 20);
	assert_int_equal(secret.len, 40);
	assert_true(load(place));
	assert_str_equal(place->id, id);
	assert_str_equal(place->secret, secret);
	assert_int_equal(folder_count(place->folder), 1);
}

/* Many first starts at once end with one key. */
/* Other servers of the database have it already. */
static void it_is_not_made_where_it_must_be_copied(void **state)
{
	struct place *place = *state;
	assert_false(credentials_file_load(
		place->arena, place->folder, false, &place->id, &place->secret, &place->problem));
	assert_str_equal(place->problem,
		arena_printf(place->arena,
			"there is no %s: servers that share a database share this file, or are given one "
			"root_access_key_id and root_secret_access_key",
			place->path.data));
	assert_true(load(place));
	assert_true(credentials_file_load(
		place->arena, place->folder, false, &place->id, &place->secret, &place->problem));
}

static void competitors_agree(void **state)
{
	enum { COMPETITORS = 8 };
	struct place *place = *state;
	int agreed = 0, status;
	for (int i = 0; i < COMPETITORS; i++) {
		if (fork() == 0) {
			bool loaded = load(place);
			str text = file_read(place->arena, place->path.data, 1000);
			_exit(loaded &&
				str_equal(text, credentials_text(place->arena, place->id, place->secret)));
		}
	}
	while (wait(&status) > 0)
		agreed += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	assert_int_equal(agreed, COMPETITORS);
	assert_int_equal(folder_count(place->folder), 1);
}

static void a_file_open_to_others_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0610, 0601 };
	struct place *place = *state;
	assert_true(load(place));
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(chmod(place->path.data, modes[i]), 0);
		assert_false(load(place));
		assert_str_equal(place->problem,
			arena_printf(place->arena,
				"%s is open to other users (mode %03o): chmod 600 it, or, if somebody else "
				"may "
				"have read it, remove it, and the next start makes another key",
				place->path.data, modes[i]));
	}
	assert_int_equal(chmod(place->path.data, 0400), 0);
	assert_true(load(place));
}

static void what_the_operator_wrote_is_read_or_refused(void **state)
{
	static const struct {
		const char *name, *content, *problem; /* behind the path; NULL: none */
	} cases[] = {
		{ "good",
			"[default]\naws_access_key_id = MYOWNKEY12345678\n"
			"aws_secret_access_key = 0123456789abcdef\n",
			NULL },
		{ "empty", "", " holds no aws_access_key_id and aws_secret_access_key under [default]" },
		{ "half", "[default]\naws_access_key_id = MYOWNKEY12345678\n",
			" holds no aws_access_key_id and aws_secret_access_key under [default]" },
		{ "short id",
			"[default]\naws_access_key_id = MYOWNKEY\naws_secret_access_key = 0123456789abcdef\n",
			" is malformed" },
		{ "short secret",
			"[default]\naws_access_key_id = MYOWNKEY12345678\naws_secret_access_key = 0123\n",
			" is malformed" },
		{ "secret with a space",
			"[default]\naws_access_key_id = MYOWNKEY12345678\n"
			"aws_secret_access_key = 0123456789 abcdef\n",
			" is malformed" },
	};
	struct place *place = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(file_write_durably(place->path.data, str_of(cases[i].content), 0600));
		assert_case(load(place) == !cases[i].problem, cases[i].name);
		assert_case(!cases[i].problem || str_has_suffix(place->problem, str_of(cases[i].problem)),
			cases[i].name);
		/* It is never mended. */
		assert_str_equal(file_read(place->arena, place->path.data, 1000), str_of(cases[i].content));
	}
}

static void what_is_no_file_is_refused(void **state)
{
	struct place *place = *state;
	assert_int_equal(mkdir(place->path.data, 0700), 0);
	assert_false(load(place));
	assert_true(str_has_suffix(place->problem, STR(": Invalid argument")));
	str folder = place->folder;
	place->folder = STR("/nonexistent/folder");
	assert_false(load(place));
	assert_str_equal(place->problem,
		STR("the root access key cannot be written to /nonexistent/folder/credentials: "
		    "No such file or directory"));
	place->folder = folder;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_file_is_made_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_is_not_made_where_it_must_be_copied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(competitors_agree, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_open_to_others_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_operator_wrote_is_read_or_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
