/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/user_admin.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "unit/userpool/mailbox.h"
#include "userpool/password.h"
#include "userpool/pool.h"

#define NOW       INT64_C(1738659903123)
#define UNKNOWN   "User does not exist."
#define NO_POOL   "User pool x does not exist."
#define EXISTS    "User account already exists"
#define TOO_SHORT "Password did not conform with policy: Password not long enough"

enum { PLAIN, ALIASES, ADDRESS, FOLDING, POOLS };

static const char *const pool_settings[POOLS] = {
	[PLAIN] = "{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"nickname\",\"Required\":true,\"Mutable\":true}"
		  "]}",
	[ALIASES] = "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",\"preferred_username\"]}",
	[ADDRESS] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\",\"phone_number\"]}",
	[FOLDING] = "{\"PoolName\":\"p\",\"UsernameConfiguration\":{\"CaseSensitive\":false}}",
};

static str pool_ids[POOLS];

static int set_up(void **state)
{
	house_set_up(state);
	for (size_t i = 0; i < POOLS; i++)
		pool_ids[i] = house_pool(*state, pool_settings[i]);
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

static int empty_mailbox(void **state)
{
	(void)state;
	mailbox_empty();
	return 0;
}

/* --- Calls --- */

/* With more of the request's JSON, behind pool and user name. */
static RESULT create(struct request *request, size_t pool, const char *username, const char *json,
	struct user_type *created)
{
	struct admin_create_user_request input = { .user_pool_id = STR_NONE };
	str whole = arena_printf(request->arena, "{\"UserPoolId\":\"%.*s\",\"Username\":\"%s\"%s%s}",
		STR_ARG(pool_ids[pool]), username, *json ? "," : "", json);
	house_decode(request, &spec_type_admin_create_user_request, whole.data, &input);
	return user_admin_create(request, &input, created);
}

static RESULT set_password(
	struct request *request, size_t pool, const char *username, const char *password, bool is_permanent)
{
	const struct admin_set_user_password_request input = {
		.user_pool_id = pool_ids[pool],
		.username = str_of(username),
		.password = str_of(password),
		.permanent = optional_bool(is_permanent),
	};
	return user_admin_set_password(request, &input);
}

static bool has_password(struct request *request, size_t pool, const char *username, str password)
{
	struct user user = house_find_user(request, pool_ids[pool], username);
	bool matches;
	assert_ok(request, password_matches(request, &user.password, password, &matches));
	return matches;
}

/* What stands between two texts of the last message. */
static str sent_between(const char *front, const char *back)
{
	str body = mailbox_message(0)->body;
	const char *from = strstr(body.data, front);
	assert_non_null(from);
	from += strlen(front);
	const char *to = strstr(from, back);
	assert_non_null(to);
	return (str){ from, (size_t)(to - from) };
}

static str sent_password(void)
{
	str text = sent_between("temporary password is ", ".");
	assert_true(str_has_suffix(mailbox_message(0)->body, STR(".")));
	return text;
}

/* --- AdminCreateUser --- */

#define ATTRIBUTES(list)       "\"UserAttributes\":[" list "]"
#define ATTRIBUTE(name, value) "{\"Name\":\"" name "\",\"Value\":\"" value "\"}"
#define NOWHERE                "The user has no address for any of the desired delivery mediums."
#define BY_MAIL                "\"DesiredDeliveryMediums\":[\"EMAIL\"]"

static void test_created_user(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	assert_ok(request, create(request, PLAIN, "john",
				   BY_MAIL "," ATTRIBUTES(ATTRIBUTE("email",
					   "john@example.com") "," ATTRIBUTE("email_verified", "true")),
				   &created));
	struct user user = house_find_user(request, pool_ids[PLAIN], "john");
	assert_str_equal(created.username, STR("john"));
	assert_int_equal(created.user_status, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD);
	assert_true(created.enabled.set && created.enabled.value);
	assert_int_equal(created.user_create_date.value, NOW);
	assert_int_equal(created.user_last_modified_date.value, NOW);
	assert_int_equal(created.attributes.count, 3);
	assert_str_equal(created.attributes.items[0].name, STR("sub"));
	assert_str_equal(created.attributes.items[0].value, user.id);
	assert_int_equal(user.status, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD);
	assert_int_equal(user.password.set_at, NOW);
	/* The invitation has the password, and no row has. */
	assert_int_equal(mailbox_count(), 1);
	assert_str_equal(mailbox_message(0)->recipient, STR("john@example.com"));
	assert_str_equal(sent_between("username is ", " and"), STR("john"));
	assert_true(has_password(request, PLAIN, "john", sent_password()));
	request_free(&request);
}

static void test_given_password(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	assert_ok(request, create(request, PLAIN, "gina",
				   "\"TemporaryPassword\":\"Temp0rary!\"," BY_MAIL
				   "," ATTRIBUTES(ATTRIBUTE("email", "gina@example.com")),
				   &created));
	assert_str_equal(sent_password(), STR("Temp0rary!"));
	assert_true(has_password(request, PLAIN, "gina", STR("Temp0rary!")));
	request_free(&request);
}

static const struct {
	const char *json;
	const char *recipients[3]; /* the last one sent comes first */
} media[] = {
	{ ATTRIBUTES(ATTRIBUTE("phone_number", "+15555550100") "," ATTRIBUTE("email", "m@example.com")),
		{ "+15555550100" } },
	{ BY_MAIL "," ATTRIBUTES(
		  ATTRIBUTE("phone_number", "+15555550100") "," ATTRIBUTE("email", "m@example.com")),
		{ "m@example.com" } },
	{ "\"DesiredDeliveryMediums\":[\"EMAIL\",\"SMS\"]," ATTRIBUTES(
		  ATTRIBUTE("phone_number", "+15555550100") "," ATTRIBUTE("email", "m@example.com")),
		{ "m@example.com", "+15555550100" } },
	{ "\"DesiredDeliveryMediums\":[\"EMAIL\",\"EMAIL\"]," ATTRIBUTES(ATTRIBUTE("email", "m@example.com")),
		{ "m@example.com" } },
	{ "\"DesiredDeliveryMediums\":[\"SMS\",\"EMAIL\"]," ATTRIBUTES(ATTRIBUTE("email", "m@example.com")),
		{ "m@example.com" } },
	{ ATTRIBUTES(ATTRIBUTE("email", "m@example.com")), { NULL } },
	{ "\"MessageAction\":\"SUPPRESS\"," BY_MAIL, { NULL } },
	{ "\"MessageAction\":\"SUPPRESS\"," BY_MAIL "," ATTRIBUTES(ATTRIBUTE("email", "m@example.com")),
		{ NULL } },
};

static void test_media(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(media); i++) {
		struct request *request = house_request(*state);
		struct user_type created;
		size_t sent = 0;
		str username = arena_printf(request->arena, "m-%zu", i);
		mailbox_empty();
		assert_ok(request, create(request, PLAIN, username.data, media[i].json, &created));
		for (; media[i].recipients[sent]; sent++)
			assert_str_equal(mailbox_message(sent)->recipient, str_of(media[i].recipients[sent]));
		assert_int_equal(mailbox_count(), sent);
		request_free(&request);
	}
}

