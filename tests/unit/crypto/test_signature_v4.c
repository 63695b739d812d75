/* SPDX-License-Identifier: Apache-2.0 */
/* Against the example of AWS's documentation. */
#include "crypto/signature_v4.h"

#include "unit/cases.h"

#define SECRET	  STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
#define SCOPE	  STR("20150830/us-east-1/iam/aws4_request")
#define TIMESTAMP STR("20150830T123600Z")
#define CANONICAL \
	STR("GET\n/\nAction=ListUsers&Version=2010-05-08\n" \
	    "content-type:application/x-www-form-urlencoded; charset=utf-8\nhost:iam.amazonaws.com\n" \
	    "x-amz-date:20150830T123600Z\n\ncontent-type;host;x-amz-date\n" \
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
#define SIGNATURE STR("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")

static void the_example_of_the_documentation(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_str_equal(signature_v4_hash(arena, CANONICAL),
		STR("f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59"));
	assert_str_equal(signature_v4_sign(arena, SECRET, SCOPE, TIMESTAMP, CANONICAL), SIGNATURE);
	arena_free(&arena);
}

static void every_part_counts(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const str others[] = {
		signature_v4_sign(arena, STR("another"), SCOPE, TIMESTAMP, CANONICAL),
		signature_v4_sign(arena, SECRET, STR("20150830/us-east-1/sns/aws4_request"), TIMESTAMP, CANONICAL),
		signature_v4_sign(arena, SECRET, SCOPE, STR("20150830T123601Z"), CANONICAL),
		signature_v4_sign(arena, SECRET, SCOPE, TIMESTAMP, STR("GET")),
		signature_v4_sign(arena, STR(""), STR(""), STR(""), STR("")),
	};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_int_equal(others[i].len, SIGNATURE.len);
		assert_false(str_equal(others[i], SIGNATURE));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_documentation),
		cmocka_unit_test(every_part_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
