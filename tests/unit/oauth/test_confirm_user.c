/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/confirm_user.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "unit/userpool/mailbox.h"
#include "userpool/confirmation_code.h"
#include "userpool/confirmation_link.h"
#include "userpool/sign_up.h"

#define NOW    INT64_C(1738659903123)
#define ASKS   "<title>Confirm your e-mail address</title>"
#define DONE   "<title>Your e-mail address is confirmed</title>"
#define DEAD   "<title>This link does not work</title>"
#define FAILED "<title>That did not work</title>"

static str pool_id, client_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"email\"],"
		"\"VerificationMessageTemplate\":{\"DefaultEmailOption\":\"CONFIRM_WITH_LINK\"}}");
	client_id = house_client(*state, pool_id, "{\"ClientName\":\"c\"}");
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static bool contains(str text, const char *part)
{
	for (size_t i = 0; i < text.len; i++)
		if (str_has_prefix(str_from(text, i), str_of(part)))
			return true;
	return false;
}

static str header_of(const struct message_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (str_equal(response->headers[i].name, str_of(name)))
			return response->headers[i].value;
	return STR_NONE;
}

/* Signs somebody up; the query of the link that was mailed, which lives as long as the house. */
static str mailed_query(const struct house *house, const char *username)
{
	struct request *request = house_request(house);
	const struct sign_up_request input = {
		.client_id = client_id,
		.username = str_of(username),
		.password = STR(HOUSE_PASSWORD),
		.user_attributes = house_attributes(request, "email=jane@example.com"),
	};
	struct sign_up_response output = { .user_sub = STR_NONE };
	mailbox_empty();
	assert_ok(request, sign_up(request, &input, &output));
	str body = arena_copy(house->arena, mailbox_message(0)->body);
	request_free(&request);
	str_split(&body, '?');
	str query = str_split(&body, '"');
	/* Mail escapes the ampersands. */
	str plain = arena_copy(house->arena, query);
	char *to = (char *)plain.data;
	for (size_t i = 0; i < query.len; i++) {
		*to++ = query.data[i];
		if (query.data[i] == '&')
			i += strlen("amp;");
	}
	return (str){ plain.data, (size_t)(to - plain.data) };
}

static struct message_request ask(struct request *request, const char *method, str query)
{
	return (struct message_request){
		.method = str_of(method),
		.path = arena_printf(request->arena, "/%.*s" CONFIRMATION_LINK_PATH, STR_ARG(pool_id)),
		.query = query,
		.body = STR(""),
	};
}

static void check_page(const struct house *house, const char *method, str query, int64_t now, unsigned status,
	const char *title)
{
	struct request *request = house_request_at(house, now);
	struct message_request message = ask(request, method, query);
	struct message_response response = { .status = 0 };
	assert_true(confirm_user_answer(request, &message, &response));
	if (response.status != status || !contains(response.body, title))
		fail_msg(
			"%s %.*s: %u\n%.*s", method, STR_ARG(query), response.status, STR_ARG(response.body));
	request_free(&request);
}

static enum user_status_type status_of(const struct house *house, const char *username)
{
	struct request *request = house_request(house);
	enum user_status_type status = house_find_user(request, pool_id, username).status;
	request_free(&request);
	return status;
}

static void test_link_is_used(void **state)
{
	str query = mailed_query(*state, "jane");
	check_page(*state, "GET", query, NOW, 200, ASKS);
	assert_int_equal(status_of(*state, "jane"), USER_STATUS_TYPE_UNCONFIRMED);
	check_page(*state, "POST", query, NOW, 200, DONE);
	assert_int_equal(status_of(*state, "jane"), USER_STATUS_TYPE_CONFIRMED);
	check_page(*state, "POST", query, NOW, 400, DEAD);
	check_page(*state, "GET", query, NOW, 200, ASKS);
}

