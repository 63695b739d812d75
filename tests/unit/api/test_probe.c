/* SPDX-License-Identifier: Apache-2.0 */
#include "api/probe.h"

#include "base/fatal.h"
#include "store/engine.h"
#include "unit/userpool/house.h"

static str header(const struct message_response *response, str name)
{
	struct message_request view = { .headers = response->headers,
		.header_count = response->header_count };
	return message_header(&view, name);
}

struct probing {
	const char *method, *path;
	bool is_answered, is_ready_made;
	unsigned status;
	const char *body;
};

#define WELL     "{\"status\":\"ok\"}"
#define NOT_WELL "{\"status\":\"unavailable\"}"
#define REFUSED                                                                                              \
	"{\"__type\":\"UnknownOperationException\",\"message\":"                                             \
	"\"The method is not allowed at this path.\"}"

static void check(const struct probing *probing, struct request *request)
{
	struct message_request message = { .method = str_of(probing->method), .path = str_of(probing->path) };
	struct message_response response = { .status = 0 }, ready = { .status = 0 };
	assert_case(probe_answer(request, &message, &response) == probing->is_answered, probing->path);
	assert_case(probe_answer_ready(request, &message, &ready) == probing->is_ready_made, probing->path);
	assert_int_equal(response.status, probing->status);
	assert_int_equal(ready.status, probing->is_ready_made ? probing->status : 0);
	assert_str_equal(response.body, str_of(probing->body));
	if (probing->is_answered)
		assert_str_equal(header(&response, STR("Cache-Control")), STR("no-store"));
	if (probing->status == 405)
		assert_str_equal(header(&response, STR("Allow")), STR("GET, HEAD"));
}

static void probes_answer_get_at_their_paths(void **state)
{
	static const struct probing cases[] = {
		{ "GET", "/healthz", true, true, 200, WELL },
		{ "GET", "/readyz", true, false, 200, WELL },
		{ "POST", "/healthz", true, true, 405, REFUSED },
		{ "DELETE", "/readyz", true, false, 405, REFUSED },
		{ "GET", "/healthz/", false, false, 0, NULL },
		{ "GET", "/health", false, false, 0, NULL },
		{ "GET", "/", false, false, 0, NULL },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		check(&cases[i], request);
		request_free(&request);
	}
}

/* --- A store that is out of order --- */

static RESULT lend_nothing(struct store *store, struct request *request)
{
	(void)store;
	return FAIL(request, SERVICE_UNAVAILABLE, "The database is busy");
}

static void a_store_that_does_not_answer_is_told(void **state)
{
	static const struct store_engine engine = { .borrow = lend_nothing };
	static const struct probing ready = { "GET", "/readyz", true, false, 503, NOT_WELL };
	static const struct probing health = { "GET", "/healthz", true, true, 200, WELL };
	struct store broken = { .engine = &engine };
	struct request *request = house_request(*state);
	request->store = &broken;
	check(&ready, request);
	assert_int_equal(request->error, ERROR_SERVICE_UNAVAILABLE);
	check(&health, request);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			probes_answer_get_at_their_paths, house_set_up, house_tear_down),
		cmocka_unit_test_setup_teardown(
			a_store_that_does_not_answer_is_told, house_set_up, house_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