/* Users are told the name that they sign in with. */
static void test_name_in_the_invitation(void **state)
{
	static const struct {
		const char *name, *json, *called;
	} cases[] = {
		{ "i1@example.com", BY_MAIL, "i1@example.com" },
		{ "+15555550101", "\"DesiredDeliveryMediums\":[\"SMS\"]", "+15555550101" },
		{ "+15555550102", BY_MAIL "," ATTRIBUTES(ATTRIBUTE("email", "i2@example.com")),
			"+15555550102" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct user_type created;
		assert_ok(request, create(request, ADDRESS, cases[i].name, cases[i].json, &created));
		assert_str_equal(created.username, created.attributes.items[0].value);
		assert_str_equal(sent_between("username is ", " and"), str_of(cases[i].called));
		request_free(&request);
	}
}

static const struct {
	size_t pool;
	const char *username, *json;
	enum error_code code;
	const char *message;
} refusals[] = {
	{ PLAIN, "taken", "", ERROR_USERNAME_EXISTS, EXISTS },
	{ FOLDING, "TAKEN", "", ERROR_USERNAME_EXISTS, EXISTS },
	{ ALIASES, "pref", "", ERROR_USERNAME_EXISTS, EXISTS },
	{ ADDRESS, "taken@example.com", "", ERROR_USERNAME_EXISTS, EXISTS },
	{ ADDRESS, "taken", "", ERROR_INVALID_PARAMETER,
		"Username should be either an email or a phone number." },
	{ ALIASES, "new@example.com", "", ERROR_INVALID_PARAMETER,
		"Username cannot be of email format, since user pool is configured for email alias." },
	{ ALIASES, "new",
		ATTRIBUTES(ATTRIBUTE("email", "taken@example.com") "," ATTRIBUTE("email_verified", "true")),
		ERROR_ALIAS_EXISTS, "An account with the given email already exists." },
	{ ALIASES, "new", ATTRIBUTES(ATTRIBUTE("preferred_username", "pref")), ERROR_ALIAS_EXISTS,
		"An account with the given preferred_username already exists." },
	{ ALIASES, "new", "\"ForceAliasCreation\":true," ATTRIBUTES(ATTRIBUTE("preferred_username", "pref")),
		ERROR_ALIAS_EXISTS, "An account with the given preferred_username already exists." },
	{ PLAIN, "new", "\"TemporaryPassword\":\"short\"", ERROR_INVALID_PASSWORD, TOO_SHORT },
	{ PLAIN, "new", ATTRIBUTES(ATTRIBUTE("shoe", "42")), ERROR_INVALID_PARAMETER,
		"Attributes did not conform to the schema: shoe: Attribute does not exist in the schema.\n" },
	{ PLAIN, "new", ATTRIBUTES(ATTRIBUTE("sub", "1")), ERROR_INVALID_PARAMETER,
		"Cannot modify the non-mutable attribute sub" },
	{ PLAIN, "new", BY_MAIL, ERROR_INVALID_PARAMETER, NOWHERE },
	{ PLAIN, "new", BY_MAIL "," ATTRIBUTES(ATTRIBUTE("phone_number", "+15555550100")),
		ERROR_INVALID_PARAMETER, NOWHERE },
	{ PLAIN, "new", ATTRIBUTES(ATTRIBUTE("email_verified", "true")), ERROR_INVALID_PARAMETER,
		"email is required when email_verified is true." },
	{ PLAIN, "new",
		ATTRIBUTES(ATTRIBUTE("email", "n@example.com") "," ATTRIBUTE("phone_number_verified", "TRUE")),
		ERROR_INVALID_PARAMETER, "phone_number is required when phone_number_verified is true." },
};

static void test_refused_creations(void **state)
{
	house_user(*state, pool_ids[PLAIN], "taken", "");
	house_user(*state, pool_ids[FOLDING], "Taken", "");
	house_user(*state, pool_ids[ADDRESS], "taken@example.com", "");
	house_user(*state, pool_ids[ALIASES], "taken",
		"email=taken@example.com,email_verified=true,preferred_username=pref");
	int before = house_count(*state, "pool_user");
	mailbox_empty();
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct request *request = house_request(*state);
		struct user_type created;
		assert_refused(request,
			create(request, refusals[i].pool, refusals[i].username, refusals[i].json, &created),
			refusals[i].code, refusals[i].message);
		request_free(&request);
	}
	assert_int_equal(house_count(*state, "pool_user"), before);
	assert_int_equal(mailbox_count(), 0);
}

