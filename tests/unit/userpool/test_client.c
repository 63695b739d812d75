/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/client.h"

#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "store/statements.h"
#include "store/store.h"
#include "unit/userpool/house.h"
#include "userpool/pool.h"

/* One pool for all tests; the store starts empty. */
static str pool_id;

static int set_up(void **state)
{
	house_set_up(state);
	struct house *house = *state;
	struct request *request = house_request(house);
	struct user_pool_type created;
	assert_ok(request,
		house_create_pool(request,
			"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"email\",\"Required\":true,\"Mutable\":true},"
			"{\"Name\":\"team\",\"AttributeDataType\":\"String\",\"Mutable\":true},"
			"{\"Name\":\"rank\",\"AttributeDataType\":\"String\",\"DeveloperOnlyAttribute\":true}]}",
			&created));
	pool_id = arena_copy(house->arena, created.id);
	request_free(&request);
	return 0;
}

static void test_create(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_client_type created, described;
	const struct client *client;
	const struct user_pool *pool;
	assert_ok(request, house_create_client(request, pool_id, "{\"ClientName\":\"web\"}", &created));
	assert_int_equal(created.client_id.len, 26);
	assert_false(str_is_set(created.client_secret));
	str text = house_render(request, &spec_type_user_pool_client_type, &created);
	assert_non_null(strstr(arena_copy(request->arena, text).data,
		"\"RefreshTokenValidity\":30,\"AllowedOAuthFlowsUserPoolClient\":false,\"EnableTokenRevocation\":true,"
		"\"EnablePropagateAdditionalUserContextData\":false,\"AuthSessionValidity\":3}"));
	assert_ok(request, client_describe(request, pool_id, created.client_id, &described));
	assert_str_equal(house_render(request, &spec_type_user_pool_client_type, &described), text);

	assert_ok(request, client_find_with_pool(request, created.client_id, &client, &pool));
	assert_str_equal(pool->id, pool_id);
	assert_int_equal(client->access_token_validity, 3600 * 1000);
	assert_int_equal(client->id_token_validity, 3600 * 1000);
	assert_int_equal(client->refresh_token_validity, (int64_t)30 * 24 * 3600 * 1000);
	assert_int_equal(client->session_validity, 3 * 60 * 1000);
	assert_true(client->has_revocation);
	assert_false(client->hides_users || client->has_rotation);
	request_free(&request);
}

/* Every member comes back as it was given. */
static const char *const kept[] = {
	"\"RefreshTokenValidity\":90,\"AccessTokenValidity\":10,\"IdTokenValidity\":20,"
	"\"TokenValidityUnits\":{\"AccessToken\":\"minutes\",\"IdToken\":\"minutes\",\"RefreshToken\":\"minutes\"}",
	"\"ReadAttributes\":[\"email\",\"custom:team\",\"dev:custom:rank\"],"
	"\"WriteAttributes\":[\"email\",\"custom:team\"]",
	"\"ExplicitAuthFlows\":[\"ALLOW_USER_AUTH\",\"ALLOW_USER_SRP_AUTH\"]",
	"\"ExplicitAuthFlows\":[\"ADMIN_NO_SRP_AUTH\",\"USER_PASSWORD_AUTH\"]",
	"\"SupportedIdentityProviders\":[\"COGNITO\"],\"CallbackURLs\":[\"https://app.example.com/a\",\"app://b\"],"
	"\"LogoutURLs\":[\"http://localhost:3000/\"],\"DefaultRedirectURI\":\"app://b\","
	"\"AllowedOAuthFlows\":[\"code\",\"implicit\"],\"AllowedOAuthScopes\":[\"openid\",\"email\"],"
	"\"AllowedOAuthFlowsUserPoolClient\":true",
	"\"PreventUserExistenceErrors\":\"ENABLED\",\"EnableTokenRevocation\":false",
	"\"AuthSessionValidity\":15,\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\",\"RetryGracePeriodSeconds\":60}",
};

