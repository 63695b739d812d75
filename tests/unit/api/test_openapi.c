/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "api/api.h"
#include "base/fatal.h"
#include "base/jsontree.h"
#include "unit/api/library.h"

/* Follows "a|b|2" through objects and lists. */
static const struct jsontree *at(const struct jsontree *tree, const char *steps)
{
	str rest = str_of(steps);
	while (tree && str_is_set(rest)) {
		char name[128] = "";
		int64_t index;
		str step = str_split(&rest, '|');
		memcpy(name, step.data, step.len);
		if (jsontree_kind(tree) == JSONTREE_ARRAY)
			tree = str_to_int64(step, &index) ? jsontree_array_at(tree, (size_t)index) : NULL;
		else
			tree = jsontree_member(tree, name);
	}
	return tree;
}

static const struct jsontree *document(struct request *request)
{
	struct message_request message = { .method = STR("GET"), .path = STR("/admin/openapi.json") };
	struct message_response response = { 0 };
	api_handle(request, &message, &response);
	assert_int_equal(response.status, 200);
	return jsontree_parse(request->arena, response.body, NULL);
}

static void describes_the_table(void **state)
{
	static const struct {
		const char *steps, *text;
	} cases[] = {
		{ "openapi", "3.1.0" },
		{ "servers|0|url", "/admin/v1" },
		{ "paths|/books/{BookId}|get|operationId", "DescribeBook" },
		{ "paths|/books/{BookId}|put|operationId", "BorrowBook" },
		{ "paths|/books/{BookId}|put|parameters|0|name", "BookId" },
		{ "paths|/books/{BookId}|put|parameters|0|in", "path" },
		{ "paths|/books|get|parameters|0|in", "query" },
		{ "paths|/books|get|parameters|5|name", "Names" },
		{ "paths|/books|get|tags|0", "library" },
		{ "paths|/greetings|post|requestBody|content|application/json|schema|properties|Title|$ref",
			"#/components/schemas/TextType" },
		{ "paths|/greetings|post|responses|200|content|application/json|schema|$ref",
			"#/components/schemas/GreetResponse" },
		{ "paths|/greetings|post|responses|404|description", "UserNotFoundException" },
		{ "components|schemas|BookIdType|pattern", "^(?:[\\w-]+)$" },
		{ "components|schemas|ShelfType|enum|1", "MAPS" },
		{ "components|schemas|NotesType|additionalProperties|$ref", "#/components/schemas/TextType" },
		{ "components|schemas|GreetResponse|required|0", "Greeting" },
		{ "components|securitySchemes|signature|name", "Authorization" },
	};
	(void)state;
	struct request *request = library_open();
	const struct jsontree *root = document(request);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct jsontree *found = at(root, cases[i].steps);
		assert_case(found && jsontree_kind(found) == JSONTREE_STRING, cases[i].steps);
		assert_str_equal(jsontree_string(found), str_of(cases[i].text));
	}
	request_free(&request);
}

static void leaves_out_what_does_not_belong(void **state)
{
	static const char *const cases[] = {
		"paths|/books/{BookId}|put|parameters|1", /* the rest stands in the body */
		"paths|/books/{BookId}|put|requestBody|content|application/json|schema|properties|BookId",
		"paths|/books|get|requestBody",
		"paths|/books|get|parameters|6", /* neither maps nor secrets stand in a query */
		"paths|/greetings|post|security|0",
		"paths|/greetings|post|responses|401",
	};
	(void)state;
	struct request *request = library_open();
	const struct jsontree *root = document(request);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_case(!at(root, cases[i]), cases[i]);
	assert_non_null(at(root, "paths|/books/{BookId}|get|security|0|signature"));
	assert_int_equal(jsontree_integer(at(root, "components|schemas|LimitType|maximum")), 60);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(describes_the_table),
		cmocka_unit_test(leaves_out_what_does_not_belong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