static void test_forced_alias(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	house_user(*state, pool_ids[ALIASES], "former", "email=shared@example.com,email_verified=true");
	assert_ok(request, create(request, ALIASES, "latter",
				   "\"ForceAliasCreation\":true," ATTRIBUTES(ATTRIBUTE("email",
					   "shared@example.com") "," ATTRIBUTE("email_verified", "true")),
				   &created));
	assert_str_equal(
		house_find_user(request, pool_ids[ALIASES], "shared@example.com").username, STR("latter"));
	struct user loser = house_find_user(request, pool_ids[ALIASES], "former");
	assert_str_equal(user_attribute(&loser, STR("email_verified")), STR("false"));
	request_free(&request);
}

static void test_invitation_that_cannot_be_sent(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	const char *json = BY_MAIL "," ATTRIBUTES(ATTRIBUTE("email", "u@example.com"));
	mailbox_close();
	assert_refused(request, create(request, PLAIN, "unlucky", json, &created),
		ERROR_CODE_DELIVERY_FAILURE, "The message cannot be sent.");
	mailbox_empty();
	assert_ok(request, create(request, PLAIN, "unlucky", json, &created));
	request_free(&request);
}

static void create_first(const void *context)
{
	house_user(context, pool_ids[PLAIN], "rival", "");
}

