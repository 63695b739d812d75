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

/* --- Extending --- */

static RESULT extend(struct request *request, const char *old_json, const char *added_json,
	struct schema_attribute_type_list *schema)
{
	struct schema_attribute_type_list old;
	struct add_custom_attributes_request input = { .user_pool_id = STR_NONE };
	str json = arena_printf(
		request->arena, "{\"UserPoolId\":\"x_y\",\"CustomAttributes\":[%s]}", added_json);
	house_decode(request, &spec_type_add_custom_attributes_request, json.data, &input);
	assert_ok(request, make(request, old_json, &old));
	return pool_schema_extend(request, &old, &input.custom_attributes, schema);
}

#define OLD                                                                                                 \
	"{\"Name\":\"old\",\"AttributeDataType\":\"String\"},"                                      \
	"{\"Name\":\"hidden\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":true},"     \
	"{\"Name\":\"email\",\"Required\":true}"

/* Those of a new pool, and a standard name, which is none here. */
static void test_extended(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		if (!strstr(made[i].name, "custom:"))
			continue;
		struct request *request = house_request(*state);
		struct schema_attribute_type_list schema;
		assert_ok(request, extend(request, OLD, made[i].schema, &schema));
		assert_int_equal(schema.count, 24);
		assert_str_equal(schema.items[21].name, STR("custom:old"));
		assert_str_equal(schema.items[23].name, str_of(made[i].name));
		assert_str_equal(house_render(request, &spec_type_schema_attribute_type, &schema.items[23]),
			str_of(made[i].attribute));
		request_free(&request);
	}
}

static void test_standard_names_are_custom_here(void **state)
{
	struct request *request = house_request(*state);
	struct schema_attribute_type_list schema;
	assert_ok(request,
		extend(request, OLD, "{\"Name\":\"email\",\"AttributeDataType\":\"Number\"}", &schema));
	const struct schema_attribute_type *standard = pool_schema_find(&schema, STR("email"));
	assert_true(standard->required.value);
	assert_int_equal(standard->attribute_data_type, ATTRIBUTE_DATA_TYPE_STRING);
	const struct schema_attribute_type *custom = pool_schema_find(&schema, STR("custom:email"));
	assert_int_equal(custom->attribute_data_type, ATTRIBUTE_DATA_TYPE_NUMBER);
	request_free(&request);
}

static const struct {
	const char *added, *message;
} refused_additions[] = {
	{ "{\"Name\":\"old\",\"AttributeDataType\":\"String\"}",
		"custom:old: Existing attribute already has name custom:old." },
	{ "{\"Name\":\"old\",\"AttributeDataType\":\"Number\",\"DeveloperOnlyAttribute\":true}",
		"custom:old: Existing attribute already has name custom:old." },
	{ "{\"Name\":\"hidden\",\"AttributeDataType\":\"String\"}",
		"dev:custom:hidden: Existing attribute already has name dev:custom:hidden." },
	{ "{\"Name\":\"new\",\"AttributeDataType\":\"String\"},"
	  "{\"Name\":\"old\",\"AttributeDataType\":\"String\"}",
		"custom:old: Existing attribute already has name custom:old." },
};

static void test_refused_additions(void **state)
{
	struct schema_attribute_type_list schema;
	for (size_t i = 0; i < ARRAY_LEN(refused_additions); i++) {
		struct request *request = house_request(*state);
		assert_refused(request, extend(request, OLD, refused_additions[i].added, &schema),
			ERROR_INVALID_PARAMETER, refused_additions[i].message);
		request_free(&request);
	}
	/* What a new pool is refused for, but for standard attributes. */
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (strstr(refused[i].schema, "email") || strstr(refused[i].schema, "\"name\""))
			continue;
		struct request *request = house_request(*state);
		assert_refused(request, extend(request, OLD, refused[i].schema, &schema), ERROR_INVALID_PARAMETER,
			refused[i].message);
		request_free(&request);
	}
}

static const char *numbered(struct request *request, const char *stem, int count)
{
	struct buf json = buf_new(request->arena, 64 * 1024);
	for (int i = 0; i < count; i++)
		buf_printf(&json, "%s{\"Name\":\"%s%d\",\"AttributeDataType\":\"String\"}", i ? "," : "", stem, i);
	return arena_copy(request->arena, buf_str(&json)).data;
}

static void test_limit(void **state)
{
	static const struct {
		int old, added;
		bool fits;
	} cases[] = { { 25, 25, true }, { 26, 25, false }, { 49, 1, true }, { 49, 2, false }, { 50, 1, false } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct schema_attribute_type_list schema;
		const char *old = numbered(request, "o", cases[i].old);
		const char *added = numbered(request, "n", cases[i].added);
		if (cases[i].fits)
			assert_ok(request, extend(request, old, added, &schema));
		else
			assert_refused(request, extend(request, old, added, &schema), ERROR_INVALID_PARAMETER,
				"A user pool can have at most 50 custom attributes.");
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fifty_long_names_are_stored),
		cmocka_unit_test(test_extended),
		cmocka_unit_test(test_standard_names_are_custom_here),
		cmocka_unit_test(test_refused_additions),
		cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, house_set_up, house_tear_down);
}
