/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/attribute.h"

#include "base/buf.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "userpool/client.h"
#include "userpool/pool.h"

static str pool_id, strict_pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	pool_id = house_pool(*state,
		"{\"PoolName\":\"p\",\"Schema\":["
		"{\"Name\":\"size\",\"AttributeDataType\":\"Number\",\"Mutable\":true,"
		"\"NumberAttributeConstraints\":{\"MinValue\":\"-5\",\"MaxValue\":\"10\"}},"
		"{\"Name\":\"count\",\"AttributeDataType\":\"Number\",\"Mutable\":true},"
		"{\"Name\":\"team\",\"AttributeDataType\":\"String\",\"Mutable\":true,"
		"\"StringAttributeConstraints\":{\"MinLength\":\"2\",\"MaxLength\":\"5\"}},"
		"{\"Name\":\"note\",\"AttributeDataType\":\"String\",\"Mutable\":true},"
		"{\"Name\":\"born\",\"AttributeDataType\":\"DateTime\",\"Mutable\":true},"
		"{\"Name\":\"flag\",\"AttributeDataType\":\"Boolean\",\"Mutable\":true},"
		"{\"Name\":\"rank\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":true}]}");
	strict_pool_id = house_pool(*state, "{\"PoolName\":\"p\",\"Schema\":["
					    "{\"Name\":\"email\",\"Required\":true,\"Mutable\":true},"
					    "{\"Name\":\"nickname\",\"Required\":true,\"Mutable\":true}]}");
	return 0;
}

/* --- Lists --- */

static str text_of(struct request *request, const struct attribute_type_list *list)
{
	struct buf text = buf_new(request->arena, 4096);
	for (size_t i = 0; i < list->count; i++)
		buf_printf(&text, "%s%.*s=%.*s", i ? "," : "", STR_ARG(list->items[i].name),
			STR_ARG(list->items[i].value));
	return buf_str(&text);
}

static void test_value(void **state)
{
	struct request *request = house_request(*state);
	struct attribute_type_list list = house_attributes(request, "a=1,b=,c");
	assert_str_equal(attribute_value(&list, STR("a")), STR("1"));
	assert_true(str_is_set(attribute_value(&list, STR("b"))));
	assert_false(str_is_set(attribute_value(&list, STR("c"))));
	assert_false(str_is_set(attribute_value(&list, STR("d"))));
	assert_false(str_is_set(attribute_value(&list, STR(""))));
	request_free(&request);
}

static const struct {
	const char *list, *changes, *merged;
} merges[] = {
	{ "", "", "" },
	{ "b=2,a=1", "", "a=1,b=2" },
	{ "", "b=2,a=1", "a=1,b=2" },
	{ "a=1,b=2", "a=3", "a=3,b=2" },
	{ "a=1,c=3", "b=2", "a=1,b=2,c=3" },
	{ "a=1,b=2", "a=", "b=2" },
	{ "a=1,b=2", "a", "b=2" },
	{ "a=1", "b=,c", "a=1" },
	{ "a=,b,c=3", "", "c=3" },
	{ "a=1", "a=2,a=3", "a=3" },
	{ "email_verified=true,email=x", "email=y", "email=y,email_verified=true" },
	{ "A=1,a=2", "a=3", "A=1,a=3" },
};

static void test_merge(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(merges); i++) {
		struct request *request = house_request(*state);
		struct attribute_type_list list = house_attributes(request, merges[i].list);
		struct attribute_type_list changes = house_attributes(request, merges[i].changes);
		struct attribute_type_list merged = attribute_merge(request->arena, &list, &changes);
		assert_str_equal(text_of(request, &merged), str_of(merges[i].merged));
		/* The lists themselves stay. */
		assert_str_equal(text_of(request, &list),
			text_of(request,
				&(struct attribute_type_list){
					house_attributes(request, merges[i].list).items, list.count }));
		request_free(&request);
	}
}

static void test_with(void **state)
{
	struct request *request = house_request(*state);
	struct attribute_type_list list = house_attributes(request, "b=2,a=1");
	struct attribute_type_list with = attribute_with(request->arena, &list, STR("c"), STR("3"));
	assert_str_equal(text_of(request, &with), STR("a=1,b=2,c=3"));
	with = attribute_with(request->arena, &list, STR("a"), STR("4"));
	assert_str_equal(text_of(request, &with), STR("a=4,b=2"));
	assert_str_equal(text_of(request, &list), STR("b=2,a=1"));
	request_free(&request);
}

