/* SPDX-License-Identifier: Apache-2.0 */
/* With a socket in place of the manager's. */
#include "cli/notification.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fatal.h"
#include "unit/cases.h"
#include "unit/delivery/folder.h"

enum { STATE_MAX = 1024 };

struct manager {
	struct arena *arena;
	str folder;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct manager *manager = ARENA_NEW(arena, struct manager);
	*manager = (struct manager){ arena, folder_new(arena) };
	*state = manager;
	return 0;
}

static int tear_down(void **state)
{
	struct manager *manager = *state;
	struct arena *arena = manager->arena;
	unsetenv("NOTIFY_SOCKET");
	folder_remove(manager->folder);
	arena_free(&arena);
	return 0;
}

/* "@name" has no file. */
static int listen_at(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	assert_true(len < sizeof address.sun_path);
	memcpy(address.sun_path, name, len);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	int opened = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_true(opened >= 0);
	assert_int_equal(bind(opened, (struct sockaddr *)&address,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
		0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return opened;
}

/* The one datagram that is there. */
static str hear(struct arena *arena, int opened)
{
	char *state = arena_alloc(arena, STATE_MAX);
	ssize_t len = recv(opened, state, STATE_MAX, MSG_DONTWAIT);
	assert_true(len > 0);
	assert_int_equal(recv(opened, (char[1]){ 0 }, 1, MSG_DONTWAIT), -1);
	return (str){ state, (size_t)len };
}

static void managers_hear_how_a_server_lives(void **state)
{
	struct manager *manager = *state;
	const char *names[] = {
		arena_printf(manager->arena, "%s/notify", manager->folder.data).data,
		arena_printf(manager->arena, "@poolwarden-test-%d", (int)getpid()).data,
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		int opened = listen_at(names[i]);
		long long at = 0;
		notification_ready(STR("http://127.0.0.1:4430"));
		assert_str_equal(hear(manager->arena, opened),
			STR("READY=1\nSTATUS=Serving at http://127.0.0.1:4430"));
		notification_reloading();
		assert_int_equal(
			sscanf(hear(manager->arena, opened).data, "RELOADING=1\nMONOTONIC_USEC=%lld", &at),
			1);
		assert_true(at > 0);
		notification_stopping();
		assert_true(str_has_prefix(hear(manager->arena, opened), STR("STOPPING=1\nSTATUS=")));
		close(opened);
	}
}

/* No server ends because of its manager. */
static void whoever_cannot_be_told_is_not_told(void **state)
{
	struct manager *manager = *state;
	char too_long[sizeof((struct sockaddr_un *)NULL)->sun_path + 2] = "/";
	memset(too_long + 1, 'x', sizeof too_long - 2);
	const char *names[] = { "", "/", "@", "relative", too_long,
		arena_printf(manager->arena, "%s/nobody", manager->folder.data).data };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(setenv("NOTIFY_SOCKET", names[i], 1), 0);
		notification_ready(STR("http://127.0.0.1:4430"));
	}
	unsetenv("NOTIFY_SOCKET");
	notification_ready(STR("http://127.0.0.1:4430"));
	assert_int_equal(folder_count(manager->folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(managers_hear_how_a_server_lives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whoever_cannot_be_told_is_not_told, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