static void test_link_expires(void **state)
{
	str query = mailed_query(*state, "late");
	check_page(*state, "POST", query, NOW + DAY, 400, DEAD);
	assert_int_equal(status_of(*state, "late"), USER_STATUS_TYPE_UNCONFIRMED);
	check_page(*state, "POST", query, NOW + DAY - 1, 200, DONE);
}

/* Also where the code that was sent could be typed: a page would be another place to guess it. */
static void test_typed_codes_are_not_taken(void **state)
{
	static const struct {
		const char *name, *code;
	} cases[] = {
		{ "typed", "123456" },
		{ "short", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop" },
		{ "long", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr" },
		{ "punctuation", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop-" },
		{ "empty", "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		assert_case(!confirmation_code_is_for_link(str_of(cases[i].code)), cases[i].name);
		assert_refused(request,
			sign_up_confirm_by_link(
				request, pool_id, client_id, STR("jane"), str_of(cases[i].code)),
			ERROR_CODE_MISMATCH, "Invalid verification code provided, please try again.");
		request_free(&request);
	}
}

/* The link still works, and that is said. */
static void test_fault_of_ours(void **state)
{
	str query = mailed_query(*state, "unlucky");
	house_execute(*state, "ALTER TABLE attempt RENAME TO attempt_gone");
	house_execute(*state, "ALTER TABLE confirmation_code RENAME TO confirmation_code_gone");
	check_page(*state, "POST", query, NOW, 500, FAILED);
	check_page(*state, "POST", query, NOW, 500, "<button>Try again</button>");
	house_execute(*state, "ALTER TABLE attempt_gone RENAME TO attempt");
	house_execute(*state, "ALTER TABLE confirmation_code_gone RENAME TO confirmation_code");
	check_page(*state, "POST", query, NOW, 200, DONE);
}

/* What needs the store waits for a worker. */
static void test_ready(void **state)
{
	str query = mailed_query(*state, "ready");
	struct request *request = house_request(*state);
	struct message_request get = ask(request, "GET", query), post = ask(request, "POST", query),
			       put = ask(request, "PUT", query), bare = ask(request, "POST", STR_NONE);
	struct message_response response = { .status = 0 };
	assert_false(confirm_user_answer_ready(request, &post, &response));
	assert_int_equal(response.status, 0);
	assert_true(confirm_user_answer_ready(request, &bare, &response));
	assert_int_equal(response.status, 400);
	response = (struct message_response){ .status = 0 };
	assert_true(confirm_user_answer_ready(request, &put, &response));
	assert_int_equal(response.status, 405);
	assert_str_equal(header_of(&response, "Allow"), STR("GET, HEAD, POST"));
	response = (struct message_response){ .status = 0 };
	assert_true(confirm_user_answer_ready(request, &get, &response));
	assert_int_equal(response.status, 200);
	assert_str_equal(header_of(&response, "Referrer-Policy"), STR("no-referrer"));
	assert_str_equal(header_of(&response, "Content-Language"), STR("en"));
	request_free(&request);
}

static void test_other_paths(void **state)
{
	static const char *const paths[] = { "", "/", "/confirmUser", "//confirmUser", "/a/b/confirmUser",
		"/us-east-1_abc/confirmUser/", "/us-east-1_abc/confirmuser", "/us-east-1_abc",
		"xconfirmUser" };
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct request *request = house_request(*state);
		struct message_request message = { .method = STR("GET"), .path = str_of(paths[i]) };
		struct message_response response = { .status = 0 };
		assert_case(!confirm_user_answer(request, &message, &response), paths[i]);
		assert_case(!confirm_user_answer_ready(request, &message, &response), paths[i]);
		assert_case(response.status == 0, paths[i]);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_is_used),
		cmocka_unit_test(test_link_expires),
		cmocka_unit_test(test_typed_codes_are_not_taken),
		cmocka_unit_test(test_fault_of_ours),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_other_paths),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