static void test_members_are_kept(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct request *request = house_request(*state);
		struct user_pool_client_type created;
		str json = arena_printf(request->arena, "{\"ClientName\":\"web\",%s}", kept[i]);
		assert_ok(request, house_create_client(request, pool_id, json.data, &created));
		assert_ok(request, client_describe(request, pool_id, created.client_id, &created));
		str text = house_render(request, &spec_type_user_pool_client_type, &created);
		assert_case(strstr(arena_copy(request->arena, text).data, kept[i]), kept[i]);
		request_free(&request);
	}
}

static void test_derived(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_client_type created;
	const struct client *client;
	assert_ok(request,
		house_create_client(request, pool_id,
			"{\"ClientName\":\"c\",\"AccessTokenValidity\":600,\"IdTokenValidity\":1,\"RefreshTokenValidity\":0,"
			"\"TokenValidityUnits\":{\"AccessToken\":\"seconds\",\"IdToken\":\"days\",\"RefreshToken\":\"hours\"},"
			"\"PreventUserExistenceErrors\":\"ENABLED\",\"AuthSessionValidity\":5,\"EnableTokenRevocation\":false,"
			"\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\",\"RetryGracePeriodSeconds\":10}}",
			&created));
	assert_int_equal(created.refresh_token_validity.value, 30 * 24);
	assert_ok(request, client_find(request, created.client_id, &client));
	assert_int_equal(client->access_token_validity, 600 * 1000);
	assert_int_equal(client->id_token_validity, 24 * 3600 * 1000);
	assert_int_equal(client->refresh_token_validity, (int64_t)30 * 24 * 3600 * 1000);
	assert_int_equal(client->session_validity, 5 * 60 * 1000);
	assert_int_equal(client->rotation_grace, 10 * 1000);
	assert_true(client->has_rotation && client->hides_users && !client->has_revocation);
	request_free(&request);
}

