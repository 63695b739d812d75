/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* usleep */
#include "userpool/expiry.h"

#include <unistd.h>

#include "unit/userpool/house.h"
#include "userpool/group.h"

enum { WAIT_US = 1000, PATIENCE = 30 * 1000 };

static void await_count(const struct house *house, const char *rows, int count)
{
	for (int i = 0; house_count(house, rows) != count; i++) {
		assert_in_range(i, 0, PATIENCE);
		usleep(WAIT_US);
	}
}

/* As many as make several parts. */
#define FILL                                                                                                 \
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450) "                    \
	"INSERT INTO pool_user (id, pool_id, username, username_key, status, enabled, tokens_valid_after, "  \
	"created_at, modified_at) SELECT i, (SELECT id FROM user_pool), i, i, 'CONFIRMED', 1, 0, 0, 0 FROM " \
	"n;"                                                                                                 \
	"INSERT INTO group_member (group_id, user_id, group_name) "                                          \
	"SELECT g.id, u.id, g.name FROM pool_group g JOIN pool_user u"

static void test_remains_of_deleted_groups(void **state)
{
	struct request *request = house_request(*state);
	str pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	static const char *const names[] = { "kept", "gone", "empty", "also-gone" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		house_group(*state, pool_id, names[i], "");
	assert_ok(request, group_delete(request, pool_id, STR("empty")));
	house_execute(*state, FILL " WHERE g.deleted_at IS NULL");
	assert_ok(request, group_delete(request, pool_id, STR("gone")));
	assert_ok(request, group_delete(request, pool_id, STR("also-gone")));
	house_group(*state, pool_id, "gone", "");
	assert_int_equal(house_count(*state, "group_member"), 3 * 450);

	const struct house *house = *state;
	struct expiry *expiry = expiry_start(&house->settings, house->sealer, house->store);
	await_count(house, "pool_group", 2);
	expiry_stop(&expiry);
	assert_null(expiry);
	assert_int_equal(house_count(house, "group_member WHERE group_name = 'kept'"), 450);
	assert_int_equal(house_count(house, "group_member"), 450);
	assert_int_equal(
		house_count(house, "pool_group WHERE name IN ('kept', 'gone') AND deleted_at IS NULL"), 2);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_remains_of_deleted_groups, house_set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
