/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "api/aws_json.h"
#include "base/fatal.h"
#include "unit/api/library.h"

struct exchange {
	const char *name;
	const char *method, *type, *target;
	str body;
	unsigned status;
	const char *answer;
};

#define TYPE "application/x-amz-json-1.1"

static str header(const struct message_response *response, str name)
{
	struct message_request view = { .headers = response->headers, .header_count = response->header_count };
	return message_header(&view, name);
}

static void send(struct request *request, const struct exchange *exchange, struct message_response *response)
{
	const struct message_header headers[] = {
		{ STR("Content-Type"), str_of(exchange->type) },
		{ STR("X-Amz-Target"), str_of(exchange->target) },
	};
	struct message_request message = {
		.method = str_of(exchange->method),
		.path = STR("/"),
		.headers = headers,
		.header_count = exchange->target ? 2 : 1,
		.body = exchange->body,
	};
	aws_json_handle(request, &message, response);
}

static void check(const struct exchange *exchange, struct request *request)
{
	struct message_response response = { 0 };
	send(request, exchange, &response);
	if (!str_equal(response.body, str_of(exchange->answer)))
		fail_msg("case \"%s\": got %.*s", exchange->name, STR_ARG(response.body));
	assert_case(response.status == exchange->status, exchange->name);
	assert_case(str_equal(header(&response, STR("Content-Type")), STR(TYPE)), exchange->name);
}

#define SERIALIZATION "{\"__type\":\"SerializationException\",\"message\":\"The request is not well-formed JSON.\"}"
#define UNKNOWN "{\"__type\":\"UnknownOperationException\",\"message\":\"The operation is not known.\"}"
#define DEEP_16 "[[[[[[[[[[[[[[[["
#define END_16	"]]]]]]]]]]]]]]]]"

