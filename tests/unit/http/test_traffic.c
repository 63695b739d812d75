/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "http/traffic.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fatal.h"
#include "spec/operation.h"
#include "unit/cases.h"

enum { TEXT_MAX = 4 * 1024 * 1024 };

struct place {
	struct traffic *traffic;
	struct request *request;
};

static int set_up(void **state)
{
	struct request *request = request_new();
	struct place *place = ARENA_NEW(request->arena, struct place);
	place->request = request;
	place->traffic = traffic_new();
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	struct request *request = place->request;
	traffic_free(&place->traffic);
	request_free(&request);
	return 0;
}

static void count(struct place *place, str operation, enum error_code error, unsigned status)
{
	place->request->operation = operation;
	place->request->error = error;
	traffic_count(place->traffic, place->request, status, 2000);
}

static struct buf text_of(const struct place *place, void (*add)(struct buf *, str, const struct traffic *))
{
	struct buf text = buf_new(place->request->arena, TEXT_MAX);
	add(&text, STR("n"), place->traffic);
	return text;
}

static void requests_have_operation_and_error(void **state)
{
	struct place *place = *state;
	count(place, STR("SignUp"), ERROR_NONE, 200);
	count(place, STR("SignUp"), ERROR_NONE, 200);
	count(place, STR("SignUp"), ERROR_USERNAME_EXISTS, 400);
	count(place, STR("ListDeadMessages"), ERROR_NONE, 200);
	struct buf text = text_of(place, traffic_add_requests);
	assert_str_equal(buf_str(&text),
		STR("n{operation=\"SignUp\",error=\"none\"} 2\n"
		    "n{operation=\"SignUp\",error=\"UsernameExistsException\"} 1\n"
		    "n{operation=\"ListDeadMessages\",error=\"none\"} 1\n"));
	text = text_of(place, traffic_add_responses);
	assert_str_equal(buf_str(&text), STR("n{status=\"200\"} 3\nn{status=\"400\"} 1\n"));
}

/* Four errors are told to callers under one name; two samples with the same labels would make a bad exposition. */
static void errors_of_one_name_count_together(void **state)
{
	struct place *place = *state;
	count(place, STR_NONE, ERROR_NOT_FOUND, 404);
	count(place, STR_NONE, ERROR_METHOD_NOT_ALLOWED, 405);
	count(place, STR_NONE, ERROR_UNKNOWN_OPERATION, 400);
	struct buf text = text_of(place, traffic_add_requests);
	assert_str_equal(buf_str(&text), STR("n{operation=\"none\",error=\"UnknownOperationException\"} 3\n"));
}

static void what_nobody_knows_is_no_label(void **state)
{
	struct place *place = *state;
	count(place, STR("NoSuchOperation"), ERROR_NONE, 200);
	count(place, STR("signup"), ERROR_NONE, 100000);
	count(place, STR(""), ERROR_NONE, 200);
	struct buf text = text_of(place, traffic_add_requests);
	assert_str_equal(buf_str(&text), STR("n{operation=\"none\",error=\"none\"} 3\n"));
	text = text_of(place, traffic_add_responses);
	assert_str_equal(buf_str(&text), STR("n{status=\"0\"} 1\nn{status=\"200\"} 2\n"));
}

static void every_operation_has_a_row(void **state)
{
	struct place *place = *state;
	size_t operations = 0;
	for (size_t i = 0; spec_services[i]; i++)
		for (size_t k = 0; k < spec_services[i]->operation_count; k++, operations++)
			count(place, spec_services[i]->operations[k].name, ERROR_NONE, 200);
	struct buf text = text_of(place, traffic_add_requests);
	str rest = buf_str(&text);
	for (size_t i = 0; i < operations; i++)
		assert_true(str_has_suffix(str_split(&rest, '\n'), STR(",error=\"none\"} 1")));
	assert_true(str_is_empty(rest));
}

static void durations_have_an_operation(void **state)
{
	struct place *place = *state;
	count(place, STR("SignUp"), ERROR_NONE, 200);
	struct buf text = text_of(place, traffic_add_durations);
	static const str parts[] = { STR_INIT("n_bucket{operation=\"SignUp\",le=\"0.001\"} 0\n"),
		STR_INIT("n_bucket{operation=\"SignUp\",le=\"0.0025\"} 1\n"),
		STR_INIT("n_sum{operation=\"SignUp\"} 0.002000\n"), STR_INIT("n_count{operation=\"SignUp\"} 1\n") };
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		assert_non_null(memmem(text.data, text.len, parts[i].data, parts[i].len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(requests_have_operation_and_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_of_one_name_count_together, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_nobody_knows_is_no_label, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_operation_has_a_row, set_up, tear_down),
		cmocka_unit_test_setup_teardown(durations_have_an_operation, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
