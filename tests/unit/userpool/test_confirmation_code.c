/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/confirmation_code.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"

enum { NOW = 1000000000 };

static str pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state, "{\"PoolName\":\"p\"}");
	house_user(*state, pool_id, "jane", "email=jane@example.com,phone_number=+15555550100");
	house_user(*state, pool_id, "john", "email=jane@example.com");
	return 0;
}

/* A code on its way through a transaction. */
struct inquiry {
	struct user user;
	struct user_address address, proven;
	str code;
	enum code_verdict verdict;
};

static RESULT make(struct request *request, void *context)
{
	struct inquiry *inquiry = context;
	return confirmation_code_make(request, &inquiry->user, CODE_SIGN_UP, &inquiry->address, &inquiry->code);
}

static RESULT check(struct request *request, void *context)
{
	struct inquiry *inquiry = context;
	return confirmation_code_check(
		request, &inquiry->user, CODE_SIGN_UP, inquiry->code, &inquiry->verdict, &inquiry->proven);
}

static struct inquiry send(struct request *request, const char *name, const char *attribute)
{
	struct inquiry inquiry = {
		.user = house_find_user(request, pool_id, name),
	};
	inquiry.address =
		user_message_address_of(str_of(attribute), user_attribute(&inquiry.user, str_of(attribute)));
	assert_ok(request, store_write(request, make, &inquiry));
	return inquiry;
}

static enum code_verdict judge(struct request *request, struct inquiry *inquiry, str code)
{
	inquiry->code = code;
	inquiry->proven = (struct user_address){ .attribute = STR_NONE };
	assert_ok(request, store_write(request, check, inquiry));
	return inquiry->verdict;
}

static str other_than(struct request *request, str code)
{
	str other = arena_copy(request->arena, code);
	((char *)other.data)[5] = code.data[5] == '0' ? '1' : '0';
	return other;
}

static void test_form(void **state)
{
	struct request *request = house_request(*state);
	for (int i = 0; i < 20; i++) {
		str code = send(request, "jane", "email").code;
		assert_int_equal(code.len, 6);
		for (size_t k = 0; k < code.len; k++)
			assert_in_range(code.data[k], '0', '9');
	}
	request_free(&request);
}

static void test_right(void **state)
{
	static const char *const attributes[] = { "email", "phone_number" };
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
		struct request *request = house_request(*state);
		struct inquiry inquiry = send(request, "jane", attributes[i]);
		assert_int_equal(judge(request, &inquiry, inquiry.code), CODE_RIGHT);
		assert_str_equal(inquiry.proven.attribute, str_of(attributes[i]));
		assert_str_equal(inquiry.proven.value, inquiry.address.value);
		request_free(&request);
	}
}

static RESULT forget(struct request *request, void *context)
{
	struct inquiry *inquiry = context;
	return confirmation_code_forget(request, &inquiry->user, CODE_SIGN_UP);
}

static void test_right_until_forgotten(void **state)
{
	struct request *request = house_request(*state);
	struct inquiry inquiry = send(request, "jane", "email");
	assert_int_equal(judge(request, &inquiry, inquiry.code), CODE_RIGHT);
	assert_int_equal(judge(request, &inquiry, inquiry.code), CODE_RIGHT);
	assert_ok(request, store_write(request, forget, &inquiry));
	assert_int_equal(judge(request, &inquiry, inquiry.code), CODE_ABSENT);
	request_free(&request);
}

static void test_wrong(void **state)
{
	struct request *request = house_request(*state);
	struct inquiry inquiry = send(request, "jane", "email");
	str code = inquiry.code;
	const str wrong[] = { other_than(request, code), str_slice(code, 0, 5), str_from(code, 1), STR(""),
		STR_NONE, arena_printf(request->arena, "%.*s0", STR_ARG(code)),
		arena_printf(request->arena, " %.*s", STR_ARG(code)),
		arena_printf(request->arena, "%.*s:jane@example.com", STR_ARG(code)) };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(judge(request, &inquiry, wrong[i]), CODE_WRONG);
	/* A wrong guess does not use it up. */
	assert_int_equal(judge(request, &inquiry, code), CODE_RIGHT);
	request_free(&request);
}

static void test_newer_code_replaces_older(void **state)
{
	struct request *request = house_request(*state);
	struct inquiry older = send(request, "jane", "email");
	struct inquiry newer = send(request, "jane", "phone_number");
	str old_code = older.code, new_code = newer.code;
	assert_int_equal(judge(request, &older, old_code), CODE_WRONG);
	assert_int_equal(judge(request, &newer, new_code), CODE_RIGHT);
	assert_str_equal(newer.proven.attribute, STR("phone_number"));
	request_free(&request);
}

