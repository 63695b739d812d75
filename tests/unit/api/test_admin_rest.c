/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "api/api.h"
#include "base/fatal.h"
#include "unit/api/library.h"

struct exchange {
	const char *name;
	const char *method, *path, *query;
	str body;
	unsigned status;
	const char *answer;
};

static str header(const struct message_response *response, str name)
{
	struct message_request view = { .headers = response->headers, .header_count = response->header_count };
	return message_header(&view, name);
}

static void send(struct request *request, const struct exchange *exchange, const char *type,
	struct message_response *response)
{
	const struct message_header headers[] = { { STR("Content-Type"), str_of(type) } };
	struct message_request message = {
		.method = str_of(exchange->method),
		.path = str_of(exchange->path),
		.query = str_of(exchange->query),
		.headers = headers,
		.header_count = type ? 1 : 0,
		.body = exchange->body,
	};
	api_handle(request, &message, response);
}

static void check(const struct exchange *exchange)
{
	struct message_response response = { 0 };
	struct request *request = library_open();
	send(request, exchange, "application/json", &response);
	if (!str_equal(response.body, str_of(exchange->answer)))
		fail_msg("case \"%s\": got %.*s", exchange->name, STR_ARG(response.body));
	assert_case(response.status == exchange->status, exchange->name);
	assert_case(library.runs == (exchange->status == 200), exchange->name);
	assert_case(str_equal(header(&response, STR("Content-Type")), STR("application/json")), exchange->name);
	request_free(&request);
}

#define INVALID(text) "{\"__type\":\"InvalidParameterException\",\"message\":\"" text "\"}"
#define BOOKS "/admin/v1/books"

