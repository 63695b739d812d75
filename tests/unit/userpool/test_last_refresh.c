/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/last_refresh.h"

#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"

#define NOW INT64_C(1738659903123)

static str user_id;

static int set_up(void **state)
{
	house_set_up(state);
	user_id = house_user(*state, house_pool(*state, "{\"PoolName\":\"p\"}"), "jane", "");
	return 0;
}

/* Ids as sign-ins have them, by number. */
static str id_of(const struct house *house, int number)
{
	return arena_printf(house->arena, "00000000-0000-4000-8000-%012d", number);
}

static void make_sign_ins(const struct house *house, int first, int count)
{
	for (int i = first; i < first + count; i++)
		house_execute(house,
			arena_printf(house->arena,
				"INSERT INTO sign_in (id, user_id, client_id, authenticated_at, expires_at, revoked) "
				"VALUES ('%.*s', '%.*s', 'c', 0, 9, 0)",
				STR_ARG(id_of(house, i)), STR_ARG(user_id))
				.data);
}

static void note(const struct house *house, int number, int64_t now)
{
	struct request *request = house_request_at(house, now);
	last_refresh_note(request, id_of(house, number));
	request_free(&request);
}

static void writes_what_was_noted(void **state)
{
	const struct house *house = *state;
	struct last_refresh *last_refresh = last_refresh_start(&house->settings, house->sealer, house->store);
	make_sign_ins(house, 1, 2);
	note(house, 1, NOW);
	note(house, 1, NOW + 5);
	note(house, 1, NOW + 2);
	note(house, 99, NOW);
	last_refresh_stop(&last_refresh);
	assert_null(last_refresh);
	assert_int_equal(house_count(house, "sign_in WHERE refreshed_at = 1738659903128"), 1);
	assert_int_equal(house_count(house, "sign_in WHERE refreshed_at IS NULL"), 1);
	last_refresh_stop(&last_refresh);
}

static void takes_more_than_one_transaction_holds(void **state)
{
	const struct house *house = *state;
	struct last_refresh *last_refresh = last_refresh_start(&house->settings, house->sealer, house->store);
	make_sign_ins(house, 1000, 450);
	for (int i = 1000; i < 1450; i++)
		note(house, i, NOW + 100);
	last_refresh_stop(&last_refresh);
	assert_int_equal(house_count(house, "sign_in WHERE refreshed_at = 1738659903223"), 450);
}

static void without_it_nothing_is_noted(void **state)
{
	make_sign_ins(*state, 3000, 1);
	note(*state, 3000, NOW + 200);
	assert_int_equal(house_count(*state, "sign_in WHERE refreshed_at = 1738659903323"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_was_noted),
		cmocka_unit_test(takes_more_than_one_transaction_holds),
		cmocka_unit_test(without_it_nothing_is_noted),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
