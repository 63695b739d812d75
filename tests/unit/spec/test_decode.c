/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cases.h"

#include "base/fatal.h"
#include "spec/cognito_idp.h"
#include "spec/decode.h"

/* Wire texts of AWS in short. */
#define ONE	      "1 validation error detected: "
#define AT(path)      "at '" path "' failed to satisfy constraint: Member must "
#define MISSING(path) "Value null " AT(path) "not be null"
#define OF(path, part) "at '" path "' failed to satisfy constraint: " part " must satisfy constraint: "

struct refusal {
	const char *name;
	const struct spec_type *type;
	const char *json;
	enum error_code code;
	const char *message;
};

static void check_refusal(const struct refusal *refusal)
{
	struct request *request = request_new();
	const struct jsontree *tree = jsontree_parse(request->arena, str_of(refusal->json), NULL);
	assert_case(tree, refusal->name);
	void *structure = arena_alloc(request->arena, refusal->type->size);
	assert_case(!result_is_ok(spec_decode(request, refusal->type, tree, structure)), refusal->name);
	if (!str_equal(request->message, str_of(refusal->message)))
		fail_msg("case \"%s\": got \"%.*s\"", refusal->name, STR_ARG(request->message));
	assert_case(request->error == refusal->code, refusal->name);
	request_free(&request);
}

static void names_each_broken_constraint(void **state)
{
	static const struct refusal cases[] = {
		{ "missing", &spec_type_list_user_pools_request, "{}", ERROR_INVALID_PARAMETER, ONE MISSING("maxResults") },
		{ "null", &spec_type_list_user_pools_request, "{\"MaxResults\":null}", ERROR_INVALID_PARAMETER,
			ONE MISSING("maxResults") },
		{ "missing and sensitive", &spec_type_admin_get_user_request, "{\"UserPoolId\":\"a_1\"}",
			ERROR_INVALID_PARAMETER, ONE "Value " AT("username") "not be null" },
		{ "too small", &spec_type_list_user_pools_request, "{\"MaxResults\":0}", ERROR_INVALID_PARAMETER,
			ONE "Value '0' " AT("maxResults") "have value greater than or equal to 1" },
		{ "too large", &spec_type_list_user_pools_request, "{\"MaxResults\":61}", ERROR_INVALID_PARAMETER,
			ONE "Value '61' " AT("maxResults") "have value less than or equal to 60" },
		{ "pattern", &spec_type_describe_user_pool_request, "{\"UserPoolId\":\"abc\"}",
			ERROR_INVALID_PARAMETER,
			ONE "Value 'abc' " AT("userPoolId") "satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+" },
		{ "pattern matches a part only", &spec_type_describe_user_pool_request, "{\"UserPoolId\":\"a_1 \"}",
			ERROR_INVALID_PARAMETER,
			ONE "Value 'a_1 ' " AT("userPoolId") "satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+" },
		{ "line end behind", &spec_type_describe_user_pool_request, "{\"UserPoolId\":\"a_1\\n\"}",
			ERROR_INVALID_PARAMETER,
			ONE "Value 'a_1\n' " AT("userPoolId") "satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+" },
		{ "two of one value", &spec_type_describe_user_pool_request, "{\"UserPoolId\":\"\"}",
			ERROR_INVALID_PARAMETER,
			"2 validation errors detected: Value '' " AT("userPoolId")
			"have length greater than or equal to 1; Value '' " AT("userPoolId")
			"satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+" },
		{ "two members", &spec_type_admin_get_user_request, "{}", ERROR_INVALID_PARAMETER,
			"2 validation errors detected: " MISSING("userPoolId") "; Value " AT("username") "not be null" },
		{ "enum", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"DeletionProtection\":\"active\"}",
			ERROR_INVALID_PARAMETER,
			ONE "Value 'active' " AT("deletionProtection") "satisfy enum value set: [ACTIVE, INACTIVE]" },
		{ "empty enum", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"DeletionProtection\":\"\"}",
			ERROR_INVALID_PARAMETER,
			ONE "Value '' " AT("deletionProtection") "satisfy enum value set: [ACTIVE, INACTIVE]" },
		{ "short list", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"Schema\":[]}",
			ERROR_INVALID_PARAMETER,
			ONE "Value '[]' " AT("schema") "have length greater than or equal to 1" },
		{ "inside a list", &spec_type_create_user_pool_request,
			"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"a\"},{\"Name\":\"\"}]}", ERROR_INVALID_PARAMETER,
			"2 validation errors detected: Value '' " AT("schema.2.member.name")
			"have length greater than or equal to 1; Value '' " AT("schema.2.member.name")
			"satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+" },
		{ "missing in a list", &spec_type_admin_create_user_request,
			"{\"UserPoolId\":\"a_1\",\"Username\":\"u\",\"UserAttributes\":[{\"Value\":\"v\"}]}",
			ERROR_INVALID_PARAMETER, ONE MISSING("userAttributes.1.member.name") },
		{ "null in a list", &spec_type_create_user_pool_request,
			"{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",null]}", ERROR_INVALID_PARAMETER,
			ONE MISSING("aliasAttributes.2.member") },
		{ "inside a structure", &spec_type_create_user_pool_request,
			"{\"PoolName\":\"p\",\"Policies\":{\"PasswordPolicy\":{\"MinimumLength\":5}}}",
			ERROR_INVALID_PARAMETER,
			ONE "Value '5' " AT("policies.passwordPolicy.minimumLength")
			"have value greater than or equal to 6" },
		{ "enum in a list", &spec_type_create_user_pool_request,
			"{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\",\"phone\",\"name\"]}",
			ERROR_INVALID_PARAMETER,
			ONE "Value '[email, phone, name]' " OF("usernameAttributes", "Member")
			"[Member must satisfy enum value set: [phone_number, email]]" },
		{ "text in a list", &spec_type_create_user_pool_client_request,
			"{\"UserPoolId\":\"a_1\",\"ClientName\":\"c\",\"AllowedOAuthScopes\":[\"openid\",\"\"]}",
			ERROR_INVALID_PARAMETER,
			ONE "Value '[openid, ]' " OF("allowedOAuthScopes", "Member")
			"[Member must have length less than or equal to 256, Member must have length greater than or "
			"equal to 1, Member must satisfy regular expression pattern: [\\x21\\x23-\\x5B\\x5D-\\x7E]+]" },
		{ "keys of a map", &spec_type_create_user_pool_request,
			"{\"PoolName\":\"p\",\"UserPoolTags\":{\"\":\"v\",\"k\":\"w\"}}", ERROR_INVALID_PARAMETER,
			ONE "Value '{=v, k=w}' " OF("userPoolTags", "Map keys")
			"[Member must have length less than or equal to 128, Member must have length greater than or "
			"equal to 1]" },
		{ "null in a map", &spec_type_create_user_pool_request,
			"{\"PoolName\":\"p\",\"UserPoolTags\":{\"Key\":null}}", ERROR_INVALID_PARAMETER,
			ONE MISSING("userPoolTags.Key") },
		{ "secret is not shown", &spec_type_admin_set_user_password_request,
			"{\"UserPoolId\":\"a_1\",\"Username\":\"u\",\"Password\":\"secret \"}", ERROR_INVALID_PARAMETER,
			ONE "Value " AT("password") "satisfy regular expression pattern: [\\S]+(.*[\\S]+)?" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_refusal(&cases[i]);
}

