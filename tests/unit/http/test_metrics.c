/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets the metrics. What they look like is checked where a server runs, in tests/client/operator. */
#include "http/metrics.h"

#include "base/fatal.h"
#include "base/settings.h"
#include "http/connection.h"
#include "http/traffic.h"
#include "http/workload.h"
#include "unit/cases.h"

#define TOKEN "0123456789abcdef"
enum { NOT_THERE = 0 };

struct case_of_reader {
	const char *name;
	const char *public_url, *client, *host, *token; /* of the server */
	const char *header, *value; /* one more of the request */
	const char *method;
	bool is_off;
	unsigned status;
};

static const struct case_of_reader cases[] = {
	{ .name = "on this machine", .status = 200 },
	{ .name = "over IPv6", .client = "::1", .host = "[::1]:4430", .status = 200 },
	{ .name = "by name", .host = "localhost:4430", .status = 200 },
	{ .name = "public URL by name", .public_url = "https://localhost:4430/auth", .status = 200 },
	{ .name = "turned off", .is_off = true, .status = NOT_THERE },
	{ .name = "from elsewhere", .client = "192.0.2.1", .status = NOT_THERE },
	{ .name = "under another name", .host = "attacker.example.com:4430", .status = NOT_THERE },
	{ .name = "under no name", .host = "", .status = NOT_THERE },
	{ .name = "a server for the world", .public_url = "https://id.example.com", .status = NOT_THERE },
	{ .name = "a public URL like this machine", .public_url = "https://127.0.0.1.example.com", .status = NOT_THERE },
	{ .name = "passed on by a proxy", .header = "X-Forwarded-For", .value = "192.0.2.1", .status = NOT_THERE },
	{ .name = "passed on as in RFC 7239", .header = "forwarded", .value = "for=_a", .status = NOT_THERE },
	{ .name = "another method", .method = "POST", .status = 405 },

	{ .name = "with the token", .token = TOKEN, .header = "Authorization", .value = "Bearer " TOKEN, .status = 200 },
	{ .name = "with the token from elsewhere", .token = TOKEN, .public_url = "https://id.example.com",
		.client = "192.0.2.1", .host = "id.example.com", .header = "Authorization", .value = "bearer  " TOKEN,
		.status = 200 },
	{ .name = "without the token", .token = TOKEN, .status = 401 },
	{ .name = "with another token", .token = TOKEN, .header = "Authorization", .value = "Bearer " TOKEN "0",
		.status = 401 },
	{ .name = "with a part of it", .token = TOKEN, .header = "Authorization", .value = "Bearer 0123", .status = 401 },
	{ .name = "with an empty token", .token = TOKEN, .header = "Authorization", .value = "Bearer ", .status = 401 },
	{ .name = "by password", .token = TOKEN, .header = "Authorization", .value = "Basic " TOKEN, .status = 401 },
	{ .name = "a token and another method", .token = TOKEN, .header = "Authorization", .value = "Bearer " TOKEN,
		.method = "PUT", .status = 405 },
	{ .name = "a token and turned off", .token = TOKEN, .header = "Authorization", .value = "Bearer " TOKEN,
		.is_off = true, .status = NOT_THERE },
};

static str either(const char *text, const char *usual)
{
	return str_of(text ? text : usual);
}

static unsigned status_for(struct exchange_host *host, const struct case_of_reader *reader)
{
	const struct settings settings = {
		.metrics = !reader->is_off,
		.metrics_token = str_of(reader->token),
		.public_url = either(reader->public_url, "http://127.0.0.1:4430"),
	};
	const struct message_header headers[] = {
		{ STR("Host"), either(reader->host, "127.0.0.1:4430") },
		{ either(reader->header, "Accept"), either(reader->value, "*/*") },
	};
	const struct message_request message = {
		.method = either(reader->method, "GET"),
		.path = STR("/metrics"),
		.headers = headers,
		.header_count = ARRAY_LEN(headers),
		.client_address = either(reader->client, "127.0.0.1"),
	};
	struct message_response response = { .status = NOT_THERE };
	struct request *request = request_new();
	host->settings = &settings;
	bool is_answered = metrics_answer(host, request, &message, &response);
	assert_case(is_answered == (response.status != NOT_THERE), reader->name);
	assert_case(response.status != 200 || str_has_prefix(response.body, STR("# HELP ")), reader->name);
	request_free(&request);
	return response.status;
}

static void test_readers(void **state)
{
	struct exchange_host host = {
		.workload = workload_new(1, 1),
		.connections = connection_list_new(),
		.traffic = traffic_new(),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_case(status_for(&host, &cases[i]) == cases[i].status, cases[i].name);
	workload_free(&host.workload);
	connection_list_free(&host.connections);
	traffic_free(&host.traffic);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_readers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