static const struct {
	const char *json; /* members of CreateUserPoolClient */
	enum error_code code;
	const char *message; /* %s stands for the pool's id */
} refused[] = {
	{ "\"AccessTokenValidity\":25", ERROR_INVALID_PARAMETER, "Invalid range for token validity." },
	{ "\"AccessTokenValidity\":299,\"TokenValidityUnits\":{\"AccessToken\":\"seconds\"}", ERROR_INVALID_PARAMETER,
		"Invalid range for token validity." },
	{ "\"IdTokenValidity\":4,\"TokenValidityUnits\":{\"IdToken\":\"minutes\"}", ERROR_INVALID_PARAMETER,
		"Invalid range for token validity." },
	{ "\"RefreshTokenValidity\":59,\"TokenValidityUnits\":{\"RefreshToken\":\"minutes\"}", ERROR_INVALID_PARAMETER,
		"Invalid range for token validity." },
	{ "\"RefreshTokenValidity\":3651", ERROR_INVALID_PARAMETER, "Invalid range for token validity." },
	{ "\"ExplicitAuthFlows\":[\"ALLOW_USER_SRP_AUTH\",\"USER_PASSWORD_AUTH\"]", ERROR_INVALID_PARAMETER,
		"ExplicitAuthFlows cannot have both legacy values and values that begin with ALLOW_." },
	{ "\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\"},\"ExplicitAuthFlows\":[\"ALLOW_REFRESH_TOKEN_AUTH\"]",
		ERROR_INVALID_PARAMETER,
		"Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH." },
	{ "\"EnablePropagateAdditionalUserContextData\":true", ERROR_INVALID_PARAMETER,
		"EnablePropagateAdditionalUserContextData needs a client with a secret." },
	{ "\"GenerateSecret\":true,\"ClientSecret\":\"abcdefghijklmnopqrstuvwxyz\"", ERROR_INVALID_PARAMETER,
		"ClientSecret cannot be given together with GenerateSecret as true." },
	{ "\"ReadAttributes\":[\"custom:nothing\"]", ERROR_INVALID_PARAMETER,
		"Invalid read attributes specified while creating a client" },
	{ "\"WriteAttributes\":[\"name\"]", ERROR_INVALID_PARAMETER,
		"Invalid write attributes specified while creating a client" },
	{ "\"WriteAttributes\":[\"email\",\"email_verified\"]", ERROR_INVALID_PARAMETER,
		"Invalid write attributes specified while creating a client" },
	{ "\"WriteAttributes\":[\"email\",\"dev:custom:rank\"]", ERROR_INVALID_PARAMETER,
		"Invalid write attributes specified while creating a client" },
	{ "\"SupportedIdentityProviders\":[\"COGNITO\",\"Google\"]", ERROR_INVALID_PARAMETER,
		"The provider Google does not exist for User Pool %s." },
	{ "\"CallbackURLs\":[\"http://app.example.com/\"]", ERROR_INVALID_PARAMETER,
		"http://app.example.com/ is not a valid redirect URI." },
	{ "\"LogoutURLs\":[\"https://app.example.com/#x\"]", ERROR_INVALID_PARAMETER,
		"https://app.example.com/#x is not a valid redirect URI." },
	{ "\"CallbackURLs\":[\"app://a\"],\"DefaultRedirectURI\":\"app://b\"", ERROR_INVALID_PARAMETER,
		"DefaultRedirectURI must be one of the CallbackURLs." },
	{ "\"AllowedOAuthFlows\":[\"code\",\"client_credentials\"],\"GenerateSecret\":true", ERROR_INVALID_OAUTH_FLOW,
		"client_credentials flow can not be selected along with code flow or implicit flow." },
	{ "\"AllowedOAuthFlows\":[\"client_credentials\"]", ERROR_INVALID_OAUTH_FLOW,
		"client_credentials flow can not be selected if client does not have a client secret." },
	{ "\"AllowedOAuthFlows\":[\"client_credentials\"],\"AllowedOAuthScopes\":[\"openid\"],\"GenerateSecret\":true",
		ERROR_INVALID_OAUTH_FLOW, "openid is not supported with client_credentials flow" },
	{ "\"AllowedOAuthFlowsUserPoolClient\":true", ERROR_INVALID_OAUTH_FLOW,
		"AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows." },
	{ "\"AllowedOAuthScopes\":[\"orders/read\"]", ERROR_SCOPE_DOES_NOT_EXIST,
		"Invalid scope requested: orders/read" },
};

static void test_refused(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct request *request = house_request(*state);
		struct user_pool_client_type created;
		str json = arena_printf(request->arena, "{\"ClientName\":\"web\",%s}", refused[i].json);
		const char *hole = strstr(refused[i].message, "%s");
		str text = str_of(refused[i].message);
		if (hole)
			text = arena_printf(request->arena, "%.*s%.*s%s", (int)(hole - text.data), text.data,
				STR_ARG(pool_id), hole + 2);
		assert_refused(request, house_create_client(request, pool_id, json.data, &created), refused[i].code,
			text.data);
		request_free(&request);
	}
}

static void test_features_of_plans(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type pool;
	struct user_pool_client_type created;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\",\"UserPoolTier\":\"LITE\"}", &pool));
	assert_refused(request,
		house_create_client(
			request, pool.id, "{\"ClientName\":\"c\",\"ExplicitAuthFlows\":[\"ALLOW_USER_AUTH\"]}", &created),
		ERROR_FEATURE_UNAVAILABLE_IN_TIER,
		"ALLOW_USER_AUTH is not available in the feature plan of this user pool.");
	request_free(&request);
}

#define ALLOW(flow) EXPLICIT_AUTH_FLOWS_TYPE_ALLOW_##flow