static void test_race_for_a_name(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	interruption_set(create_first, *state);
	assert_refused(request, create(request, PLAIN, "rival", "", &created), ERROR_USERNAME_EXISTS, EXISTS);
	request_free(&request);
}

/* --- The same invitation again --- */

#define AGAIN "\"MessageAction\":\"RESEND\""

static void test_resend(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created, again;
	assert_ok(request, create(request, PLAIN, "rosa",
				   BY_MAIL "," ATTRIBUTES(ATTRIBUTE("email", "rosa@example.com")), &created));
	str old = arena_copy(request->arena, sent_password());
	request->now += DAY;
	assert_ok(request, create(request, PLAIN, "rosa", AGAIN "," BY_MAIL, &again));
	assert_int_equal(mailbox_count(), 2);
	assert_str_equal(mailbox_message(0)->recipient, STR("rosa@example.com"));
	assert_true(has_password(request, PLAIN, "rosa", sent_password()));
	assert_false(has_password(request, PLAIN, "rosa", old));
	assert_str_equal(again.attributes.items[0].value, created.attributes.items[0].value);
	assert_int_equal(again.user_status, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD);
	assert_int_equal(again.user_create_date.value, NOW);
	assert_int_equal(again.user_last_modified_date.value, NOW + DAY);
	/* It is valid as long as the first one was. */
	assert_int_equal(house_find_user(request, pool_ids[PLAIN], "rosa").password.set_at, NOW + DAY);
	assert_ok(request, create(request, PLAIN, "rosa",
				   AGAIN "," BY_MAIL ",\"TemporaryPassword\":\"An0ther-one!\"", &again));
	assert_str_equal(sent_password(), STR("An0ther-one!"));
	request_free(&request);
}

