/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "delivery/maildir.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/file.h"
#include "unit/cases.h"
#include "unit/delivery/folder.h"

struct fixture {
	struct arena *arena;
	str parent, maildir;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct fixture *fixture = ARENA_NEW(arena, struct fixture);
	fixture->arena = arena;
	fixture->parent = folder_new(arena);
	fixture->maildir = arena_printf(arena, "%.*s/data/outbox", STR_ARG(fixture->parent));
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = fixture->arena;
	folder_remove(fixture->parent);
	arena_free(&arena);
	return 0;
}

static str path(const struct fixture *fixture, const char *part)
{
	return arena_printf(fixture->arena, "%.*s/%s", STR_ARG(fixture->maildir), part);
}

static unsigned mode_of(const char *name)
{
	struct stat status;
	assert_int_equal(stat(name, &status), 0);
	return status.st_mode & 07777;
}

static void makes_folders_and_delivers(void **state)
{
	const struct fixture *fixture = *state;
	str problem = STR_NONE;
	assert_true(
		maildir_deliver(fixture->arena, fixture->maildir, STR("Subject: x\n\n123456\n"), &problem));
	assert_str_equal(
		folder_read(fixture->arena, path(fixture, "new"), ""), STR("Subject: x\n\n123456\n"));
	assert_int_equal(folder_count(path(fixture, "tmp")), 0);
	assert_int_equal(folder_count(path(fixture, "cur")), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
			mode_of(path(fixture, (const char *[]){ "tmp", "new", "cur" }[i]).data), 0700);
}

static void keeps_files_to_the_owner(void **state)
{
	const struct fixture *fixture = *state;
	str problem, new = path(fixture, "new");
	assert_true(maildir_deliver(fixture->arena, fixture->maildir, STR("x"), &problem));
	DIR *open = opendir(new.data);
	for (struct dirent *entry; (entry = readdir(open));) {
		if (entry->d_name[0] == '.')
			continue;
		str file = arena_printf(fixture->arena, "%.*s/%s", STR_ARG(new), entry->d_name);
		assert_int_equal(mode_of(file.data), 0600);
		assert_null(strpbrk(entry->d_name, ":/"));
	}
	closedir(open);
}

/* Even when the clock stands still. */
static void gives_each_message_a_name(void **state)
{
	const struct fixture *fixture = *state;
	str problem;
	clock_fix(1700000000123);
	for (int i = 0; i < 50; i++)
		assert_true(maildir_deliver(fixture->arena, fixture->maildir, STR("x"), &problem));
	clock_fix(0);
	assert_int_equal(folder_count(path(fixture, "new")), 50);
}

static void says_what_is_in_the_way(void **state)
{
	const struct fixture *fixture = *state;
	str problem = STR_NONE;
	str file = arena_printf(fixture->arena, "%.*s/data", STR_ARG(fixture->parent));
	assert_true(file_write_durably(file.data, STR("not a folder"), 0600));
	assert_false(maildir_deliver(fixture->arena, fixture->maildir, STR("x"), &problem));
	assert_true(str_has_prefix(problem, STR("cannot write into ")));
	assert_true(str_has_suffix(problem, STR("Not a directory")));
}

static void leaves_nothing_half_delivered(void **state)
{
	const struct fixture *fixture = *state;
	str problem = STR_NONE;
	assert_true(maildir_deliver(fixture->arena, fixture->maildir, STR("x"), &problem));
	folder_remove(path(fixture, "new"));
	assert_true(file_write_durably(path(fixture, "new").data, STR("not a folder"), 0600));
	assert_false(maildir_deliver(fixture->arena, fixture->maildir, STR("x"), &problem));
	assert_int_equal(folder_count(path(fixture, "tmp")), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(makes_folders_and_delivers),
		CASE(keeps_files_to_the_owner),
		CASE(gives_each_message_a_name),
		CASE(says_what_is_in_the_way),
		CASE(leaves_nothing_half_delivered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
