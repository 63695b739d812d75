/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fixture.h"

#include "base/fatal.h"

struct insertion {
	struct sample_note_insert_in note;
	int64_t changed;
};

static RESULT insert(struct request *request, void *context)
{
	struct insertion *insertion = context;
	return sample_note_insert(request, &insertion->note, &insertion->changed);
}

static RESULT insert_or_fail(struct request *request, void *context)
{
	int64_t *id = context;
	struct sample_note_insert_or_fail_row row;
	bool found;
	TRY(sample_note_insert_or_fail(
		request, &(struct sample_note_insert_or_fail_in){ .title = STR("taken") }, &row, &found));
	*id = row.id;
	return OK;
}

static const struct sample_note_insert_in notes[] = {
	{ .title = STR_INIT("all set"),
		.body = STR_INIT("\0a\0"),
		.rank = { true, INT64_MIN },
		.pinned = true,
		.flag = { true, true } },
	{ .title = STR_INIT("none set") },
	{ .title = STR_INIT(""), .body = STR_INIT(""), .rank = { true, 0 }, .flag = { true, false } },
	{ .title = STR_INIT("a \" ' \\ \n \xf0\x9f\x98\x80 within"), .rank = { true, INT64_MAX } },
};

static void assert_same(const struct sample_note_row *row, const struct sample_note_insert_in *note)
{
	assert_str_equal(row->title, note->title);
	assert_str_equal(row->body, note->body);
	assert_int_equal(str_is_set(row->body), str_is_set(note->body));
	assert_int_equal(row->rank.set, note->rank.set);
	assert_true(row->rank.value == note->rank.value);
	assert_int_equal(row->pinned, note->pinned);
	assert_int_equal(row->flag.set, note->flag.set);
	assert_int_equal(row->flag.value, note->flag.value);
}

static void insert_notes(struct request *request)
{
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		struct insertion insertion = { .note = notes[i] };
		assert_true(result_is_ok(store_write(request, insert, &insertion)));
		assert_int_equal(insertion.changed, 1);
	}
}

static void gives_back_what_was_written(void **state)
{
	struct request *request = fixture_request(*state);
	insert_notes(request);
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		struct sample_note_row row;
		bool found = false;
		assert_true(result_is_ok(sample_note_by_title(request,
			&(struct sample_note_by_title_in){ .title = notes[i].title }, &row, &found)));
		assert_true(found);
		assert_same(&row, &notes[i]);
	}
	request_free(&request);
}

static void finds_nothing(void **state)
{
	struct request *request = fixture_request(*state);
	struct sample_note_row row;
	bool found = true;
	assert_true(result_is_ok(sample_note_by_title(
		request, &(struct sample_note_by_title_in){ .title = STR("missing") }, &row, &found)));
	assert_false(found);
	request_free(&request);
}

static void lists_rows_in_order(void **state)
{
	struct request *request = fixture_request(*state);
	insert_notes(request);
	struct sample_note_row *rows;
	size_t count;
	assert_true(result_is_ok(
		sample_notes_page(request, &(struct sample_notes_page_in){ .limit_to = 3 }, &rows, &count)));
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++)
		assert_same(&rows[i], &notes[i]);
	int64_t last = rows[2].id;
	assert_true(result_is_ok(sample_notes_page(
		request, &(struct sample_notes_page_in){ .limit_to = 3, .after = last }, &rows, &count)));
	assert_int_equal(count, 1);
	assert_same(&rows[0], &notes[3]);
	request_free(&request);
}

static void lists_many_rows_and_none(void **state)
{
	struct request *request = fixture_request(*state);
	struct sample_notes_page_in all = { .limit_to = 1000 };
	struct sample_note_row *rows = NULL;
	size_t count;
	assert_true(result_is_ok(sample_notes_page(request, &all, &rows, &count)));
	assert_int_equal(count, 0);
	assert_non_null(rows);
	for (int i = 0; i < 100; i++)
		assert_true(
			result_is_ok(fixture_add_note(request, arena_printf(request->arena, "note %d", i))));
	assert_true(result_is_ok(sample_notes_page(request, &all, &rows, &count)));
	assert_int_equal(count, 100);
	assert_str_equal(rows[99].title, STR("note 99"));
	request_free(&request);
}