static const struct {
	const char *list, *changes, *marked;
} unverified[] = {
	{ "", "", "" },
	{ "email=a@b", "name=x", "name=x" },
	{ "", "email=a@b", "email=a@b,email_verified=false" },
	{ "email=a@b,email_verified=true", "email=c@d", "email=c@d,email_verified=false" },
	{ "email=a@b,email_verified=true", "email=A@b", "email=A@b,email_verified=false" },
	{ "email=a@b,email_verified=true", "email=a@b", "email=a@b" },
	{ "email=a@b,email_verified=true", "email=", "email=,email_verified=" },
	{ "email=a@b", "email=c@d,email_verified=true", "email=c@d,email_verified=true" },
	{ "email=a@b", "email=c@d,email_verified=", "email=c@d,email_verified=,email_verified=false" },
	{ "", "phone_number=+12,email=a@b,name=x",
		"phone_number=+12,email=a@b,name=x,email_verified=false,phone_number_verified=false" },
	{ "", "email=", "email=" },
};

static void test_unverify(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(unverified); i++) {
		struct request *request = house_request(*state);
		struct attribute_type_list list = house_attributes(request, unverified[i].list);
		struct attribute_type_list changes = house_attributes(request, unverified[i].changes);
		struct attribute_type_list marked = attribute_unverify(request->arena, &list, &changes);
		assert_str_equal(text_of(request, &marked), str_of(unverified[i].marked));
		request_free(&request);
	}
}

/* --- Forms of addresses --- */

static const struct {
	const char *value;
	bool is_email, is_phone_number;
} addresses[] = {
	{ "jane@example.com", true, false },
	{ "j.d+tag@sub.example.co", true, false },
	{ "a@b", true, false },
	{ "+15555550100", false, true },
	{ "+12", false, true },
	{ "+123456789012345", false, true },
	{ "+1@example.com", true, false },
	{ "", false, false },
	{ "jane", false, false },
	{ "@example.com", false, false },
	{ "jane@", false, false },
	{ "jane@a@b", false, false },
	{ "ja ne@example.com", false, false },
	{ "jane@example.com\n", false, false },
	{ "Jane <jane@example.com>", false, false },
	{ "jane@example.com,john@example.com", false, false },
	{ "15555550100", false, false },
	{ "+1", false, false },
	{ "+1234567890123456", false, false },
	{ "+1555a550100", false, false },
	{ "+1 555 555 0100", false, false },
	{ "+15555550100\n", false, false },
	{ "+\xd9\xa1\xd9\xa2\xd9\xa3", false, false },
};

static void test_forms_of_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		str value = str_of(addresses[i].value);
		assert_case(attribute_is_email(value) == addresses[i].is_email, addresses[i].value);
		assert_case(
			attribute_is_phone_number(value) == addresses[i].is_phone_number, addresses[i].value);
	}
}

/* --- Values --- */

#define UNFIT "Attributes did not conform to the schema: "