static const struct {
	const char *json;
	enum explicit_auth_flows_type allowed[5]; /* ends with 0 */
} flows[] = {
	{ "\"AuthSessionValidity\":3", { ALLOW(REFRESH_TOKEN_AUTH), ALLOW(USER_SRP_AUTH), ALLOW(CUSTOM_AUTH) } },
	{ "\"RefreshTokenRotation\":{\"Feature\":\"ENABLED\"}", { ALLOW(USER_SRP_AUTH), ALLOW(CUSTOM_AUTH) } },
	{ "\"ExplicitAuthFlows\":[\"ALLOW_USER_PASSWORD_AUTH\"]", { ALLOW(USER_PASSWORD_AUTH) } },
	{ "\"ExplicitAuthFlows\":[\"ADMIN_NO_SRP_AUTH\"]",
		{ ALLOW(ADMIN_USER_PASSWORD_AUTH), ALLOW(REFRESH_TOKEN_AUTH), ALLOW(USER_SRP_AUTH) } },
	{ "\"ExplicitAuthFlows\":[\"USER_PASSWORD_AUTH\"]",
		{ ALLOW(USER_PASSWORD_AUTH), ALLOW(REFRESH_TOKEN_AUTH), ALLOW(USER_SRP_AUTH) } },
	{ "\"ExplicitAuthFlows\":[\"CUSTOM_AUTH_FLOW_ONLY\"]", { ALLOW(CUSTOM_AUTH), ALLOW(REFRESH_TOKEN_AUTH) } },
};

static bool is_expected(size_t row, enum explicit_auth_flows_type flow)
{
	for (size_t i = 0; flows[row].allowed[i]; i++)
		if (flows[row].allowed[i] == flow)
			return true;
	return false;
}

static void test_flows(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
		struct request *request = house_request(*state);
		struct user_pool_client_type created;
		const struct client *client;
		str json = arena_printf(request->arena, "{\"ClientName\":\"web\",%s}", flows[i].json);
		assert_ok(request, house_create_client(request, pool_id, json.data, &created));
		assert_ok(request, client_find(request, created.client_id, &client));
		for (enum explicit_auth_flows_type flow = ALLOW(ADMIN_USER_PASSWORD_AUTH); flow <= ALLOW(USER_AUTH); flow++)
			assert_case(client_allows_flow(client, flow) == is_expected(i, flow), flows[i].json);
		request_free(&request);
	}
}

static void test_attributes(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_client_type open, narrow;
	const struct client *client;
	assert_ok(request, house_create_client(request, pool_id, "{\"ClientName\":\"c\"}", &open));
	assert_ok(request,
		house_create_client(request, pool_id,
			"{\"ClientName\":\"c\",\"ReadAttributes\":[\"name\",\"dev:custom:rank\"],"
			"\"WriteAttributes\":[\"email\"]}",
			&narrow));
	assert_ok(request, client_find(request, open.client_id, &client));
	assert_true(client_may_read(client, STR("custom:team")) && client_may_write(client, STR("email")));
	assert_false(client_may_read(client, STR("dev:custom:rank")) || client_may_write(client, STR("dev:custom:rank")));
	assert_ok(request, client_find(request, narrow.client_id, &client));
	assert_true(client_may_read(client, STR("name")) && client_may_read(client, STR("dev:custom:rank")));
	assert_true(client_may_read(client, STR("sub")) && client_may_write(client, STR("email")));
	assert_false(client_may_read(client, STR("email")) || client_may_write(client, STR("name")));
	request_free(&request);
}

static str secret_hash(struct request *request, str secret, const char *username, str client_id)
{
	str text = arena_printf(request->arena, "%s%.*s", username, STR_ARG(client_id));
	struct digest digest = digest_hmac_sha256(secret, text);
	return base64_encode(request->arena, digest_str(&digest));
}