static void reports_a_conflict_as_no_change(void **state)
{
	struct request *request = fixture_request(*state);
	struct insertion insertion = { .note = { .title = STR("taken") } };
	assert_true(result_is_ok(store_write(request, insert, &insertion)));
	assert_int_equal(insertion.changed, 1);
	assert_true(result_is_ok(store_write(request, insert, &insertion)));
	assert_int_equal(insertion.changed, 0);
	request_free(&request);
}

static void returns_rows_of_a_write(void **state)
{
	struct request *request = fixture_request(*state);
	int64_t id = 0;
	assert_true(result_is_ok(store_write(request, insert_or_fail, &id)));
	assert_int_equal(id, 1);
	assert_false(result_is_ok(store_write(request, insert_or_fail, &id)));
	assert_int_equal(request->error, ERROR_INTERNAL);
	assert_str_equal(request->message, STR("Internal server error"));
	assert_true(str_is_set(request->detail));
	request_free(&request);
}

static RESULT tag_nothing(struct request *request, void *context)
{
	(void)context;
	return sample_tag_insert(
		request, &(struct sample_tag_insert_in){ .note_id = 99, .name = STR("x") }, NULL);
}

static void enforces_foreign_keys(void **state)
{
	struct request *request = fixture_request(*state);
	assert_false(result_is_ok(store_write(request, tag_nothing, NULL)));
	assert_int_equal(request->error, ERROR_INTERNAL);
	request_free(&request);
}

static void refuses_an_absent_value(void **state)
{
	struct request *request = fixture_request(*state);
	struct insertion insertion = { .note = { .title = STR_NONE } };
	assert_false(result_is_ok(store_write(request, insert, &insertion)));
	assert_int_equal(request->error, ERROR_INTERNAL);
	assert_str_equal(request->detail, STR("note_insert: title does not fit its declaration"));
	request_free(&request);
}

/* PostgreSQL's texts cannot have it; what comes from outside never does. */
static void keeps_a_nul_or_refuses_it(void **state)
{
	const struct fixture *fixture = *state;
	struct request *request = fixture_request(fixture);
	struct insertion insertion = { .note = { .title = STR("a NUL \0 within") } };
	bool is_kept = result_is_ok(store_write(request, insert, &insertion));
	assert_int_equal(is_kept, fixture->schema == NULL);
	assert_int_equal(fixture_count_notes(fixture), is_kept);
	if (!is_kept)
		assert_str_equal(request->detail, STR("note_insert: title does not fit its declaration"));
	request_free(&request);
}

static void refuses_a_column_of_another_type(void **state)
{
	struct request *request = fixture_request(*state);
	struct sample_note_title_as_integer_row *rows;
	size_t count;
	insert_notes(request);
	assert_false(result_is_ok(sample_note_title_as_integer(request, &rows, &count)));
	assert_int_equal(request->error, ERROR_INTERNAL);
	request_free(&request);
}

static void refuses_a_second_row_for_one(void **state)
{
	struct request *request = fixture_request(*state);
	struct sample_note_any_row row;
	bool found;
	insert_notes(request);
	assert_false(result_is_ok(sample_note_any(request, &row, &found)));
	assert_int_equal(request->error, ERROR_INTERNAL);
	request_free(&request);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(gives_back_what_was_written),
		CASE(finds_nothing),
		CASE(lists_rows_in_order),
		CASE(lists_many_rows_and_none),
		CASE(reports_a_conflict_as_no_change),
		CASE(returns_rows_of_a_write),
		CASE(enforces_foreign_keys),
		CASE(refuses_an_absent_value),
		CASE(keeps_a_nul_or_refuses_it),
		CASE(refuses_a_column_of_another_type),
		CASE(refuses_a_second_row_for_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