static void answers_as_the_protocol_says(void **state)
{
	static const struct exchange cases[] = {
		{ "all kinds", "POST", TYPE, "LibraryService.FindBooks",
			STR_INIT("{\"Title\":\"\\u00e9\",\"Limit\":3,\"IsLent\":false,\"Shelf\":\"MAPS\","
				 "\"Names\":[\"a\"],\"Notes\":{\"k\":\"v\"},\"Unknown\":[]}"),
			200,
			"{\"Title\":\"\xc3\xa9\",\"Limit\":3,\"IsLent\":false,\"Shelf\":\"MAPS\","
			"\"Names\":[\"a\"],\"Notes\":{\"k\":\"v\"}}" },
		{ "no body", "POST", TYPE, "LibraryService.FindBooks", STR_INIT(""), 200, "{}" },
		{ "charset", "POST", TYPE "; charset=utf-8", "LibraryService.FindBooks", STR_INIT("{}"), 200, "{}" },
		{ "no target", "POST", TYPE, NULL, STR_INIT("{}"), 400, UNKNOWN },
		{ "empty target", "POST", TYPE, "", STR_INIT("{}"), 400, UNKNOWN },
		{ "no operation", "POST", TYPE, "LibraryService", STR_INIT("{}"), 400, UNKNOWN },
		{ "unknown operation", "POST", TYPE, "LibraryService.Burn", STR_INIT("{}"), 400, UNKNOWN },
		{ "longer operation", "POST", TYPE, "LibraryService.Greet.x", STR_INIT("{}"), 400, UNKNOWN },
		{ "unknown service", "POST", TYPE, "Library.Greet", STR_INIT("{}"), 400, UNKNOWN },
		{ "other type", "POST", "application/json", "LibraryService.Greet", STR_INIT("{}"), 404,
			"{\"__type\":\"UnknownOperationException\","
			"\"message\":\"The Content-Type must be application/x-amz-json-1.1.\"}" },
		{ "older type", "POST", "application/x-amz-json-1.0", "LibraryService.Greet", STR_INIT("{}"), 404,
			"{\"__type\":\"UnknownOperationException\","
			"\"message\":\"The Content-Type must be application/x-amz-json-1.1.\"}" },
		{ "cut short", "POST", TYPE, "LibraryService.Greet", STR_INIT("{\"Title\":"), 400, SERIALIZATION },
		{ "behind the end", "POST", TYPE, "LibraryService.Greet", STR_INIT("{} {}"), 400, SERIALIZATION },
		{ "only space", "POST", TYPE, "LibraryService.Greet", STR_INIT(" "), 400, SERIALIZATION },
		{ "not UTF-8", "POST", TYPE, "LibraryService.Greet", STR_INIT("{\"Title\":\"\xff\"}"), 400,
			SERIALIZATION },
		{ "NUL byte", "POST", TYPE, "LibraryService.Greet", STR_INIT("{}\0"), 400, SERIALIZATION },
		{ "NUL escape", "POST", TYPE, "LibraryService.Greet", STR_INIT("{\"Title\":\"\\u0000\"}"), 400,
			SERIALIZATION },
		{ "same member twice", "POST", TYPE, "LibraryService.Greet", STR_INIT("{\"Title\":\"a\",\"Title\":\"a\"}"),
			400, SERIALIZATION },
		{ "64 deep", "POST", TYPE, "LibraryService.FindBooks",
			STR_INIT("{\"X\":" DEEP_16 DEEP_16 DEEP_16 "[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]" END_16 END_16 END_16
				 "}"),
			200, "{}" },
		{ "65 deep", "POST", TYPE, "LibraryService.FindBooks",
			STR_INIT("{\"X\":" DEEP_16 DEEP_16 DEEP_16 DEEP_16 END_16 END_16 END_16 END_16 "}"), 400,
			SERIALIZATION },
		{ "list", "POST", TYPE, "LibraryService.Greet", STR_INIT("[]"), 400,
			"{\"__type\":\"SerializationException\","
			"\"message\":\"Start of list found where not expected.\"}" },
		{ "text", "POST", TYPE, "LibraryService.Greet", STR_INIT("\"{}\""), 400,
			"{\"__type\":\"SerializationException\","
			"\"message\":\"Unexpected token STRING_VALUE found where a structure was expected.\"}" },
		{ "limit", "POST", TYPE, "LibraryService.Greet", STR_INIT("{\"Limit\":61}"), 400,
			"{\"__type\":\"InvalidParameterException\",\"message\":\"1 validation error detected: Value "
			"'61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to "
			"60\"}" },
		{ "token", "POST", TYPE, "LibraryService.WhoAmI", STR_INIT("{\"AccessToken\":\"bad\"}"), 400,
			"{\"__type\":\"NotAuthorizedException\",\"message\":\"Invalid Access Token\"}" },
		{ "token left out where it may be", "POST", TYPE, "LibraryService.WhoAmI", STR_INIT("{}"), 200, "{}" },
		{ "good token", "POST", TYPE, "LibraryService.WhoAmI", STR_INIT("{\"AccessToken\":\"good\"}"), 200,
			"{}" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = library_open();
		check(&cases[i], request);
		assert_case(library.runs == (cases[i].status == 200), cases[i].name);
		request_free(&request);
	}
}

static void checks_the_signature_before_it_reads(void **state)
{
	static const struct exchange unreadable = { "unreadable", "POST", TYPE, "LibraryService.DescribeBook",
		STR_INIT("{"), 400, "{\"__type\":\"InvalidSignatureException\",\"message\":\"Wrong signature\"}" };
	static const struct exchange public = { "public", "POST", TYPE, "LibraryService.FindBooks", STR_INIT("{}"),
		200, "{}" };
	(void)state;
	struct request *request = library_open();
	library.refuses_signature = true;
	check(&unreadable, request);
	check(&public, request);
	request_free(&request);
}

static void asks_permission_for_the_resource_of_the_input(void **state)
{
	static const struct exchange denied = { "denied", "POST", TYPE, "LibraryService.DescribeBook",
		STR_INIT("{\"BookId\":\"b-1\"}"), 400,
		"{\"__type\":\"AccessDeniedException\",\"message\":\"Not allowed\"}" };
	(void)state;
	struct request *request = library_open();
	library.refuses_action = true;
	check(&denied, request);
	assert_string_equal(library.resource, "arn:aws:library:us-east-1:123456789012:book/b-1");
	assert_int_equal(library.runs, 0);
	assert_str_equal(request->operation, STR("DescribeBook"));
	request_free(&request);
}

static void names_the_error_in_headers_too(void **state)
{
	static const struct exchange greet = { "greet", "POST", TYPE, "LibraryService.Greet", STR_INIT(""), 400,
		"{\"__type\":\"UserNotFoundException\",\"message\":\"No \\\"greeting\\\"\"}" };
	struct message_response response = { 0 };
	(void)state;
	struct request *request = library_open();
	library.greeting_error = ERROR_USER_NOT_FOUND;
	send(request, &greet, &response);
	assert_str_equal(response.body, str_of(greet.answer));
	assert_str_equal(header(&response, STR("x-amzn-errortype")), STR("UserNotFoundException"));
	assert_str_equal(header(&response, STR("x-amzn-ErrorMessage")), STR("No \"greeting\""));
	request_free(&request);
}

static void keeps_a_text_that_is_no_header_value_in_the_body(void **state)
{
	static const struct exchange cases[] = {
		{ "line end", "POST", TYPE, "LibraryService.DescribeBook", STR_INIT("{\"BookId\":\"a\\r\\nb\"}"), 400, NULL },
		{ "not ASCII", "POST", TYPE, "LibraryService.DescribeBook", STR_INIT("{\"BookId\":\"\xc3\xa9 \"}"), 400, NULL },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct message_response response = { 0 };
		struct request *request = library_open();
		send(request, &cases[i], &response);
		assert_case(str_is_set(header(&response, STR("x-amzn-errortype"))), cases[i].name);
		assert_case(!str_is_set(header(&response, STR("x-amzn-ErrorMessage"))), cases[i].name);
		request_free(&request);
	}
}

static void shows_nothing_of_an_internal_error(void **state)
{
	static const struct exchange greet = { "greet", "POST", TYPE, "LibraryService.Greet", STR_INIT("{}"), 500,
		"{\"__type\":\"InternalErrorException\",\"message\":\"Internal server error\"}" };
	(void)state;
	struct request *request = library_open();
	library.greeting_error = ERROR_INTERNAL;
	check(&greet, request);
	request_free(&request);
}

static void allows_post_alone(void **state)
{
	static const char *const methods[] = { "GET", "PUT", "DELETE", "OPTIONS", "PATCH", "post" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		struct exchange wrong = { methods[i], methods[i], TYPE, "LibraryService.Greet", STR(""), 405, NULL };
		struct message_response response = { 0 };
		struct request *request = library_open();
		send(request, &wrong, &response);
		assert_case(response.status == 405, methods[i]);
		assert_case(str_equal(header(&response, STR("Allow")), STR("POST, OPTIONS")), methods[i]);
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_the_protocol_says),
		cmocka_unit_test(checks_the_signature_before_it_reads),
		cmocka_unit_test(asks_permission_for_the_resource_of_the_input),
		cmocka_unit_test(names_the_error_in_headers_too),
		cmocka_unit_test(keeps_a_text_that_is_no_header_value_in_the_body),
		cmocka_unit_test(shows_nothing_of_an_internal_error),
		cmocka_unit_test(allows_post_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