static const struct {
	const char *attributes;
	const char *message; /* NULL: they are fine */
} values[] = {
	{ "", NULL },
	{ "email=jane@example.com,email_verified=true,name=Jane", NULL },
	{ "email=,phone_number=,birthdate=,custom:size=,email_verified=,custom:team=", NULL },
	{ "nickname", NULL },
	{ "phone_number=+15555550100,phone_number_verified=false", NULL },
	{ "birthdate=0000-12-31", NULL },
	{ "birthdate=1980-02-31", NULL },
	{ "updated_at=0", NULL },
	{ "updated_at=1700000000", NULL },
	{ "custom:size=-5", NULL },
	{ "custom:size=10", NULL },
	{ "custom:size=007", NULL },
	{ "custom:count=-99999999999999999999999999", NULL },
	{ "custom:team=ab", NULL },
	{ "custom:team=\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", NULL },
	{ "custom:flag=true", NULL },
	{ "custom:flag=false", NULL },
	{ "custom:flag=True", NULL },
	{ "custom:flag=FALSE", NULL },
	{ "dev:custom:rank=1", NULL },
	{ "custom:born=2024-02-29", NULL },
	{ "custom:born=2024-02-29T12:30", NULL },
	{ "custom:born=2024-02-29T12:30:15Z", NULL },
	{ "custom:born=2024-02-29T12:30:15.123456789+01:00", NULL },
	{ "custom:born=2024-02-29T12:30:15-0800", NULL },

	{ "shoe=42", UNFIT "shoe: Attribute does not exist in the schema.\n" },
	{ "team=ab", UNFIT "team: Attribute does not exist in the schema.\n" },
	{ "custom:rank=1", UNFIT "custom:rank: Attribute does not exist in the schema.\n" },
	{ "Email=a@b", UNFIT "Email: Attribute does not exist in the schema.\n" },
	{ "=x", UNFIT ": Attribute does not exist in the schema.\n" },
	{ "shoe=", UNFIT "shoe: Attribute does not exist in the schema.\n" },
	{ "custom:size=-6", UNFIT "custom:size: The number is out of range\n" },
	{ "custom:size=11", UNFIT "custom:size: The number is out of range\n" },
	{ "updated_at=-1", UNFIT "updated_at: The number is out of range\n" },
	{ "custom:size=1.5", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:size=1e1", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:size=+1", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:size= 1", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:size=1\n", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:size=-", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:size=\xd9\xa1", UNFIT "custom:size: The value is not a number\n" },
	{ "custom:count=many", UNFIT "custom:count: The value is not a number\n" },
	{ "custom:team=a", UNFIT "custom:team: The length of the value is out of range\n" },
	{ "custom:team=abcdef", UNFIT "custom:team: The length of the value is out of range\n" },
	{ "birthdate=1980-1-1", UNFIT "birthdate: The length of the value is out of range\n" },
	{ "custom:flag=yes", UNFIT "custom:flag: The value is not true or false\n" },
	{ "email_verified=1", UNFIT "email_verified: The value is not true or false\n" },
	{ "custom:born=yesterday", UNFIT "custom:born: The value is not a date or a time (ISO 8601)\n" },
	{ "custom:born=2024-02-29 12:30",
		UNFIT "custom:born: The value is not a date or a time (ISO 8601)\n" },
	{ "custom:born=2024-02-29T", UNFIT "custom:born: The value is not a date or a time (ISO 8601)\n" },
	{ "custom:size=x,custom:flag=y,shoe=z",
		UNFIT "custom:size: The value is not a number\ncustom:flag: The value is not true or false\n"
		      "shoe: Attribute does not exist in the schema.\n" },

	{ "email=jane", "Invalid email address format." },
	{ "phone_number=5555550100", "Invalid phone number format." },
	{ "birthdate=31.12.1980", "Invalid date format, it must be YYYY-MM-DD." },
	{ "birthdate=1980-13-01", "Invalid date format, it must be YYYY-MM-DD." },
	{ "birthdate=1980-00-01", "Invalid date format, it must be YYYY-MM-DD." },
	{ "birthdate=1980-01-32", "Invalid date format, it must be YYYY-MM-DD." },
	{ "name=a,name=b", "Attribute name is given more than once." },
	{ "shoe=a,name=b,shoe=a", "Attribute shoe is given more than once." },
};

static void check_values(const struct house *house, const char *attributes, const char *message)
{
	struct request *request = house_request(house);
	const struct user_pool *pool;
	struct attribute_type_list list = house_attributes(request, attributes);
	assert_ok(request, pool_find(request, pool_id, &pool));
	if (message)
		assert_refused(request, attribute_check_values(request, pool, &list), ERROR_INVALID_PARAMETER,
			message);
	else
		assert_ok(request, attribute_check_values(request, pool, &list));
	request_free(&request);
}

static void test_values(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		check_values(*state, values[i].attributes, values[i].message);
}

static str long_text(struct request *request, const char *front, const char *piece, size_t count)
{
	struct buf text = buf_new(request->arena, 64 * 1024);
	buf_add(&text, str_of(front));
	for (size_t i = 0; i < count; i++)
		buf_add(&text, str_of(piece));
	return arena_copy(request->arena, buf_str(&text));
}