static void test_secret(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_client_type created, described;
	const struct client *client;
	assert_ok(request,
		house_create_client(request, pool_id, "{\"ClientName\":\"c\",\"GenerateSecret\":true}", &created));
	assert_int_equal(created.client_secret.len, 52);
	assert_ok(request, client_describe(request, pool_id, created.client_id, &described));
	assert_str_equal(described.client_secret, created.client_secret);
	assert_ok(request, client_find(request, created.client_id, &client));
	assert_false(str_is_set(client->settings.client_secret));

	str right = secret_hash(request, created.client_secret, "jane", client->id);
	assert_ok(request, client_check_secret_hash(request, client, STR("jane"), right));
	str wrong = arena_printf(
		request->arena, "Unable to verify secret hash for client %.*s", STR_ARG(created.client_id));
	assert_refused(request, client_check_secret_hash(request, client, STR("john"), right), ERROR_NOT_AUTHORIZED,
		wrong.data);
	assert_refused(request, client_check_secret_hash(request, client, STR("jane"), STR("?")), ERROR_NOT_AUTHORIZED,
		wrong.data);
	assert_refused(request, client_check_secret_hash(request, client, STR("jane"), STR("")), ERROR_NOT_AUTHORIZED,
		wrong.data);
	str missing = arena_printf(request->arena,
		"Client %.*s is configured with secret but SECRET_HASH was not received", STR_ARG(created.client_id));
	assert_refused(request, client_check_secret_hash(request, client, STR("jane"), STR_NONE), ERROR_NOT_AUTHORIZED,
		missing.data);

	assert_ok(request, client_check_secret(request, client, created.client_secret));
	assert_false(result_is_ok(client_check_secret(request, client, STR("x"))));
	assert_false(result_is_ok(client_check_secret(request, client, STR_NONE)));
	request_free(&request);
}

static void test_own_secret_and_none(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_client_type own, none;
	const struct client *client;
	str secret = STR("abcdefghijklmnopqrstuvwx_24");
	assert_ok(request,
		house_create_client(request, pool_id,
			"{\"ClientName\":\"c\",\"ClientSecret\":\"abcdefghijklmnopqrstuvwx_24\"}", &own));
	assert_str_equal(own.client_secret, secret);
	assert_ok(request, client_find(request, own.client_id, &client));
	assert_ok(request, client_check_secret(request, client, secret));
	assert_ok(request, house_create_client(request, pool_id, "{\"ClientName\":\"c\"}", &none));
	assert_ok(request, client_find(request, none.client_id, &client));
	assert_ok(request, client_check_secret_hash(request, client, STR("jane"), STR_NONE));
	assert_ok(request, client_check_secret(request, client, STR_NONE));
	assert_false(result_is_ok(client_check_secret_hash(request, client, STR("jane"), STR("eA=="))));
	assert_false(result_is_ok(client_check_secret(request, client, secret)));
	request_free(&request);
}

static void test_update(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_client_type created, updated;
	assert_ok(request,
		house_create_client(request, pool_id,
			"{\"ClientName\":\"c\",\"GenerateSecret\":true,\"PreventUserExistenceErrors\":\"ENABLED\","
			"\"RefreshTokenValidity\":5,\"ReadAttributes\":[\"name\"]}",
			&created));
	struct update_user_pool_client_request change = {
		.user_pool_id = pool_id,
		.client_id = created.client_id,
		.auth_session_validity = optional_int(7),
	};
	assert_ok(request, client_update(request, &change, &updated));
	assert_int_equal(updated.auth_session_validity.value, 7);
	/* Back to the default. */
	assert_int_equal(updated.refresh_token_validity.value, 30);
	assert_int_equal(updated.prevent_user_existence_errors, 0);
	assert_int_equal(updated.read_attributes.count, 0);
	/* Not so. */
	assert_str_equal(updated.client_name, STR("c"));
	assert_str_equal(updated.client_secret, created.client_secret);
	assert_int_equal(updated.creation_date.value, created.creation_date.value);

	change.write_attributes = (struct str_list){ (str[]){ STR("name") }, 1 };
	assert_refused(request, client_update(request, &change, &updated), ERROR_INVALID_PARAMETER,
		"Invalid write attributes specified while updating a client");
	request_free(&request);
}