static void test_none_was_sent(void **state)
{
	struct request *request = house_request(*state);
	struct inquiry sent = send(request, "jane", "email");
	struct inquiry inquiry = { .user = house_find_user(request, pool_id, "john") };
	assert_int_equal(judge(request, &inquiry, sent.code), CODE_ABSENT);
	request_free(&request);
}

/* Even where both have the same address. */
static void test_code_of_another_user(void **state)
{
	struct request *request = house_request(*state);
	struct inquiry janes = send(request, "jane", "email"), johns = send(request, "john", "email");
	str code = janes.code;
	if (!str_equal(code, johns.code))
		assert_int_equal(judge(request, &johns, code), CODE_WRONG);
	request_free(&request);
}

/* It proves the address that it was sent to, whatever the user has by now. */
static void test_address_is_where_it_was_sent(void **state)
{
	struct request *request = house_request(*state);
	struct inquiry inquiry = send(request, "jane", "email");
	inquiry.user.attributes = house_attributes(request, "email=other@example.com");
	assert_int_equal(judge(request, &inquiry, inquiry.code), CODE_RIGHT);
	assert_str_equal(inquiry.proven.value, STR("jane@example.com"));
	request_free(&request);
}

static RESULT make_to_attribute(struct request *request, void *context)
{
	struct inquiry *inquiry = context;
	return confirmation_code_make(
		request, &inquiry->user, CODE_VERIFY_EMAIL, &inquiry->address, &inquiry->code);
}

static RESULT find_address(struct request *request, void *context)
{
	struct inquiry *inquiry = context;
	return confirmation_code_address(request, &inquiry->user, CODE_VERIFY_EMAIL, &inquiry->proven);
}

/* Purposes do not mix, and the address that waits can be asked for until the code is over. */
static void test_waiting_address(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct inquiry inquiry = { .user = house_find_user(request, pool_id, "john") };
	inquiry.address = user_message_address_of(STR("email"), STR("next@example.com"));
	assert_ok(request, store_write(request, find_address, &inquiry));
	assert_false(str_is_set(inquiry.proven.attribute));
	assert_ok(request, store_write(request, make_to_attribute, &inquiry));
	assert_ok(request, store_write(request, find_address, &inquiry));
	assert_str_equal(inquiry.proven.value, STR("next@example.com"));
	assert_int_not_equal(judge(request, &inquiry, inquiry.code), CODE_RIGHT);
	request->now = NOW + DAY;
	assert_ok(request, store_write(request, find_address, &inquiry));
	assert_false(str_is_set(inquiry.proven.attribute));
	request_free(&request);
}

static void test_expiry(void **state)
{
	static const struct {
		int64_t age;
		enum code_verdict verdict;
	} cases[] = { { 0, CODE_RIGHT }, { DAY - 1, CODE_RIGHT }, { DAY, CODE_EXPIRED },
		{ 2 * DAY, CODE_EXPIRED } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request_at(*state, NOW);
		struct inquiry inquiry = send(request, "jane", "email");
		request->now = NOW + cases[i].age;
		assert_int_equal(judge(request, &inquiry, inquiry.code), cases[i].verdict);
		request_free(&request);
	}
}

/* A wrong guess does not tell that there was a code. */
static void test_wrong_and_expired(void **state)
{
	struct request *request = house_request_at(*state, NOW);
	struct inquiry inquiry = send(request, "jane", "email");
	request->now = NOW + DAY;
	assert_int_equal(judge(request, &inquiry, other_than(request, inquiry.code)), CODE_ABSENT);
	request_free(&request);
}

static void test_refusals(void **state)
{
	struct request *request = house_request(*state);
	assert_refused(request, confirmation_code_refuse(request, CODE_WRONG), ERROR_CODE_MISMATCH,
		"Invalid verification code provided, please try again.");
	assert_refused(request, confirmation_code_refuse(request, CODE_EXPIRED), ERROR_EXPIRED_CODE,
		"Invalid code provided, please request a code again.");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_right_until_forgotten),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_newer_code_replaces_older),
		cmocka_unit_test(test_none_was_sent),
		cmocka_unit_test(test_code_of_another_user),
		cmocka_unit_test(test_address_is_where_it_was_sent),
		cmocka_unit_test(test_waiting_address),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_wrong_and_expired),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