static void test_name_in_the_second_invitation(void **state)
{
	static const struct {
		const char *name, *json;
	} cases[] = {
		{ "r1@example.com", BY_MAIL },
		{ "+15555550201", "\"DesiredDeliveryMediums\":[\"SMS\"]" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct user_type created;
		str again = arena_printf(request->arena, AGAIN ",%s", cases[i].json);
		assert_ok(request, create(request, ADDRESS, cases[i].name, cases[i].json, &created));
		mailbox_empty();
		assert_ok(request, create(request, ADDRESS, cases[i].name, again.data, &created));
		assert_str_equal(sent_between("username is ", " and"), str_of(cases[i].name));
		request_free(&request);
	}
}

static void test_refused_resending(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	assert_refused(
		request, create(request, PLAIN, "nobody", AGAIN, &created), ERROR_USER_NOT_FOUND, UNKNOWN);
	house_user(*state, pool_ids[PLAIN], "confirmed", "");
	assert_refused(request, create(request, PLAIN, "confirmed", AGAIN, &created),
		ERROR_UNSUPPORTED_USER_STATE,
		"Resend not possible. confirmed status is not FORCE_CHANGE_PASSWORD");
	assert_true(has_password(request, PLAIN, "confirmed", STR(HOUSE_PASSWORD)));
	assert_ok(
		request, create(request, PLAIN, "rachel", "\"TemporaryPassword\":\"Temp0rary!\"", &created));
	assert_refused(request,
		create(request, PLAIN, "rachel", AGAIN ",\"TemporaryPassword\":\"short\"", &created),
		ERROR_INVALID_PASSWORD, TOO_SHORT);
	assert_true(has_password(request, PLAIN, "rachel", STR("Temp0rary!")));
	request_free(&request);
}

static void choose_first(const void *context)
{
	struct request *request = house_request(context);
	assert_ok(request, set_password(request, PLAIN, "quick", "My-0wn-one", true));
	request_free(&request);
}

/* Who has chosen a password meanwhile keeps it. */
static void test_race_with_the_user(void **state)
{
	struct request *request = house_request(*state);
	struct user_type created;
	assert_ok(request, create(request, PLAIN, "quick", "", &created));
	interruption_set(choose_first, *state);
	assert_refused(request, create(request, PLAIN, "quick", AGAIN, &created),
		ERROR_UNSUPPORTED_USER_STATE,
		"Resend not possible. quick status is not FORCE_CHANGE_PASSWORD");
	assert_true(has_password(request, PLAIN, "quick", STR("My-0wn-one")));
	assert_int_equal(mailbox_count(), 0);
	request_free(&request);
}

/* --- AdminGetUser --- */

static void test_get(void **state)
{
	str sub = house_user(
		*state, pool_ids[ALIASES], "greta", "email=greta@example.com,email_verified=true,name=G");
	const char *names[] = { "greta", "greta@example.com", sub.data };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct request *request = house_request(*state);
		struct admin_get_user_response shown = { .username = STR_NONE };
		assert_ok(request, user_admin_get(request, pool_ids[ALIASES], str_of(names[i]), &shown));
		assert_str_equal(shown.username, STR("greta"));
		assert_int_equal(shown.user_status, USER_STATUS_TYPE_CONFIRMED);
		assert_true(shown.enabled.set && shown.enabled.value);
		assert_int_equal(shown.user_create_date.value, NOW);
		assert_int_equal(shown.user_last_modified_date.value, NOW);
		assert_int_equal(shown.user_attributes.count, 4);
		assert_str_equal(shown.user_attributes.items[0].value, sub);
		assert_str_equal(shown.user_attributes.items[3].name, STR("name"));
		request_free(&request);
	}
}

static void test_disabled_user_is_shown_so(void **state)
{
	house_user(*state, pool_ids[PLAIN], "dora", "");
	house_execute(*state, "UPDATE pool_user SET enabled = 0 WHERE username = 'dora'");
	struct request *request = house_request(*state);
	struct admin_get_user_response shown = { .username = STR_NONE };
	assert_ok(request, user_admin_get(request, pool_ids[PLAIN], STR("dora"), &shown));
	assert_true(shown.enabled.set && !shown.enabled.value);
	request_free(&request);
}

/* --- AdminSetUserPassword --- */