static void test_unknown(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type other;
	struct user_pool_client_type created;
	const struct client *client;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &other));
	assert_ok(request, house_create_client(request, pool_id, "{\"ClientName\":\"c\"}", &created));
	str text = arena_printf(
		request->arena, "User pool client %.*s does not exist.", STR_ARG(created.client_id));
	assert_refused(request, client_find(request, STR("nobody"), &client), ERROR_RESOURCE_NOT_FOUND,
		"User pool client nobody does not exist.");
	assert_refused(request, client_find_in_pool(request, other.id, created.client_id, &client),
		ERROR_RESOURCE_NOT_FOUND, text.data);
	assert_refused(request, client_delete(request, other.id, created.client_id), ERROR_RESOURCE_NOT_FOUND,
		text.data);
	assert_refused(request, client_delete(request, STR("us-east-1_x"), created.client_id),
		ERROR_RESOURCE_NOT_FOUND, "User pool us-east-1_x does not exist.");
	assert_ok(request, client_delete(request, pool_id, created.client_id));
	assert_refused(request, client_find(request, created.client_id, &client), ERROR_RESOURCE_NOT_FOUND, text.data);
	request_free(&request);
}

static void test_pool_takes_its_clients_along(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type pool;
	struct user_pool_client_type created;
	const struct client *client;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &pool));
	assert_ok(request,
		house_create_client(request, pool.id, "{\"ClientName\":\"c\",\"GenerateSecret\":true}", &created));
	assert_ok(request, pool_delete(request, pool.id));
	assert_false(result_is_ok(client_find(request, created.client_id, &client)));
	assert_int_equal(request->error, ERROR_RESOURCE_NOT_FOUND);
	request_free(&request);
}

static RESULT insert_thousand(struct request *request, void *context)
{
	const str *pool = context;
	for (int i = 0; i < 1000; i++)
		TRY(store_user_pool_client_insert(request,
			&(struct store_user_pool_client_insert_in){ .id = arena_printf(request->arena, "client%d", i),
				.pool_id = *pool,
				.name = STR("c"),
				.settings = STR("{}"),
				.now = request->now },
			NULL));
	return OK;
}

static void test_limit(void **state)
{
	struct request *request = house_request(*state);
	struct user_pool_type pool;
	struct user_pool_client_type created;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &pool));
	assert_ok(request, store_write(request, insert_thousand, &pool.id));
	assert_refused(request, house_create_client(request, pool.id, "{\"ClientName\":\"c\"}", &created),
		ERROR_LIMIT_EXCEEDED, "A user pool can have at most 1000 clients.");
	assert_ok(request, house_create_client(request, pool_id, "{\"ClientName\":\"c\"}", &created));
	request_free(&request);
}

static void test_list(void **state)
{
	enum { CLIENTS = 5, PAGE = 2 };
	struct request *request = house_request(*state);
	struct user_pool_type pool;
	struct user_pool_client_type created;
	str token = STR_NONE;
	size_t seen = 0, pages = 0;
	assert_ok(request, house_create_pool(request, "{\"PoolName\":\"p\"}", &pool));
	for (int i = 0; i < CLIENTS; i++)
		assert_ok(request, house_create_client(request, pool.id, "{\"ClientName\":\"c\"}", &created));
	do {
		struct user_pool_client_description_list page = { 0 };
		str next = STR_NONE;
		assert_ok(request, client_list(request, pool.id, PAGE, token, &page, &next));
		for (size_t i = 0; i < page.count; i++)
			assert_str_equal(page.items[i].user_pool_id, pool.id);
		seen += page.count;
		pages++;
		/* A token is good for its own list only. */
		if (pages == 1)
			assert_refused(request, client_list(request, pool_id, PAGE, next, &page, &token),
				ERROR_INVALID_PARAMETER, "Invalid pagination token.");
		token = next;
	} while (str_is_set(token));
	assert_int_equal(seen, CLIENTS);
	assert_int_equal(pages, 3);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_members_are_kept),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_features_of_plans),
		cmocka_unit_test(test_flows),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_own_secret_and_none),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_pool_takes_its_clients_along),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_list),
	};
	return cmocka_run_group_tests(tests, set_up, house_tear_down);
}
