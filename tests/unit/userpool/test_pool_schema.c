/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/pool_schema.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

static RESULT make(struct request *request, const char *schema_json, struct schema_attribute_type_list *schema)
{
	struct create_user_pool_request input = { .pool_name = STR_NONE };
	str json = arena_printf(request->arena, "{\"PoolName\":\"p\",\"Schema\":[%s]}", schema_json);
	house_decode(request, &spec_type_create_user_pool_request, json.data, &input);
	return pool_schema_make(request, &input.schema, schema);
}

static const struct {
	const char *schema, *name, *attribute;
} made[] = {
	{ "{\"Name\":\"x\",\"AttributeDataType\":\"String\"}", "sub",
		"{\"Name\":\"sub\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,\"Mutable\":false,"
		"\"Required\":true,\"StringAttributeConstraints\":{\"MinLength\":\"1\",\"MaxLength\":\"2048\"}}" },
	{ "{\"Name\":\"x\",\"AttributeDataType\":\"String\"}", "email",
		"{\"Name\":\"email\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,\"Mutable\":true,"
		"\"Required\":false,\"StringAttributeConstraints\":{\"MinLength\":\"0\",\"MaxLength\":\"2048\"}}" },
	{ "{\"Name\":\"x\",\"AttributeDataType\":\"String\"}", "email_verified",
		"{\"Name\":\"email_verified\",\"AttributeDataType\":\"Boolean\",\"DeveloperOnlyAttribute\":false,"
		"\"Mutable\":true,\"Required\":false}" },
	{ "{\"Name\":\"x\",\"AttributeDataType\":\"String\"}", "updated_at",
		"{\"Name\":\"updated_at\",\"AttributeDataType\":\"Number\",\"DeveloperOnlyAttribute\":false,"
		"\"Mutable\":true,\"Required\":false,\"NumberAttributeConstraints\":{\"MinValue\":\"0\"}}" },
	{ "{\"Name\":\"email\",\"Required\":true}", "email",
		"{\"Name\":\"email\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,\"Mutable\":false,"
		"\"Required\":true,\"StringAttributeConstraints\":{\"MinLength\":\"0\",\"MaxLength\":\"2048\"}}" },
	{ "{\"Name\":\"name\",\"AttributeDataType\":\"String\",\"Mutable\":true,"
	  "\"StringAttributeConstraints\":{\"MinLength\":\"3\"}}",
		"name",
		"{\"Name\":\"name\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,\"Mutable\":true,"
		"\"Required\":false,\"StringAttributeConstraints\":{\"MinLength\":\"3\",\"MaxLength\":\"2048\"}}" },
	{ "{\"Name\":\"sub\",\"Required\":false,\"Mutable\":true}", "sub",
		"{\"Name\":\"sub\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,\"Mutable\":false,"
		"\"Required\":true,\"StringAttributeConstraints\":{\"MinLength\":\"1\",\"MaxLength\":\"2048\"}}" },
	{ "{\"Name\":\"team\",\"AttributeDataType\":\"String\",\"Mutable\":true}", "custom:team",
		"{\"Name\":\"custom:team\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":false,"
		"\"Mutable\":true,\"Required\":false,\"StringAttributeConstraints\":{}}" },
	{ "{\"Name\":\"age\",\"AttributeDataType\":\"Number\",\"DeveloperOnlyAttribute\":true,"
	  "\"NumberAttributeConstraints\":{\"MinValue\":\"-5\",\"MaxValue\":\"10\"}}",
		"dev:custom:age",
		"{\"Name\":\"dev:custom:age\",\"AttributeDataType\":\"Number\",\"DeveloperOnlyAttribute\":true,"
		"\"Mutable\":false,\"Required\":false,"
		"\"NumberAttributeConstraints\":{\"MinValue\":\"-5\",\"MaxValue\":\"10\"}}" },
};

static void test_made(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		struct request *request = house_request(*state);
		struct schema_attribute_type_list schema;
		assert_ok(request, make(request, made[i].schema, &schema));
		const struct schema_attribute_type *attribute = pool_schema_find(&schema, str_of(made[i].name));
		assert_case(attribute, made[i].name);
		assert_str_equal(house_render(request, &spec_type_schema_attribute_type, attribute),
			str_of(made[i].attribute));
		request_free(&request);
	}
}

static const struct {
	const char *schema, *message;
} refused[] = {
	{ "{\"Name\":\"team\",\"AttributeDataType\":\"String\",\"Required\":true}",
		"Required custom attributes are not supported currently." },
	{ "{\"Name\":\"team\"}",
		"Invalid AttributeDataType input, consider using the provided AttributeDataType enum." },
	{ "{\"AttributeDataType\":\"String\"}", "A schema attribute has no name." },
	{ "{\"Name\":\"email\",\"AttributeDataType\":\"Number\"}",
		"You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email" },
	{ "{\"Name\":\"email\",\"DeveloperOnlyAttribute\":true}",
		"You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email" },
	{ "{\"Name\":\"a\",\"AttributeDataType\":\"String\"},{\"Name\":\"a\",\"AttributeDataType\":\"Number\"}",
		"Schema attribute a is given more than once." },
	{ "{\"Name\":\"a\",\"AttributeDataType\":\"String\",\"StringAttributeConstraints\":{\"MinLength\":\"x\"}}",
		"Constraints of attribute custom:a must be numbers." },
	{ "{\"Name\":\"a\",\"AttributeDataType\":\"String\",\"StringAttributeConstraints\":{\"MaxLength\":\"-1\"}}",
		"Constraints of attribute custom:a must be numbers." },
	{ "{\"Name\":\"a\",\"AttributeDataType\":\"Number\",\"NumberAttributeConstraints\":{\"MaxValue\":\"\"}}",
		"Constraints of attribute custom:a must be numbers." },
	{ "{\"Name\":\"a\",\"AttributeDataType\":\"Number\","
	  "\"NumberAttributeConstraints\":{\"MinValue\":\"10\",\"MaxValue\":\"9\"}}",
		"The minimum of attribute custom:a cannot be greater than its maximum." },
	{ "{\"Name\":\"name\",\"StringAttributeConstraints\":{\"MinLength\":\"2049\"}}",
		"The minimum of attribute name cannot be greater than its maximum." },
};

static void test_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct request *request = house_request(*state);
		struct schema_attribute_type_list schema;
		assert_refused(request, make(request, refused[i].schema, &schema), ERROR_INVALID_PARAMETER,
			refused[i].message);
		request_free(&request);
	}
}

/* A stored schema may be larger, and its names longer, than what a request may carry. */
static void test_fifty_long_names_are_stored(void **state)
{
	struct request *request = house_request(*state);
	struct buf json = buf_new(request->arena, 64 * 1024);
	struct user_pool_type created;
	buf_add(&json, STR("{\"PoolName\":\"p\",\"Schema\":["));
	for (int i = 0; i < 50; i++)
		buf_printf(&json, "%s{\"Name\":\"abcdefghijklmnopqr%02d\",\"AttributeDataType\":\"String\"}", i ? "," : "", i);
	buf_add(&json, STR("]}"));
	assert_ok(request,
		house_create_pool(request, arena_copy(request->arena, buf_str(&json)).data, &created));
	assert_ok(request, pool_describe(request, created.id, &created));
	assert_int_equal(created.schema_attributes.count, 71);
	assert_non_null(pool_schema_find(&created.schema_attributes, STR("custom:abcdefghijklmnopqr49")));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fifty_long_names_are_stored),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