static void test_set_password(void **state)
{
	static const struct {
		const char *status;
		bool is_permanent;
		enum user_status_type becomes;
	} cases[] = {
		{ "CONFIRMED", true, USER_STATUS_TYPE_CONFIRMED },
		{ "CONFIRMED", false, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD },
		{ "FORCE_CHANGE_PASSWORD", true, USER_STATUS_TYPE_CONFIRMED },
		{ "RESET_REQUIRED", true, USER_STATUS_TYPE_CONFIRMED },
		{ "UNCONFIRMED", true, USER_STATUS_TYPE_CONFIRMED },
		{ "UNCONFIRMED", false, USER_STATUS_TYPE_FORCE_CHANGE_PASSWORD },
	};
	house_user(*state, pool_ids[PLAIN], "pat", "");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str sql = arena_printf(request->arena,
			"UPDATE pool_user SET status = '%s' WHERE username = 'pat'", cases[i].status);
		str password = arena_printf(request->arena, "Number-%zu-one", i);
		house_execute(*state, sql.data);
		assert_ok(request, set_password(request, PLAIN, "pat", password.data, cases[i].is_permanent));
		assert_int_equal(house_find_user(request, pool_ids[PLAIN], "pat").status, cases[i].becomes);
		assert_true(has_password(request, PLAIN, "pat", password));
		request_free(&request);
	}
}

static void test_refused_passwords(void **state)
{
	house_user(*state, pool_ids[PLAIN], "paul", "");
	struct request *request = house_request(*state);
	assert_refused(request, set_password(request, PLAIN, "paul", "short", true), ERROR_INVALID_PASSWORD,
		TOO_SHORT);
	assert_refused(request, set_password(request, PLAIN, "nobody", HOUSE_PASSWORD, true),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_true(has_password(request, PLAIN, "paul", STR(HOUSE_PASSWORD)));
	request_free(&request);
}

/* Names that count once somebody is confirmed. */
static void test_password_that_confirms(void **state)
{
	for (int is_permanent = 0; is_permanent < 2; is_permanent++) {
		struct request *request = house_request(*state);
		str username = arena_printf(request->arena, "con-%d", is_permanent);
		str alias = arena_printf(request->arena, "alias-%d", is_permanent);
		str attributes = arena_printf(request->arena, "preferred_username=%.*s", STR_ARG(alias));
		house_user(*state, pool_ids[ALIASES], username.data, attributes.data);
		str sql = arena_printf(request->arena,
			"UPDATE pool_user SET status = 'UNCONFIRMED' WHERE username = '%.*s';"
			"DELETE FROM sign_in_name WHERE name_key = '%.*s'",
			STR_ARG(username), STR_ARG(alias));
		house_execute(*state, sql.data);
		assert_ok(
			request, set_password(request, ALIASES, username.data, HOUSE_PASSWORD, is_permanent));
		assert_str_equal(house_find_user(request, pool_ids[ALIASES], alias.data).username, username);
		request_free(&request);
	}
}

static void test_password_that_confirms_a_taken_alias(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_ids[ALIASES], "late", "preferred_username=wanted");
	house_execute(*state, "UPDATE pool_user SET status = 'UNCONFIRMED' WHERE username = 'late';"
			      "DELETE FROM sign_in_name WHERE name_key = 'wanted'");
	house_user(*state, pool_ids[ALIASES], "fast", "preferred_username=wanted");
	assert_refused(request, set_password(request, ALIASES, "late", "An0ther-one!", true),
		ERROR_INVALID_PARAMETER, "An account with the given preferred_username already exists.");
	assert_true(has_password(request, ALIASES, "late", STR(HOUSE_PASSWORD)));
	request_free(&request);
}