/* Counted in characters; also where the pool sets no bounds. */
static void test_longest_values(void **state)
{
	static const struct {
		const char *front, *piece;
	} cases[] = { { "name=", "x" }, { "name=", "\xf0\x9f\x98\x80" }, { "custom:note=", "x" } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str name = str_slice(str_of(cases[i].front), 0, strlen(cases[i].front) - 1);
		str fits = long_text(request, cases[i].front, cases[i].piece, 2048);
		str exceeds = long_text(request, cases[i].front, cases[i].piece, 2049);
		str message = arena_printf(request->arena,
			UNFIT "%.*s: The length of the value is out of range\n", STR_ARG(name));
		check_values(*state, fits.data, NULL);
		check_values(*state, exceeds.data, message.data);
		request_free(&request);
	}
}

static void test_longest_number(void **state)
{
	struct request *request = house_request(*state);
	str fits = long_text(request, "custom:count=", "9", 2048);
	str exceeds = long_text(request, "custom:count=", "9", 2049);
	check_values(*state, fits.data, NULL);
	check_values(*state, exceeds.data, UNFIT "custom:count: The length of the value is out of range\n");
	request_free(&request);
}

/* A problem that is too long to be told is one nevertheless. */
static void test_very_long_name(void **state)
{
	struct request *request = house_request(*state);
	str list = long_text(request, "x", "x", 5000);
	check_values(*state, list.data, UNFIT);
	request_free(&request);
}

static const struct {
	const char *attributes;
	const char *message;
} required[] = {
	{ "email=a@b,nickname=Jane", NULL },
	{ "email=a@b,nickname=Jane,name=Jane Doe", NULL },
	{ "email=a@b", UNFIT "nickname: The attribute is required\n" },
	{ "email=a@b,nickname=", UNFIT "nickname: The attribute is required\n" },
	{ "nickname=Jane", UNFIT "email: The attribute is required\n" },
	{ "", UNFIT "nickname: The attribute is required\nemail: The attribute is required\n" },
};

static void test_required(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(required); i++) {
		struct request *request = house_request(*state);
		const struct user_pool *pool;
		struct attribute_type_list list = house_attributes(request, required[i].attributes);
		assert_ok(request, pool_find(request, strict_pool_id, &pool));
		if (required[i].message)
			assert_refused(request, attribute_check_required(request, pool, &list),
				ERROR_INVALID_PARAMETER, required[i].message);
		else
			assert_ok(request, attribute_check_required(request, pool, &list));
		request_free(&request);
	}
}

/* --- Permission --- */

static const struct {
	const char *write_attributes; /* of the client; NULL: not set */
	const char *attributes;
	bool is_allowed;
} permissions[] = {
	{ NULL, "", true },
	{ NULL, "email=a@b,name=Jane,custom:team=ab", true },
	{ NULL, "dev:custom:rank=1", false },
	{ NULL, "sub=x", false },
	{ NULL, "identities=x", false },
	{ NULL, "name=Jane,email_verified=true", false },
	{ NULL, "phone_number_verified=", false },
	{ "\"email\",\"custom:team\"", "email=a@b,custom:team=ab", true },
	{ "\"email\",\"custom:team\"", "email=a@b,name=Jane", false },
	{ "\"email\",\"custom:team\"", "name=", false },
};

static void test_permissions(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(permissions); i++) {
		struct request *request = house_request(*state);
		struct attribute_type_list list = house_attributes(request, permissions[i].attributes);
		str json = permissions[i].write_attributes
				   ? arena_printf(request->arena,
					     "{\"ClientName\":\"c\",\"WriteAttributes\":[%s]}",
					     permissions[i].write_attributes)
				   : STR("{\"ClientName\":\"c\"}");
		const struct client *client;
		assert_ok(request, client_find(request, house_client(*state, pool_id, json.data), &client));
		if (permissions[i].is_allowed)
			assert_ok(request, attribute_check_writable(request, client, &list));
		else
			assert_refused(request, attribute_check_writable(request, client, &list),
				ERROR_NOT_AUTHORIZED, "A client attempted to write unauthorized attribute");
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_with),
		cmocka_unit_test(test_unverify),
		cmocka_unit_test(test_forms_of_addresses),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_longest_values),
		cmocka_unit_test(test_longest_number),
		cmocka_unit_test(test_very_long_name),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_permissions),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
