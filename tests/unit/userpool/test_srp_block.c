/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "userpool/srp_block.h"

#include "base/fatal.h"
#include "crypto/seal.h"
#include "unit/userpool/house.h"
#include "userpool/client.h"

static const struct client one = { .id = STR_INIT("client1"), .pool_id = STR_INIT("us-east-1_a") };
static const struct client other = { .id = STR_INIT("client2"), .pool_id = STR_INIT("us-east-1_a") };

static const struct srp_block blocks[] = {
	{ .issued_at = 1738659903123,
		.subject = STR_INIT("5b"),
		.client_public = STR_INIT("abc123"),
		.server_private = STR_INIT("\x01\x02\n\x00\xff"),
		.server_public = STR_INIT("def456") },
	{ .issued_at = 0,
		.subject = STR_INIT(""),
		.client_public = STR_INIT("1"),
		.server_private = STR_INIT(""),
		.server_public = STR_INIT("") },
	{ .issued_at = -1,
		.subject = STR_INIT("x"),
		.client_public = STR_INIT("ABC"),
		.server_private = STR_INIT("0123456789abcdef0123456789abcdef"),
		.server_public = STR_INIT("9") },
};

static void test_round_trip(void **state)
{
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		struct srp_block opened;
		str sealed = srp_block_seal(request, &one, &blocks[i]);
		assert_true(srp_block_open(request, &one, sealed, &opened));
		assert_int_equal(opened.issued_at, blocks[i].issued_at);
		assert_str_equal(opened.subject, blocks[i].subject);
		assert_str_equal(opened.client_public, blocks[i].client_public);
		assert_str_equal(opened.server_private, blocks[i].server_private);
		assert_str_equal(opened.server_public, blocks[i].server_public);
	}
	request_free(&request);
}

static void test_is_new_each_time(void **state)
{
	struct request *request = house_request(*state);
	str first = srp_block_seal(request, &one, &blocks[0]),
	    second = srp_block_seal(request, &one, &blocks[0]);
	assert_false(str_equal(first, second));
	request_free(&request);
}

static void test_hides_its_content(void **state)
{
	struct request *request = house_request(*state);
	str sealed = srp_block_seal(request, &one, &blocks[2]);
	assert_null(memmem(sealed.data, sealed.len, "0123456789", 10));
	assert_null(memmem(sealed.data, sealed.len, "303132333435", 12));
	request_free(&request);
}

static void test_another_client(void **state)
{
	struct request *request = house_request(*state);
	struct srp_block opened;
	assert_false(srp_block_open(request, &other, srp_block_seal(request, &one, &blocks[0]), &opened));
	request_free(&request);
}

static void test_every_changed_bit(void **state)
{
	struct request *request = house_request(*state);
	struct srp_block opened;
	str sealed = srp_block_seal(request, &one, &blocks[0]);
	for (size_t i = 0; i < sealed.len; i++) {
		char *changed = (char *)arena_copy(request->arena, sealed).data;
		changed[i] ^= (char)(1 << i % 8);
		assert_false(srp_block_open(request, &one, (str){ changed, sealed.len }, &opened));
	}
	request_free(&request);
}

static void test_every_cut(void **state)
{
	struct request *request = house_request(*state);
	struct srp_block opened;
	str sealed = srp_block_seal(request, &one, &blocks[0]);
	for (size_t len = 0; len < sealed.len; len++)
		assert_false(srp_block_open(request, &one, str_slice(sealed, 0, len), &opened));
	str longer = arena_printf(request->arena, "%.*s", STR_ARG(sealed));
	assert_false(srp_block_open(request, &one, (str){ longer.data, sealed.len + 1 }, &opened));
	assert_false(srp_block_open(request, &one, STR_NONE, &opened));
	request_free(&request);
}

/* What the sealer has closed for this client, but not as a block. */
static void test_other_texts(void **state)
{
	static const str texts[] = { STR_INIT(""), STR_INIT("1"), STR_INIT("x\ns\na\n00\nb"),
		STR_INIT("1\ns\na\n00"), STR_INIT("1\ns\na\n0g\nb"), STR_INIT("1\ns\na\n000\nb") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct srp_block opened;
		str sealed = seal_close(request->sealer, request->arena, texts[i], STR("srp_block:client1"));
		assert_case(!srp_block_open(request, &one, sealed, &opened), texts[i].data);
	}
	request_free(&request);
}

static void test_subjects(void **state)
{
	struct request *request = house_request(*state);
	const str subjects[] = {
		srp_block_subject(request, STR("us-east-1_a"), STR("jane"), true),
		srp_block_subject(request, STR("us-east-1_a"), STR("jane"), false),
		srp_block_subject(request, STR("us-east-1_a"), STR("Jane"), true),
		srp_block_subject(request, STR("us-east-1_b"), STR("jane"), true),
		srp_block_subject(
			request, STR("us-east-1_a"), STR("a name that is much longer than others"), true),
		srp_block_subject(request, STR("us-east-1_a"), STR(""), true),
	};
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		assert_int_equal(subjects[i].len, 64);
		for (size_t k = 0; k < i; k++)
			assert_false(str_equal(subjects[i], subjects[k]));
	}
	assert_str_equal(srp_block_subject(request, STR("us-east-1_a"), STR("jane"), true), subjects[0]);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_is_new_each_time),
		cmocka_unit_test(test_hides_its_content),
		cmocka_unit_test(test_another_client),
		cmocka_unit_test(test_every_changed_bit),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_other_texts),
		cmocka_unit_test(test_subjects),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
