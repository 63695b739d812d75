/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page.h"

#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/seal.h"
#include "unit/userpool/house.h"

static void test_round_trip(void **state)
{
	static const str keys[] = { STR_INIT("key"), STR_INIT(""), STR_INIT("a\0b\n"),
		STR_INIT("\xf0\x9f\x98\x80") };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		str token = page_token(request, STR("list"), keys[i]), key;
		assert_ok(request, page_key(request, STR("list"), token, &key));
		assert_true(str_is_set(key));
		assert_str_equal(key, keys[i]);
		/* It can stand in a URL. */
		for (size_t k = 0; k < token.len; k++)
			assert_null(strchr("+/=% \n", token.data[k]));
	}
	request_free(&request);
}

static void test_absent(void **state)
{
	struct request *request = house_request(*state);
	str key;
	assert_ok(request, page_key(request, STR("list"), STR_NONE, &key));
	assert_false(str_is_set(key));
	request_free(&request);
}

static void test_refused(void **state)
{
	struct request *request = house_request(*state);
	str token = page_token(request, STR("list"), STR("key")), key;
	/* Sealed by the same key for something else. */
	str foreign = base64url_encode(
		request->arena, seal_close(request->sealer, request->arena, STR("key"), STR("list")));
	const str tokens[] = { STR(""), STR("key"), STR("a2V5"), STR("a2V5="), foreign, str_from(token, 4),
		str_slice(token, 0, token.len - 1), arena_printf(request->arena, "%.*s\n", STR_ARG(token)),
		page_token(request, STR("lists"), STR("key")), page_token(request, STR(""), STR("key")) };
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		assert_refused(request, page_key(request, STR("list"), tokens[i], &key),
			ERROR_INVALID_PARAMETER, "Invalid pagination token.");
		assert_false(str_is_set(key));
	}
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
