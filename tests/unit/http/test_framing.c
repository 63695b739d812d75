/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "http/framing.h"

enum { HEADERS = 3 };

#define LENGTH(value)	{ STR_INIT("content-length"), STR_INIT(value) }
#define ENCODING(value) { STR_INIT("Transfer-Encoding"), STR_INIT(value) }

static const struct {
	const char *name;
	const char *version;
	str path, query;
	struct message_header headers[HEADERS];
	bool passes;
} cases[] = {
	{ "nothing", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { { { NULL, 0 }, { NULL, 0 } } }, true },
	{ "length", "HTTP/1.1", STR_INIT("/"), STR_INIT("a=b"), { LENGTH("12") }, true },
	{ "chunked", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { ENCODING("Chunked") }, true },
	{ "both", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { LENGTH("12"), ENCODING("chunked") }, false },
	{ "twice", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { LENGTH("12"), LENGTH("12") }, false },
	{ "list", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { LENGTH("12,12") }, false },
	{ "sign", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { LENGTH("-1") }, false },
	{ "no number", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { LENGTH("") }, false },
	{ "other encoding", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { ENCODING("gzip, chunked") }, false },
	{ "chunked in 1.0", "HTTP/1.0", STR_INIT("/"), { NULL, 0 }, { ENCODING("chunked") }, false },
	{ "line end in a value", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { { STR_INIT("a"), STR_INIT("b\rc") } }, false },
	{ "control character in a value", "HTTP/1.1", STR_INIT("/"), { NULL, 0 },
		{ { STR_INIT("a"), STR_INIT("b\x01") } }, false },
	{ "delete in a value", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { { STR_INIT("a"), STR_INIT("\x7f") } }, false },
	{ "tab and UTF-8 in a value", "HTTP/1.1", STR_INIT("/"), { NULL, 0 },
		{ { STR_INIT("a"), STR_INIT("b\t\xc3\xa9") } }, true },
	{ "nameless", "HTTP/1.1", STR_INIT("/"), { NULL, 0 }, { { STR_INIT(""), STR_INIT("b") } }, false },
	{ "colon in a name", "HTTP/1.1", STR_INIT("/"), { NULL, 0 },
		{ { STR_INIT("aContent-Length:5"), STR_INIT("b") } }, false },
	{ "no slash", "HTTP/1.1", STR_INIT("*"), { NULL, 0 }, { { { NULL, 0 }, { NULL, 0 } } }, false },
	{ "control character", "HTTP/1.1", STR_INIT("/\x7f"), { NULL, 0 }, { { { NULL, 0 }, { NULL, 0 } } }, false },
	{ "raw UTF-8 in the query", "HTTP/1.1", STR_INIT("/"), STR_INIT("\xc3\xa9"), { { { NULL, 0 }, { NULL, 0 } } },
		false },
};

static size_t count_headers(const struct message_header *headers)
{
	size_t count = 0;
	while (count < HEADERS && str_is_set(headers[count].name))
		count++;
	return count;
}

static void test_framing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = request_new();
		struct message_request message = { .method = STR("POST"),
			.path = cases[i].path,
			.query = cases[i].query,
			.headers = cases[i].headers,
			.header_count = count_headers(cases[i].headers) };
		bool passed = result_is_ok(framing_check(request, &message, str_of(cases[i].version)));
		assert_case(passed == cases[i].passes, cases[i].name);
		assert_case(passed || request->error == ERROR_SERIALIZATION, cases[i].name);
		request_free(&request);
	}
}

static void test_length(void **state)
{
	static const struct message_header sent[] = { LENGTH("12") }, huge[] = { LENGTH("99999999999999999999") };
	struct message_request message = { 0 };
	(void)state;
	assert_int_equal(framing_length(&message), 0);
	message = (struct message_request){ .headers = sent, .header_count = 1 };
	assert_int_equal(framing_length(&message), 12);
	message = (struct message_request){ .headers = huge, .header_count = 1 };
	assert_true(framing_length(&message) == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