static void delete_first(const void *context)
{
	house_execute(context, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'leaver'");
}

static void test_user_leaves_meanwhile(void **state)
{
	house_user(*state, pool_ids[PLAIN], "leaver", "");
	struct request *request = house_request(*state);
	interruption_set(delete_first, *state);
	assert_refused(request, set_password(request, PLAIN, "leaver", HOUSE_PASSWORD, true),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	house_user(*state, pool_ids[PLAIN], "leaver", "");
	interruption_set(delete_first, *state);
	assert_refused(request, user_admin_delete(request, pool_ids[PLAIN], STR("leaver")),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	request_free(&request);
}

/* --- AdminDeleteUser --- */

static void test_delete(void **state)
{
	str sub =
		house_user(*state, pool_ids[ALIASES], "delia", "email=delia@example.com,email_verified=true");
	struct request *request = house_request(*state);
	struct admin_get_user_response shown = { .username = STR_NONE };
	const str names[] = { STR("delia"), STR("delia@example.com"), sub };
	assert_ok(request, user_admin_delete(request, pool_ids[ALIASES], STR("delia@example.com")));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_refused(request, user_admin_get(request, pool_ids[ALIASES], names[i], &shown),
			ERROR_USER_NOT_FOUND, UNKNOWN);
		assert_refused(request, user_admin_delete(request, pool_ids[ALIASES], names[i]),
			ERROR_USER_NOT_FOUND, UNKNOWN);
	}
	request_free(&request);
}

/* --- Pools that do not exist, users of other pools --- */

static void test_other_pools(void **state)
{
	house_user(*state, pool_ids[PLAIN], "mine", "");
	struct request *request = house_request(*state);
	const struct admin_create_user_request creation = { .user_pool_id = STR("x"),
		.username = STR("mine") };
	const struct admin_set_user_password_request password = {
		.user_pool_id = STR("x"), .username = STR("mine"), .password = STR(HOUSE_PASSWORD)
	};
	struct admin_get_user_response shown = { .username = STR_NONE };
	struct user_type created;
	assert_refused(
		request, user_admin_create(request, &creation, &created), ERROR_RESOURCE_NOT_FOUND, NO_POOL);
	assert_refused(
		request, user_admin_set_password(request, &password), ERROR_RESOURCE_NOT_FOUND, NO_POOL);
	assert_refused(request, user_admin_get(request, STR("x"), STR("mine"), &shown),
		ERROR_RESOURCE_NOT_FOUND, NO_POOL);
	assert_refused(request, user_admin_delete(request, STR("x"), STR("mine")), ERROR_RESOURCE_NOT_FOUND,
		NO_POOL);
	assert_refused(request, user_admin_get(request, pool_ids[FOLDING], STR("mine"), &shown),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_refused(request, user_admin_delete(request, pool_ids[FOLDING], STR("mine")),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_refused(request, set_password(request, FOLDING, "mine", HOUSE_PASSWORD, true),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_created_user, empty_mailbox),
		cmocka_unit_test_setup(test_given_password, empty_mailbox),
		cmocka_unit_test_setup(test_media, empty_mailbox),
		cmocka_unit_test_setup(test_name_in_the_invitation, empty_mailbox),
		cmocka_unit_test_setup(test_refused_creations, empty_mailbox),
		cmocka_unit_test_setup(test_forced_alias, empty_mailbox),
		cmocka_unit_test_setup(test_invitation_that_cannot_be_sent, empty_mailbox),
		cmocka_unit_test_setup(test_race_for_a_name, empty_mailbox),
		cmocka_unit_test_setup(test_resend, empty_mailbox),
		cmocka_unit_test_setup(test_name_in_the_second_invitation, empty_mailbox),
		cmocka_unit_test_setup(test_refused_resending, empty_mailbox),
		cmocka_unit_test_setup(test_race_with_the_user, empty_mailbox),
		cmocka_unit_test_setup(test_get, empty_mailbox),
		cmocka_unit_test_setup(test_disabled_user_is_shown_so, empty_mailbox),
		cmocka_unit_test_setup(test_set_password, empty_mailbox),
		cmocka_unit_test_setup(test_refused_passwords, empty_mailbox),
		cmocka_unit_test_setup(test_password_that_confirms, empty_mailbox),
		cmocka_unit_test_setup(test_password_that_confirms_a_taken_alias, empty_mailbox),
		cmocka_unit_test_setup(test_user_leaves_meanwhile, empty_mailbox),
		cmocka_unit_test_setup(test_delete, empty_mailbox),
		cmocka_unit_test_setup(test_other_pools, empty_mailbox),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