/* A value of `len` letters in the place of %s. */
static const char *with_letters(struct arena *arena, const char *format, size_t len)
{
	char *letters = arena_alloc(arena, len + 1);
	memset(letters, 'x', len);
	return arena_printf(arena, format, letters).data;
}

static void shows_no_long_values_and_names(void **state)
{
	struct arena *arena = arena_new();
	(void)state;
	const struct refusal cases[] = {
		{ "long text", &spec_type_create_user_pool_request,
			with_letters(arena, "{\"PoolName\":\"%s\"}", 201), ERROR_INVALID_PARAMETER,
			ONE "Value " AT("poolName") "have length less than or equal to 128" },
		{ "long value of a map", &spec_type_create_user_pool_request,
			with_letters(arena, "{\"PoolName\":\"p\",\"UserPoolTags\":{\"k\":\"%s\"}}", 257),
			ERROR_INVALID_PARAMETER,
			ONE "Value " OF("userPoolTags", "Map value")
			"[Member must have length less than or equal to 256, Member must have length greater than or "
			"equal to 0]" },
		{ "long key", &spec_type_create_user_pool_request,
			with_letters(arena, "{\"PoolName\":\"p\",\"UserPoolTags\":{\"%s\":null}}", 257),
			ERROR_INVALID_PARAMETER,
			"2 validation errors detected: Value " OF("userPoolTags", "Map keys")
			"[Member must have length less than or equal to 128, Member must have length greater than or "
			"equal to 1]; " MISSING("userPoolTags") },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_refusal(&cases[i]);
	arena_free(&arena);
}

static void refuses_other_kinds_at_once(void **state)
{
	static const struct refusal cases[] = {
		{ "list", &spec_type_list_user_pools_request, "[]", ERROR_SERIALIZATION,
			"Start of list found where not expected." },
		{ "number", &spec_type_list_user_pools_request, "1", ERROR_SERIALIZATION,
			"Unexpected token NUMBER_VALUE found where a structure was expected." },
		{ "text for integer", &spec_type_list_user_pools_request, "{\"MaxResults\":\"1\"}", ERROR_SERIALIZATION,
			"STRING_VALUE can not be converted to an Integer" },
		{ "real for integer", &spec_type_list_user_pools_request, "{\"MaxResults\":1.0}", ERROR_SERIALIZATION,
			"DECIMAL_VALUE can not be converted to an Integer" },
		{ "past 32 bits", &spec_type_list_user_pools_request, "{\"MaxResults\":2147483648}", ERROR_SERIALIZATION,
			"NUMBER_VALUE is out of the range of an Integer" },
		{ "integer for text", &spec_type_create_user_pool_request, "{\"PoolName\":1}", ERROR_SERIALIZATION,
			"NUMBER_VALUE can not be converted to a String" },
		{ "boolean for text", &spec_type_create_user_pool_request, "{\"PoolName\":true}", ERROR_SERIALIZATION,
			"BOOLEAN_VALUE can not be converted to a String" },
		{ "structure for text", &spec_type_create_user_pool_request, "{\"PoolName\":{}}", ERROR_SERIALIZATION,
			"Start of structure or map found where not expected." },
		{ "text for list", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"Schema\":\"s\"}",
			ERROR_SERIALIZATION, "Unexpected token STRING_VALUE found where a list was expected." },
		{ "text for structure", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"Policies\":\"s\"}",
			ERROR_SERIALIZATION, "Unexpected token STRING_VALUE found where a structure was expected." },
		{ "text for map", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"UserPoolTags\":\"s\"}",
			ERROR_SERIALIZATION, "Unexpected token STRING_VALUE found where a map was expected." },
		{ "number in a map", &spec_type_create_user_pool_request, "{\"PoolName\":\"p\",\"UserPoolTags\":{\"a\":1}}",
			ERROR_SERIALIZATION, "NUMBER_VALUE can not be converted to a String" },
		{ "text for boolean", &spec_type_admin_set_user_password_request,
			"{\"UserPoolId\":\"a_1\",\"Username\":\"u\",\"Password\":\"p\",\"Permanent\":\"true\"}",
			ERROR_SERIALIZATION, "STRING_VALUE can not be converted to a Boolean" },
		{ "text for timestamp", &spec_type_user_type, "{\"UserCreateDate\":\"2026\"}", ERROR_SERIALIZATION,
			"STRING_VALUE can not be converted to a Timestamp" },
		{ "date past all calendars", &spec_type_user_type, "{\"UserCreateDate\":1e300}", ERROR_SERIALIZATION,
			"NUMBER_VALUE is out of the range of a Timestamp" },
		{ "kind before constraint", &spec_type_create_user_pool_request, "{\"PoolName\":\"\",\"Schema\":1}",
			ERROR_SERIALIZATION, "Unexpected token NUMBER_VALUE found where a list was expected." },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_refusal(&cases[i]);
}

static const struct jsontree *parse(struct request *request, const char *json)
{
	const struct jsontree *tree = jsontree_parse(request->arena, str_of(json), NULL);
	assert_non_null(tree);
	return tree;
}

static void fills_the_struct(void **state)
{
	struct create_user_pool_request pool = { 0 };
	(void)state;
	struct request *request = request_new();
	const struct jsontree *tree = parse(request,
		"{\"PoolName\":\"p\",\"Policies\":{\"PasswordPolicy\":{\"MinimumLength\":8,\"RequireNumbers\":true}},"
		"\"MfaConfiguration\":\"OPTIONAL\",\"AliasAttributes\":[\"email\",\"phone_number\"],"
		"\"Schema\":[{\"Name\":\"color\",\"Mutable\":false}],\"UserPoolTags\":{\"k\":\"v\",\"l\":\"\"},"
		"\"LambdaConfig\":null,\"NoSuchMember\":{\"x\":[1]}}");
	assert_true(result_is_ok(spec_decode(request, &spec_type_create_user_pool_request, tree, &pool)));
	assert_str_equal(pool.pool_name, STR("p"));
	assert_int_equal(pool.policies->password_policy->minimum_length.value, 8);
	assert_true(pool.policies->password_policy->require_numbers.value);
	assert_false(pool.policies->password_policy->require_symbols.set);
	assert_int_equal(pool.mfa_configuration, USER_POOL_MFA_TYPE_OPTIONAL);
	assert_int_equal(pool.alias_attributes.count, 2);
	assert_int_equal(pool.alias_attributes.items[1], ALIAS_ATTRIBUTE_TYPE_PHONE_NUMBER);
	assert_str_equal(pool.schema.items[0].name, STR("color"));
	assert_true(pool.schema.items[0].mutable.set);
	assert_str_equal(pool.user_pool_tags.items[1].name, STR("l"));
	assert_true(str_is_set(pool.user_pool_tags.items[1].value));
	assert_null(pool.lambda_config);
	assert_null(pool.username_attributes.items);
	request_free(&request);
}

static void reads_dates_to_the_millisecond(void **state)
{
	static const struct {
		const char *json;
		int64_t milliseconds;
	} cases[] = {
		{ "{\"UserCreateDate\":0}", 0 },
		{ "{\"UserCreateDate\":1763985600}", 1763985600000 },
		{ "{\"UserCreateDate\":1763985600.123}", 1763985600123 },
		{ "{\"UserCreateDate\":-1.5}", -1500 },
		{ "{\"UserCreateDate\":1.7639856E9}", 1763985600000 },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct user_type user = { 0 };
		struct request *request = request_new();
		assert_case(result_is_ok(spec_decode(request, &spec_type_user_type, parse(request, cases[i].json), &user)),
			cases[i].json);
		assert_case(user.user_create_date.value == cases[i].milliseconds, cases[i].json);
		request_free(&request);
	}
}

/* No operation has a blob yet. */
struct envelope {
	str seal;
};
static const struct spec_type seal_type = {
	.name = "SealType", .kind = SPEC_BLOB, .size = sizeof(str), .max = { true, 3 },
};
static const struct spec_field envelope_fields[] = {
	{ .name = STR_INIT("Seal"), .type = &seal_type, .offset = SPEC_OFFSET(struct envelope, seal, str) },
};
static const struct spec_type envelope_type = {
	.name = "Envelope", .kind = SPEC_STRUCTURE, .size = sizeof(struct envelope), .fields = envelope_fields,
	.field_count = 1,
};

static void reads_blobs_from_base64(void **state)
{
	static const struct refusal refusals[] = {
		{ "four bytes", &envelope_type, "{\"Seal\":\"AAECAw==\"}", ERROR_INVALID_PARAMETER,
			ONE "Value " AT("seal") "have length less than or equal to 3" },
		{ "no base64", &envelope_type, "{\"Seal\":\"A\"}", ERROR_SERIALIZATION,
			"Invalid base64 data found where a Blob was expected." },
		{ "number", &envelope_type, "{\"Seal\":1}", ERROR_SERIALIZATION,
			"NUMBER_VALUE can not be converted to a Blob" },
	};
	struct envelope envelope = { 0 };
	(void)state;
	struct request *request = request_new();
	const struct jsontree *tree = parse(request, "{\"Seal\":\"AAEC\"}");
	assert_true(result_is_ok(spec_decode(request, &envelope_type, tree, &envelope)));
	assert_str_equal(envelope.seal, ((str){ "\0\1\2", 3 }));
	request_free(&request);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		check_refusal(&refusals[i]);
}

/* No operation has limits yet inside of what is sensitive. */
struct vault {
	struct spec_list drawers;
	struct str_map labels;
	str note;
};
static const struct spec_type short_type = {
	.name = "ShortType", .kind = SPEC_STRING, .size = sizeof(str), .max = { true, 3 },
};
static const struct spec_type drawers_type = {
	.name = "DrawersType", .kind = SPEC_LIST, .size = sizeof(struct spec_list), .element = &short_type,
};
static const struct spec_type labels_type = {
	.name = "LabelsType", .kind = SPEC_MAP, .size = sizeof(struct str_map), .key = &short_type,
	.element = &short_type,
};
static const struct spec_field vault_fields[] = {
	{ .name = STR_INIT("Drawers"), .type = &drawers_type,
		.offset = SPEC_OFFSET(struct vault, drawers, struct spec_list) },
	{ .name = STR_INIT("Labels"), .type = &labels_type, .offset = SPEC_OFFSET(struct vault, labels, struct str_map) },
	{ .name = STR_INIT("Note"), .type = &short_type, .offset = SPEC_OFFSET(struct vault, note, str),
		.required = true },
};
static const struct spec_type vault_type = {
	.name = "Vault", .kind = SPEC_STRUCTURE, .size = sizeof(struct vault), .is_sensitive = true,
	.fields = vault_fields, .field_count = ARRAY_LEN(vault_fields),
};
struct house {
	struct vault *vault;
	str street;
};
static const struct spec_field house_fields[] = {
	{ .name = STR_INIT("Vault"), .type = &vault_type, .offset = SPEC_OFFSET(struct house, vault, struct vault *) },
	{ .name = STR_INIT("Street"), .type = &short_type, .offset = SPEC_OFFSET(struct house, street, str) },
};
static const struct spec_type house_type = {
	.name = "House", .kind = SPEC_STRUCTURE, .size = sizeof(struct house), .fields = house_fields,
	.field_count = ARRAY_LEN(house_fields),
};

static void shows_nothing_inside_of_what_is_sensitive(void **state)
{
#define SHORT	 "[Member must have length less than or equal to 3]"
#define TOO_LONG "have length less than or equal to 3"
	static const struct refusal cases[] = {
		{ "text", &house_type, "{\"Vault\":{\"Note\":\"gold\"},\"Street\":\"Elm St\"}", ERROR_INVALID_PARAMETER,
			"2 validation errors detected: Value " AT("vault.note") TOO_LONG
			"; Value 'Elm St' " AT("street") TOO_LONG },
		{ "missing", &house_type, "{\"Vault\":{}}", ERROR_INVALID_PARAMETER,
			ONE "Value " AT("vault.note") "not be null" },
		{ "list", &house_type, "{\"Vault\":{\"Note\":\"\",\"Drawers\":[\"gold\"]}}", ERROR_INVALID_PARAMETER,
			ONE "Value " OF("vault.drawers", "Member") SHORT },
		{ "map", &house_type, "{\"Vault\":{\"Note\":\"\",\"Labels\":{\"gold\":\"\"}}}", ERROR_INVALID_PARAMETER,
			ONE "Value " OF("vault.labels", "Map keys") SHORT },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_refusal(&cases[i]);
}

static void counts_characters_not_bytes(void **state)
{
	static const char *const cases[] = { "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char json[1024] = "{\"UserPoolId\":\"a_1\",\"Username\":\"";
		struct request *request = request_new();
		struct admin_get_user_request input = { 0 };
		for (int k = 0; k < 128; k++)
			strcat(json, cases[i]);
		strcat(json, "\"}");
		assert_case(result_is_ok(spec_decode(request, &spec_type_admin_get_user_request,
				    parse(request, json), &input)), cases[i]);
		strcpy(json + strlen(json) - 2, cases[i]);
		strcat(json, "\"}");
		assert_case(!result_is_ok(spec_decode(request, &spec_type_admin_get_user_request,
				    parse(request, json), &input)), cases[i]);
		request_free(&request);
	}
}

static void trusts_stored_documents(void **state)
{
	struct create_user_pool_request pool = { 0 };
	(void)state;
	struct request *request = request_new();
	assert_true(result_is_ok(spec_decode_stored(request, request->arena, &spec_type_create_user_pool_request,
		STR("{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"custom:a-name-of-more-than-twenty-characters\"}]}"), &pool)));
	assert_str_equal(pool.schema.items[0].name, STR("custom:a-name-of-more-than-twenty-characters"));
	static const char *const broken[] = { "", "{", "[]", "{\"PoolName\":1}", "{\"PoolName\":\"p\",\"Schema\":{}}" };
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		assert_case(!result_is_ok(spec_decode_stored(request, request->arena,
				    &spec_type_create_user_pool_request, str_of(broken[i]), &pool)), broken[i]);
		assert_case(request->error == ERROR_INTERNAL, broken[i]);
	}
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_each_broken_constraint),
		cmocka_unit_test(shows_no_long_values_and_names),
		cmocka_unit_test(shows_nothing_inside_of_what_is_sensitive),
		cmocka_unit_test(refuses_other_kinds_at_once),
		cmocka_unit_test(fills_the_struct),
		cmocka_unit_test(reads_dates_to_the_millisecond),
		cmocka_unit_test(reads_blobs_from_base64),
		cmocka_unit_test(counts_characters_not_bytes),
		cmocka_unit_test(trusts_stored_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
