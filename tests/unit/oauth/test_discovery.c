/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/discovery.h"

#include "base/fatal.h"
#include "base/jsontree.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

static str pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	struct house *house = *state;
	struct request *request = house_request(house);
	struct user_pool_type created;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	pool_id = arena_copy(house->arena, created.id);
	request_free(&request);
	return 0;
}

static struct message_request ask(struct request *request, const char *method, str id, const char *rest)
{
	return (struct message_request){
		.method = str_of(method),
		.path = arena_printf(request->arena, "/%.*s%s", STR_ARG(id), rest),
		.body = STR(""),
	};
}

static str header_of(const struct message_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (str_equal(response->headers[i].name, str_of(name)))
			return response->headers[i].value;
	return STR_NONE;
}

static void test_configuration(void **state)
{
	struct request *request = house_request(*state);
	struct message_request message = ask(request, "GET", pool_id, "/.well-known/openid-configuration");
	struct message_response response = { .status = 0 };
	str issuer = arena_printf(request->arena, "http://127.0.0.1:4430/%.*s", STR_ARG(pool_id));
	assert_true(discovery_answer(request, &message, &response));
	assert_int_equal(response.status, 200);
	assert_str_equal(header_of(&response, "Content-Type"), STR("application/json"));
	assert_str_equal(header_of(&response, "Cache-Control"), STR("public, max-age=3600"));
	const struct jsontree *document = jsontree_parse(request->arena, response.body, NULL);
	assert_non_null(document);
	assert_int_equal(jsontree_object_size(document), 12);
	assert_str_equal(jsontree_member_string(document, "issuer"), issuer);
	assert_str_equal(jsontree_member_string(document, "jwks_uri"),
		arena_printf(request->arena, "%.*s/.well-known/jwks.json", STR_ARG(issuer)));
	assert_int_equal(jsontree_array_size(jsontree_member(document, "scopes_supported")), 4);
	request_free(&request);
}

static void test_key_set(void **state)
{
	struct request *request = house_request(*state);
	struct message_request message = ask(request, "GET", pool_id, "/.well-known/jwks.json");
	struct message_response response = { .status = 0 };
	assert_true(discovery_answer(request, &message, &response));
	assert_int_equal(response.status, 200);
	const struct jsontree *set = jsontree_parse(request->arena, response.body, NULL);
	assert_int_equal(jsontree_array_size(jsontree_member(set, "keys")), 2);
	request_free(&request);
}

static void test_from_memory(void **state)
{
	struct request *request = house_request(*state), *later = house_request(*state);
	struct message_request message = ask(request, "GET", pool_id, "/.well-known/jwks.json");
	struct message_response made = { .status = 0 }, kept = { .status = 0 }, none = { .status = 0 };
	struct user_pool_type created;
	later->now = request->now;
	assert_true(discovery_answer(request, &message, &made));
	assert_true(discovery_answer_ready(later, &message, &kept));
	assert_str_equal(kept.body, made.body);
	assert_int_equal(kept.status, 200);

	/* Any change of a pool ends that, and so does time. */
	assert_ok(request, pool_update(request, &(struct update_user_pool_request){ .user_pool_id = pool_id }));
	assert_false(discovery_answer_ready(later, &message, &none));
	made = (struct message_response){ .status = 0 };
	assert_true(discovery_answer(request, &message, &made));
	assert_true(discovery_answer_ready(later, &message, &none));
	later->now += 5000;
	assert_false(discovery_answer_ready(later, &message, &none));

	/* A pool that was never asked for is not in memory. */
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	message = ask(request, "GET", created.id, "/.well-known/jwks.json");
	assert_false(discovery_answer_ready(request, &message, &none));
	request_free(&later);
	request_free(&request);
}

static void test_deleted_pool(void **state)
{
	struct request *request = house_request(*state);
	struct message_response response = { .status = 0 }, after = { .status = 0 };
	struct user_pool_type created;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &created));
	struct message_request message = ask(request, "GET", created.id, "/.well-known/jwks.json");
	assert_true(discovery_answer(request, &message, &response));
	assert_int_equal(response.status, 200);
	assert_ok(request, pool_delete(request, created.id));
	assert_false(discovery_answer_ready(request, &message, &after));
	assert_true(discovery_answer(request, &message, &after));
	assert_int_equal(after.status, 404);
	assert_str_equal(after.body, arena_printf(request->arena, "{\"message\":\"User pool %.*s does not exist.\"}",
		STR_ARG(created.id)));
	assert_str_equal(header_of(&after, "Cache-Control"), STR("no-store"));
	request_free(&request);
}

static const struct {
	const char *method, *path;
	unsigned status; /* 0: not for it */
} others[] = {
	{ "GET", "/us-east-1_nothing00/.well-known/jwks.json", 404 },
	{ "GET", "/x/.well-known/openid-configuration", 404 },
	{ "POST", "/us-east-1_nothing00/.well-known/jwks.json", 405 },
	{ "GET", "/.well-known/jwks.json", 0 },
	{ "GET", "//.well-known/jwks.json", 0 },
	{ "GET", "/a/b/.well-known/jwks.json", 0 },
	{ "GET", "/a%20b/.well-known/jwks.json", 0 },
	{ "GET", "/a\xff/.well-known/jwks.json", 0 },
	{ "GET", "/us-east-1_nothing00/.well-known/jwks.json/", 0 },
	{ "GET", "/us-east-1_nothing00", 0 },
	{ "GET", "/", 0 },
	{ "GET", "", 0 },
};

static void test_other_paths(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct request *request = house_request(*state);
		struct message_request message = { .method = str_of(others[i].method), .path = str_of(others[i].path) };
		struct message_response response = { .status = 0 };
		assert_case(!discovery_answer_ready(request, &message, &response), others[i].path);
		assert_case(
			discovery_answer(request, &message, &response) == (others[i].status != 0), others[i].path);
		assert_case(response.status == others[i].status, others[i].path);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_configuration),
		cmocka_unit_test(test_key_set),
		cmocka_unit_test(test_from_memory),
		cmocka_unit_test(test_deleted_pool),
		cmocka_unit_test(test_other_paths),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