static void gathers_members_from_path_query_and_body(void **state)
{
	static const struct exchange cases[] = {
		{ "path", "GET", BOOKS "/b-1", NULL, STR_INIT(""), 200, "{\"BookId\":\"b-1\"}" },
		{ "escaped path", "GET", BOOKS "/b%2D1", NULL, STR_INIT(""), 200, "{\"BookId\":\"b-1\"}" },
		{ "plus in path", "GET", BOOKS "/b+1", NULL, STR_INIT(""), 400,
			INVALID("1 validation error detected: Value 'b+1' at 'bookId' failed to satisfy constraint: "
				"Member must satisfy regular expression pattern: [\\\\w-]+") },
		{ "escaped slash", "GET", BOOKS "/b%2F1", NULL, STR_INIT(""), 400,
			INVALID("1 validation error detected: Value 'b/1' at 'bookId' failed to satisfy constraint: "
				"Member must satisfy regular expression pattern: [\\\\w-]+") },
		{ "empty segment", "GET", BOOKS "/", NULL, STR_INIT(""), 400,
			INVALID("2 validation errors detected: Value '' at 'bookId' failed to satisfy constraint: Member "
				"must have length greater than or equal to 1; Value '' at 'bookId' failed to satisfy "
				"constraint: Member must satisfy regular expression pattern: [\\\\w-]+") },
		{ "query of every kind", "GET", BOOKS, "Title=a+b%20c&Limit=7&IsLent=true&Shelf=MAPS&Names=x&Names=y",
			STR_INIT(""), 200,
			"{\"Title\":\"a b c\",\"Limit\":7,\"IsLent\":true,\"Shelf\":\"MAPS\",\"Names\":[\"x\",\"y\"]}" },
		{ "list of one", "GET", BOOKS, "Names=x", STR_INIT(""), 200, "{\"Names\":[\"x\"]}" },
		{ "no value", "GET", BOOKS, "Title", STR_INIT(""), 200, "{\"Title\":\"\"}" },
		{ "quote", "GET", BOOKS, "Title=%22%5C", STR_INIT(""), 200, "{\"Title\":\"\\\"\\\\\"}" },
		{ "signature in query", "GET", BOOKS, "X-Amz-Signature=0&Title=a", STR_INIT(""), 200,
			"{\"Title\":\"a\"}" },
		{ "body", "PUT", BOOKS "/b-1", NULL, STR_INIT("{\"Title\":\"t\",\"Notes\":{\"a\":\"b\"},\"Limit\":null}"),
			200, "{\"BookId\":\"b-1\",\"Title\":\"t\",\"Notes\":{\"a\":\"b\"}}" },
		{ "same in path and body", "PUT", BOOKS "/b-1", NULL, STR_INIT("{\"BookId\":\"b-1\"}"), 200,
			"{\"BookId\":\"b-1\"}" },
		{ "null in body", "PUT", BOOKS "/b-1", NULL, STR_INIT("{\"BookId\":null}"), 200,
			"{\"BookId\":\"b-1\"}" },
		{ "same number in query and body", "PUT", BOOKS "/b-1", "Limit=7", STR_INIT("{\"Limit\":7}"), 200,
			"{\"BookId\":\"b-1\",\"Limit\":7}" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(&cases[i]);
}

static void refuses_what_contradicts_or_is_unknown(void **state)
{
	static const struct exchange cases[] = {
		{ "other in body", "PUT", BOOKS "/b-1", NULL, STR_INIT("{\"BookId\":\"b-2\"}"), 400,
			INVALID("BookId is given twice with different values.") },
		{ "other in query", "PUT", BOOKS "/b-1", "BookId=b-2", STR_INIT(""), 400,
			INVALID("BookId is given twice with different values.") },
		{ "text in body, number in query", "PUT", BOOKS "/b-1", "Limit=7", STR_INIT("{\"Limit\":\"7\"}"), 400,
			INVALID("Limit is given twice with different values.") },
		{ "twice in query", "GET", BOOKS, "Title=a&Title=a", STR_INIT(""), 400,
			INVALID("Parameter Title is given twice.") },
		{ "unknown", "GET", BOOKS, "title=a", STR_INIT(""), 400, INVALID("Unknown parameter in the query.") },
		{ "bad escape in query", "GET", BOOKS, "Title=%4", STR_INIT(""), 400,
			INVALID("The query has an invalid escape or more than 200 parameters.") },
		{ "bad escape in path", "GET", BOOKS "/%zz", NULL, STR_INIT(""), 400,
			INVALID("The path has an invalid escape.") },
		{ "NUL in path", "GET", BOOKS "/%00", NULL, STR_INIT(""), 400,
			INVALID("The path has an invalid escape.") },
		{ "not UTF-8", "GET", BOOKS, "Title=%FF", STR_INIT(""), 400,
			"{\"__type\":\"SerializationException\",\"message\":\"Parameter Title is not valid UTF-8.\"}" },
		{ "no integer", "GET", BOOKS, "Limit=7x", STR_INIT(""), 400,
			INVALID("Parameter Limit must be an integer.") },
		{ "no boolean", "GET", BOOKS, "IsLent=1", STR_INIT(""), 400,
			INVALID("Parameter IsLent must be true or false.") },
		{ "map in query", "GET", BOOKS, "Notes=a", STR_INIT(""), 400,
			INVALID("Parameter Notes must stand in the body.") },
		{ "secret in query", "GET", BOOKS, "AccessToken=a", STR_INIT(""), 400,
			INVALID("Parameter AccessToken must stand in the body.") },
		{ "body no object", "PUT", BOOKS "/b-1", NULL, STR_INIT("[]"), 400,
			"{\"__type\":\"SerializationException\",\"message\":\"Start of list found where not expected.\"}" },
		{ "body no JSON", "PUT", BOOKS "/b-1", NULL, STR_INIT("{"), 400,
			"{\"__type\":\"SerializationException\",\"message\":\"The request is not well-formed JSON.\"}" },
		{ "limit", "GET", BOOKS, "Limit=61", STR_INIT(""), 400,
			INVALID("1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member "
				"must have value less than or equal to 60") },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(&cases[i]);
}

static void finds_nothing_at_other_paths(void **state)
{
	static const char *const paths[] = { "/admin/v1/", "/admin/v1", "/admin/v1/book", "/admin/v1/books/a/b",
		"/admin/v1//books", "/admin", "/books", "//", "", "*", "/admin/v2/books", "/admin/v1/%62ooks" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct exchange lost = { paths[i], "GET", paths[i], NULL, STR(""), 404, NULL };
		struct message_response response = { 0 };
		struct request *request = library_open();
		send(request, &lost, NULL, &response);
		assert_case(response.status == 404, paths[i]);
		request_free(&request);
	}
}

static void says_which_methods_a_path_has(void **state)
{
	static const struct {
		const char *method, *path, *allow;
	} cases[] = {
		{ "DELETE", BOOKS "/b-1", "PUT, GET" },
		{ "POST", BOOKS, "GET" },
		{ "OPTIONS", "/admin/v1/greetings", "POST" },
		{ "POST", "/admin/openapi.json", "GET, HEAD" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct exchange wrong = { cases[i].path, cases[i].method, cases[i].path, NULL, STR(""), 405, NULL };
		struct message_response response = { 0 };
		struct request *request = library_open();
		send(request, &wrong, NULL, &response);
		assert_case(response.status == 405, cases[i].path);
		assert_str_equal(header(&response, STR("Allow")), str_of(cases[i].allow));
		request_free(&request);
	}
}

static void logs_no_secrets_of_paths(void **state)
{
	static const struct {
		const char *path, *loggable;
	} cases[] = {
		{ BOOKS "/b-1", BOOKS "/b-1" },
		{ "/admin/v1/readers/s%65cret/books/b%2F1", "/admin/v1/readers/{AccessToken}/books/b%2F1" },
		{ "/admin/v1/readers//books/", "/admin/v1/readers/{AccessToken}/books/" },
		{ "/admin/v1/readers/secret", "/admin/v1/readers/secret" },
		{ "/admin/v1/readersbooks", "/admin/v1/readersbooks" },
		{ "/readers/secret/books/b-1", "/readers/secret/books/b-1" },
		{ "/", "/" },
		{ "", "" },
	};
	struct request *request = library_open();
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str_equal(api_loggable_path(request->arena, str_of(cases[i].path)), str_of(cases[i].loggable));
	request_free(&request);
}

static void answers_with_the_statuses_of_rest(void **state)
{
	static const struct exchange greet = { "greet", "POST", "/admin/v1/greetings", NULL, STR_INIT(""), 404, NULL };
	static const struct exchange describe = { "describe", "GET", BOOKS "/b-1", NULL, STR_INIT("{"), 401, NULL };
	struct message_response unknown_user = { 0 }, bad_signature = { 0 }, denied = { 0 };
	(void)state;
	struct request *request = library_open();
	library.greeting_error = ERROR_USER_NOT_FOUND;
	send(request, &greet, NULL, &unknown_user);
	assert_int_equal(unknown_user.status, 404);
	library.refuses_signature = true;
	send(request, &describe, NULL, &bad_signature);
	assert_int_equal(bad_signature.status, 401);
	library.refuses_signature = false;
	library.refuses_action = true;
	struct exchange readable = describe;
	readable.body = STR("");
	send(request, &readable, NULL, &denied);
	assert_int_equal(denied.status, 403);
	assert_string_equal(library.resource, "arn:aws:library:us-east-1:123456789012:book/b-1");
	request_free(&request);
}

static void takes_bodies_of_json_alone(void **state)
{
	static const struct exchange borrow = { "borrow", "PUT", BOOKS "/b-1", NULL, STR_INIT("{}"), 415, NULL };
	static const char *const types[] = { NULL, "", "text/plain", "application/x-amz-json-1.1" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct message_response response = { 0 };
		struct request *request = library_open();
		send(request, &borrow, types[i], &response);
		assert_int_equal(response.status, 415);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gathers_members_from_path_query_and_body),
		cmocka_unit_test(refuses_what_contradicts_or_is_unknown),
		cmocka_unit_test(finds_nothing_at_other_paths),
		cmocka_unit_test(says_which_methods_a_path_has),
		cmocka_unit_test(logs_no_secrets_of_paths),
		cmocka_unit_test(answers_with_the_statuses_of_rest),
		cmocka_unit_test(takes_bodies_of_json_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
