/* SPDX-License-Identifier: Apache-2.0 */
#include "userpool/sign_up.h"

#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "unit/userpool/house.h"
#include "unit/userpool/interruption.h"
#include "unit/userpool/mailbox.h"
#include "userpool/client.h"
#include "userpool/pool.h"

#define NOW      INT64_C(1738659903123)
#define MISMATCH "Invalid verification code provided, please try again."
#define EXPIRED  "Invalid code provided, please request a code again."
#define LIMIT    "Attempt limit exceeded, please try after some time."
#define UNKNOWN  "User does not exist."
#define DONE     "User cannot be confirmed. Current status is CONFIRMED"

enum { PLAIN, EMAIL, PHONE, EITHER, ADDRESS, ALIASES, FOLDING, CLOSED, STRICT, POOLS };

static const char *const pool_settings[POOLS] = {
	[PLAIN] = "{\"PoolName\":\"p\"}",
	[EMAIL] = "{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"email\"]}",
	[PHONE] = "{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"phone_number\"]}",
	[EITHER] = "{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"email\",\"phone_number\"]}",
	[ADDRESS] = "{\"PoolName\":\"p\",\"UsernameAttributes\":[\"email\"],\"AutoVerifiedAttributes\":["
		    "\"email\"]}",
	[ALIASES] = "{\"PoolName\":\"p\",\"AliasAttributes\":[\"email\",\"preferred_username\"],"
		    "\"AutoVerifiedAttributes\":[\"email\"]}",
	[FOLDING] = "{\"PoolName\":\"p\",\"AutoVerifiedAttributes\":[\"email\"],"
		    "\"UsernameConfiguration\":{\"CaseSensitive\":false}}",
	[CLOSED] = "{\"PoolName\":\"p\",\"AdminCreateUserConfig\":{\"AllowAdminCreateUserOnly\":true}}",
	[STRICT] =
		"{\"PoolName\":\"p\",\"Schema\":[{\"Name\":\"email\",\"Required\":true,\"Mutable\":true}]}",
};

static str pool_ids[POOLS], client_ids[POOLS], hiding_ids[POOLS];
static str secret_id, writing_id;

static int set_up(void **state)
{
	house_set_up(state);
	for (size_t i = 0; i < POOLS; i++) {
		pool_ids[i] = house_pool(*state, pool_settings[i]);
		client_ids[i] = house_client(*state, pool_ids[i], "{\"ClientName\":\"c\"}");
		hiding_ids[i] = house_client(*state, pool_ids[i],
			"{\"ClientName\":\"c\",\"PreventUserExistenceErrors\":\"ENABLED\"}");
	}
	secret_id = house_client(*state, pool_ids[EMAIL],
		"{\"ClientName\":\"c\",\"ClientSecret\":\"abcdefghijklmnopqrstuvwxyz\"}");
	writing_id = house_client(
		*state, pool_ids[EMAIL], "{\"ClientName\":\"c\",\"WriteAttributes\":[\"email\"]}");
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

static RESULT register_with(struct request *request, str with_client, const char *username,
	const char *password, const char *attributes, struct sign_up_response *output)
{
	const struct sign_up_request input = {
		.client_id = with_client,
		.username = str_of(username),
		.password = str_of(password),
		.user_attributes = house_attributes(request, attributes),
	};
	*output = (struct sign_up_response){ .user_sub = STR_NONE };
	return sign_up(request, &input, output);
}

static RESULT enrol(struct request *request, size_t pool, const char *username, const char *attributes)
{
	struct sign_up_response output;
	return register_with(request, client_ids[pool], username, HOUSE_PASSWORD, attributes, &output);
}

/* The code that was sent. */
static str enrolled(struct request *request, size_t pool, const char *username, const char *attributes)
{
	assert_ok(request, enrol(request, pool, username, attributes));
	return arena_copy(request->arena, mailbox_code());
}

static RESULT confirm_with(
	struct request *request, str with_client, const char *username, str code, bool forces)
{
	const struct confirm_sign_up_request input = {
		.client_id = with_client,
		.username = str_of(username),
		.confirmation_code = code,
		.force_alias_creation = optional_bool(forces),
	};
	return sign_up_confirm(request, &input);
}

static RESULT confirm(struct request *request, size_t pool, const char *username, str code)
{
	return confirm_with(request, client_ids[pool], username, code, false);
}

static RESULT resend(struct request *request, str with_client, const char *username,
	struct code_delivery_details_type **details)
{
	const struct resend_confirmation_code_request input = {
		.client_id = with_client,
		.username = str_of(username),
	};
	return sign_up_resend(request, &input, details);
}

static str other_code(struct request *request, str code)
{
	str other = arena_copy(request->arena, code);
	((char *)other.data)[5] = code.data[5] == '0' ? '1' : '0';
	return other;
}

/* --- SignUp --- */

static const struct {
	size_t pool;
	const char *username, *attributes;
	const char *code_attribute, *recipient, *mask; /* NULL: no code */
} sign_ups[] = {
	{ PLAIN, "u1", "", NULL, NULL, NULL },
	{ PLAIN, "u2", "email=u2@example.com", NULL, NULL, NULL },
	{ EMAIL, "u3", "email=u3@example.com,phone_number=+15555550103", "email", "u3@example.com",
		"u***@e***" },
	{ EMAIL, "u4", "phone_number=+15555550104", NULL, NULL, NULL },
	{ PHONE, "u5", "email=u5@example.com,phone_number=+15555550105", "phone_number", "+15555550105",
		"+*******0105" },
	{ EITHER, "u6", "email=u6@example.com,phone_number=+15555550106", "phone_number", "+15555550106",
		"+*******0106" },
	{ EITHER, "u7", "email=u7@example.com", "email", "u7@example.com", "u***@e***" },
	{ ADDRESS, "u8@example.com", "", "email", "u8@example.com", "u***@e***" },
	{ STRICT, "u9", "email=u9@example.com", NULL, NULL, NULL },
};

static void check_delivery(size_t row, const struct code_delivery_details_type *details)
{
	bool is_mail = strchr(sign_ups[row].recipient, '@');
	assert_int_equal(mailbox_count(), 1);
	assert_str_equal(mailbox_message(0)->recipient, str_of(sign_ups[row].recipient));
	assert_int_equal(mailbox_message(0)->medium, is_mail ? OUTBOX_EMAIL : OUTBOX_SMS);
	assert_str_equal(mailbox_message(0)->pool_id, pool_ids[sign_ups[row].pool]);
	assert_non_null(details);
	assert_str_equal(details->attribute_name, str_of(sign_ups[row].code_attribute));
	assert_str_equal(details->destination, str_of(sign_ups[row].mask));
	assert_int_equal(
		details->delivery_medium, is_mail ? DELIVERY_MEDIUM_TYPE_EMAIL : DELIVERY_MEDIUM_TYPE_SMS);
}

static void test_sign_up(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(sign_ups); i++) {
		struct request *request = house_request(*state);
		struct sign_up_response output;
		size_t pool = sign_ups[i].pool;
		mailbox_empty();
		assert_ok(request, register_with(request, client_ids[pool], sign_ups[i].username,
					   HOUSE_PASSWORD, sign_ups[i].attributes, &output));
		assert_true(output.user_confirmed.set && !output.user_confirmed.value);
		struct user user = house_find_user(request, pool_ids[pool], sign_ups[i].username);
		assert_str_equal(output.user_sub, user.id);
		assert_int_equal(user.status, USER_STATUS_TYPE_UNCONFIRMED);
		assert_true(str_is_set(user.password.phc));
		if (sign_ups[i].recipient) {
			check_delivery(i, output.code_delivery_details);
		} else {
			assert_null(output.code_delivery_details);
			assert_int_equal(mailbox_count(), 0);
		}
		request_free(&request);
	}
}

static const struct {
	size_t pool;
	const char *username, *password, *attributes;
	enum error_code code;
	const char *message;
} refusals[] = {
	{ CLOSED, "jane", HOUSE_PASSWORD, "", ERROR_NOT_AUTHORIZED,
		"SignUp is not permitted for this user pool" },
	{ EMAIL, "jane", HOUSE_PASSWORD, "email_verified=true", ERROR_NOT_AUTHORIZED,
		"A client attempted to write unauthorized attribute" },
	{ EMAIL, "jane", HOUSE_PASSWORD, "sub=1", ERROR_NOT_AUTHORIZED,
		"A client attempted to write unauthorized attribute" },
	{ EMAIL, "jane", HOUSE_PASSWORD, "email=jane", ERROR_INVALID_PARAMETER,
		"Invalid email address format." },
	{ EMAIL, "jane", NULL, "", ERROR_INVALID_PARAMETER, "Missing required parameter Password" },
	{ EMAIL, "jane", "", "", ERROR_INVALID_PASSWORD,
		"Password did not conform with policy: Password not long enough" },
	{ EMAIL, "jane", "password1!", "", ERROR_INVALID_PASSWORD,
		"Password did not conform with policy: Password must have uppercase characters" },
	{ STRICT, "jane", HOUSE_PASSWORD, "name=Jane", ERROR_INVALID_PARAMETER,
		"Attributes did not conform to the schema: email: The attribute is required\n" },
	{ ADDRESS, "jane", HOUSE_PASSWORD, "", ERROR_INVALID_PARAMETER, "Username should be an email." },
	{ ALIASES, "jane@example.com", HOUSE_PASSWORD, "", ERROR_INVALID_PARAMETER,
		"Username cannot be of email format, since user pool is configured for email alias." },
};

static void test_refused_sign_ups(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct request *request = house_request(*state);
		struct sign_up_response output;
		str rows = arena_printf(request->arena, "pool_user WHERE pool_id = '%.*s'",
			STR_ARG(pool_ids[refusals[i].pool]));
		int before = house_count(*state, rows.data);
		assert_refused(request,
			register_with(request, client_ids[refusals[i].pool], refusals[i].username,
				refusals[i].password, refusals[i].attributes, &output),
			refusals[i].code, refusals[i].message);
		assert_int_equal(house_count(*state, rows.data), before);
		assert_int_equal(mailbox_count(), 0);
		request_free(&request);
	}
}

static void test_client_that_may_not_write(void **state)
{
	struct request *request = house_request(*state);
	struct sign_up_response output;
	assert_refused(request,
		register_with(
			request, writing_id, "w", HOUSE_PASSWORD, "email=w@example.com,name=W", &output),
		ERROR_NOT_AUTHORIZED, "A client attempted to write unauthorized attribute");
	assert_ok(request,
		register_with(request, writing_id, "w", HOUSE_PASSWORD, "email=w@example.com", &output));
	request_free(&request);
}

/* Also where a client hides who exists: people choose names here. */
static void test_taken_names(void **state)
{
	struct request *request = house_request(*state);
	struct sign_up_response output;
	const char *message = "User already exists";
	str sub = house_user(*state, pool_ids[FOLDING], "Tara", "");
	assert_refused(request, enrol(request, FOLDING, "Tara", ""), ERROR_USERNAME_EXISTS, message);
	assert_refused(request, enrol(request, FOLDING, "tARA", ""), ERROR_USERNAME_EXISTS, message);
	assert_refused(request, enrol(request, FOLDING, sub.data, ""), ERROR_USERNAME_EXISTS, message);
	assert_refused(request,
		register_with(request, hiding_ids[FOLDING], "tara", HOUSE_PASSWORD, "", &output),
		ERROR_USERNAME_EXISTS, message);
	/* Unconfirmed ones count. */
	assert_ok(request, enrol(request, EMAIL, "tom", ""));
	assert_refused(request, enrol(request, EMAIL, "tom", ""), ERROR_USERNAME_EXISTS, message);
	assert_ok(request, enrol(request, EMAIL, "Tom", ""));
	/* An alias is a name, too. */
	house_user(*state, pool_ids[ALIASES], "tim", "preferred_username=timothy");
	assert_refused(request, enrol(request, ALIASES, "timothy", ""), ERROR_USERNAME_EXISTS, message);
	request_free(&request);
}

static void test_taken_address(void **state)
{
	struct request *request = house_request(*state);
	const char *message = "An account with the given email already exists.";
	assert_ok(request, enrol(request, ADDRESS, "taken@example.com", ""));
	assert_refused(
		request, enrol(request, ADDRESS, "taken@example.com", ""), ERROR_USERNAME_EXISTS, message);
	/* An alias that is not proven is nobody's. */
	assert_ok(request, enrol(request, ALIASES, "a1", "email=shared@example.com"));
	assert_ok(request, enrol(request, ALIASES, "a2", "email=shared@example.com"));
	request_free(&request);
}

struct rival {
	const struct house *house;
	size_t pool;
	const char *username;
};

static void sign_up_first(const void *context)
{
	const struct rival *rival = context;
	struct request *request = house_request(rival->house);
	assert_ok(request, enrol(request, rival->pool, rival->username, ""));
	request_free(&request);
}

static void test_race_for_a_name(void **state)
{
	const struct rival rivals[] = { { *state, EMAIL, "rival" },
		{ *state, ADDRESS, "rival@example.com" } };
	const char *messages[] = { "User already exists", "An account with the given email already exists." };
	for (size_t i = 0; i < ARRAY_LEN(rivals); i++) {
		struct request *request = house_request(*state);
		interruption_set(sign_up_first, &rivals[i]);
		assert_refused(request, enrol(request, rivals[i].pool, rivals[i].username, ""),
			ERROR_USERNAME_EXISTS, messages[i]);
		request_free(&request);
	}
}

/* Nobody is left behind to whom no code can be sent. */
static void test_code_that_cannot_be_sent(void **state)
{
	struct request *request = house_request(*state);
	mailbox_close();
	assert_refused(request, enrol(request, EMAIL, "unlucky", "email=u@example.com"),
		ERROR_CODE_DELIVERY_FAILURE, "The message cannot be sent.");
	mailbox_empty();
	assert_ok(request, enrol(request, EMAIL, "unlucky", "email=u@example.com"));
	request_free(&request);
}

static void test_secret_hash(void **state)
{
	struct request *request = house_request(*state);
	struct sign_up_response output;
	struct code_delivery_details_type *details;
	str missing = arena_printf(request->arena,
		"Client %.*s is configured with secret but SECRET_HASH was not received", STR_ARG(secret_id));
	assert_refused(request, register_with(request, secret_id, "s", HOUSE_PASSWORD, "", &output),
		ERROR_NOT_AUTHORIZED, missing.data);
	assert_refused(request, confirm_with(request, secret_id, "s", STR("123456"), false),
		ERROR_NOT_AUTHORIZED, missing.data);
	assert_refused(
		request, resend(request, secret_id, "s", &details), ERROR_NOT_AUTHORIZED, missing.data);
	const str parts[] = { STR("s"), secret_id };
	struct digest digest = digest_hmac_sha256_parts(STR("abcdefghijklmnopqrstuvwxyz"), parts, 2);
	const struct sign_up_request input = {
		.client_id = secret_id,
		.username = STR("s"),
		.password = STR(HOUSE_PASSWORD),
		.secret_hash = base64_encode(request->arena, digest_str(&digest)),
	};
	assert_ok(request, sign_up(request, &input, &output));
	request_free(&request);
}

static void test_unknown_client(void **state)
{
	struct request *request = house_request(*state);
	struct sign_up_response output;
	struct code_delivery_details_type *details;
	const char *message = "User pool client x does not exist.";
	assert_refused(request, register_with(request, STR("x"), "u", HOUSE_PASSWORD, "", &output),
		ERROR_RESOURCE_NOT_FOUND, message);
	assert_refused(request, confirm_with(request, STR("x"), "u", STR("123456"), false),
		ERROR_RESOURCE_NOT_FOUND, message);
	assert_refused(request, resend(request, STR("x"), "u", &details), ERROR_RESOURCE_NOT_FOUND, message);
	request_free(&request);
}

/* --- ConfirmSignUp --- */

static void test_confirm(void **state)
{
	static const struct {
		size_t pool;
		const char *username, *attributes, *verified, *unverified;
	} cases[] = {
		{ EMAIL, "c1", "email=c1@example.com,phone_number=+15555550201", "email_verified",
			"phone_number_verified" },
		{ PHONE, "c2", "email=c2@example.com,phone_number=+15555550202", "phone_number_verified",
			"email_verified" },
		{ ADDRESS, "c3@example.com", "phone_number=+15555550203", "email_verified",
			"phone_number_verified" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		str code = enrolled(request, cases[i].pool, cases[i].username, cases[i].attributes);
		assert_ok(request, confirm(request, cases[i].pool, cases[i].username, code));
		struct user user = house_find_user(request, pool_ids[cases[i].pool], cases[i].username);
		assert_int_equal(user.status, USER_STATUS_TYPE_CONFIRMED);
		assert_str_equal(user_attribute(&user, str_of(cases[i].verified)), STR("true"));
		assert_str_equal(user_attribute(&user, str_of(cases[i].unverified)), STR("false"));
		assert_refused(request, confirm(request, cases[i].pool, cases[i].username, code),
			ERROR_NOT_AUTHORIZED, DONE);
		request_free(&request);
	}
}

static void test_wrong_codes(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, EMAIL, "wanda", "email=wanda@example.com");
	const str wrong[] = { other_code(request, code), STR("1"), STR("abcdef"), STR("1234567") };
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_refused(
			request, confirm(request, EMAIL, "wanda", wrong[i]), ERROR_CODE_MISMATCH, MISMATCH);
	assert_int_equal(
		house_find_user(request, pool_ids[EMAIL], "wanda").status, USER_STATUS_TYPE_UNCONFIRMED);
	assert_ok(request, confirm(request, EMAIL, "wanda", code));
	request_free(&request);
}

static void test_code_expires(void **state)
{
	struct request *request = house_request(*state);
	str first = enrolled(request, EMAIL, "late", "email=late@example.com");
	str second = enrolled(request, EMAIL, "early", "email=early@example.com");
	request->now = NOW + DAY;
	assert_refused(request, confirm(request, EMAIL, "late", first), ERROR_EXPIRED_CODE, EXPIRED);
	request->now = NOW + DAY - 1;
	assert_ok(request, confirm(request, EMAIL, "early", second));
	request_free(&request);
}

static void test_no_code_was_sent(void **state)
{
	struct request *request = house_request(*state);
	assert_ok(request, enrol(request, PLAIN, "nocode", ""));
	assert_refused(
		request, confirm(request, PLAIN, "nocode", STR("123456")), ERROR_EXPIRED_CODE, EXPIRED);
	request_free(&request);
}

static void test_guesses_are_limited(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, EMAIL, "guess", "email=guess@example.com");
	for (int i = 0; i < 15; i++)
		assert_refused(request, confirm(request, EMAIL, "guess", other_code(request, code)),
			ERROR_CODE_MISMATCH, MISMATCH);
	assert_refused(request, confirm(request, EMAIL, "guess", code), ERROR_LIMIT_EXCEEDED, LIMIT);
	/* By another client, too. */
	assert_refused(request, confirm_with(request, hiding_ids[EMAIL], "guess", code, false),
		ERROR_LIMIT_EXCEEDED, LIMIT);
	/* Others are not concerned. */
	str other = enrolled(request, EMAIL, "guess2", "email=guess2@example.com");
	assert_ok(request, confirm(request, EMAIL, "guess2", other));
	request->now = NOW + HOUR;
	assert_ok(request, confirm(request, EMAIL, "guess", code));
	request_free(&request);
}

static void test_other_names_do_not_help_to_guess(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, ADDRESS, "alias@example.com", "");
	struct user user = house_find_user(request, pool_ids[ADDRESS], "alias@example.com");
	str sub = arena_copy(request->arena, user.id);
	for (int i = 0; i < 15; i++)
		assert_refused(request,
			confirm(request, ADDRESS, i % 2 ? "alias@example.com" : sub.data,
				other_code(request, code)),
			ERROR_CODE_MISMATCH, MISMATCH);
	assert_refused(
		request, confirm(request, ADDRESS, "alias@example.com", code), ERROR_LIMIT_EXCEEDED, LIMIT);
	assert_refused(request, confirm(request, ADDRESS, sub.data, code), ERROR_LIMIT_EXCEEDED, LIMIT);
	request_free(&request);
}

static void test_states_that_cannot_be_confirmed(void **state)
{
	static const char *const statuses[] = { "CONFIRMED", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED" };
	struct request *request = house_request(*state);
	str code = enrolled(request, EMAIL, "stan", "email=stan@example.com");
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		str sql = arena_printf(request->arena,
			"UPDATE pool_user SET status = '%s' WHERE username = 'stan'", statuses[i]);
		str message = arena_printf(
			request->arena, "User cannot be confirmed. Current status is %s", statuses[i]);
		house_execute(*state, sql.data);
		assert_refused(
			request, confirm(request, EMAIL, "stan", code), ERROR_NOT_AUTHORIZED, message.data);
		assert_refused(request, sign_up_admin_confirm(request, pool_ids[EMAIL], STR("stan")),
			ERROR_NOT_AUTHORIZED, message.data);
	}
	request_free(&request);
}

/* --- Aliases --- */

static bool is_called(struct request *request, const char *name, const char *username)
{
	const struct user_pool *pool;
	struct user user;
	bool found;
	assert_ok(request, pool_find(request, pool_ids[ALIASES], &pool));
	assert_ok(request, user_find(request, pool, str_of(name), &user, &found));
	return found && str_equal(user.username, str_of(username));
}

static void test_alias_after_confirmation(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, ALIASES, "al", "email=al@example.com,preferred_username=ally");
	assert_false(is_called(request, "al@example.com", "al") || is_called(request, "ally", "al"));
	assert_ok(request, confirm(request, ALIASES, "al", code));
	assert_true(is_called(request, "al@example.com", "al") && is_called(request, "ally", "al"));
	request_free(&request);
}

static void test_alias_of_another(void **state)
{
	struct request *request = house_request(*state);
	str first = enrolled(request, ALIASES, "first", "email=one@example.com");
	assert_ok(request, confirm(request, ALIASES, "first", first));
	str second = enrolled(request, ALIASES, "second", "email=one@example.com");
	/* As often as one likes: the code was right, and is still good. */
	for (int i = 0; i < 20; i++)
		assert_refused(request, confirm(request, ALIASES, "second", second), ERROR_ALIAS_EXISTS,
			"An account with the given email already exists.");
	assert_true(is_called(request, "one@example.com", "first"));
	assert_ok(request, confirm_with(request, client_ids[ALIASES], "second", second, true));
	assert_true(is_called(request, "one@example.com", "second"));
	struct user loser = house_find_user(request, pool_ids[ALIASES], "first");
	assert_str_equal(user_attribute(&loser, STR("email_verified")), STR("false"));
	assert_int_equal(loser.status, USER_STATUS_TYPE_CONFIRMED);
	request_free(&request);
}

static void test_forcing_moves_no_chosen_name(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_ids[ALIASES], "boss", "preferred_username=chief");
	str code = enrolled(request, ALIASES, "usurper", "email=us@example.com,preferred_username=chief");
	assert_refused(request, confirm_with(request, client_ids[ALIASES], "usurper", code, true),
		ERROR_ALIAS_EXISTS, "An account with the given preferred_username already exists.");
	assert_true(is_called(request, "chief", "boss"));
	request_free(&request);
}

/* --- ResendConfirmationCode --- */

static void test_resend(void **state)
{
	struct request *request = house_request(*state);
	struct code_delivery_details_type *details;
	str old_code = enrolled(request, EMAIL, "rosa", "email=rosa@example.com");
	assert_ok(request, resend(request, client_ids[EMAIL], "rosa", &details));
	str new_code = arena_copy(request->arena, mailbox_code());
	assert_int_equal(mailbox_count(), 2);
	assert_str_equal(mailbox_message(0)->recipient, STR("rosa@example.com"));
	assert_str_equal(details->destination, STR("r***@e***"));
	assert_str_equal(details->attribute_name, STR("email"));
	if (!str_equal(old_code, new_code))
		assert_refused(
			request, confirm(request, EMAIL, "rosa", old_code), ERROR_CODE_MISMATCH, MISMATCH);
	assert_ok(request, confirm(request, EMAIL, "rosa", new_code));
	assert_refused(request, resend(request, client_ids[EMAIL], "rosa", &details), ERROR_INVALID_PARAMETER,
		"User is already confirmed.");
	request_free(&request);
}

static void test_resend_is_limited(void **state)
{
	struct request *request = house_request(*state);
	struct code_delivery_details_type *details;
	assert_ok(request, enrol(request, EMAIL, "rob", "email=rob@example.com"));
	for (int i = 0; i < 5; i++)
		assert_ok(request, resend(request, client_ids[EMAIL], "rob", &details));
	assert_refused(
		request, resend(request, client_ids[EMAIL], "rob", &details), ERROR_LIMIT_EXCEEDED, LIMIT);
	assert_int_equal(mailbox_count(), 6);
	/* The last code is good all the same. */
	assert_ok(request, confirm(request, EMAIL, "rob", arena_copy(request->arena, mailbox_code())));
	request_free(&request);
}

/* More codes are no more guesses. */
static void test_resend_does_not_renew_the_guesses(void **state)
{
	struct request *request = house_request(*state);
	struct code_delivery_details_type *details;
	str code = enrolled(request, EMAIL, "rudi", "email=rudi@example.com");
	for (int i = 0; i < 15; i++)
		assert_refused(request, confirm(request, EMAIL, "rudi", other_code(request, code)),
			ERROR_CODE_MISMATCH, MISMATCH);
	assert_ok(request, resend(request, client_ids[EMAIL], "rudi", &details));
	assert_refused(request, confirm(request, EMAIL, "rudi", arena_copy(request->arena, mailbox_code())),
		ERROR_LIMIT_EXCEEDED, LIMIT);
	request_free(&request);
}

static void test_nothing_to_resend(void **state)
{
	struct request *request = house_request(*state);
	struct code_delivery_details_type *details;
	const char *message = "Auto verification not turned on.";
	assert_ok(request, enrol(request, PLAIN, "rick", "email=rick@example.com"));
	assert_ok(request, enrol(request, EMAIL, "rick", "phone_number=+15555550301"));
	assert_refused(request, resend(request, client_ids[PLAIN], "rick", &details), ERROR_INVALID_PARAMETER,
		message);
	assert_refused(request, resend(request, client_ids[EMAIL], "rick", &details), ERROR_INVALID_PARAMETER,
		message);
	assert_refused(request, resend(request, hiding_ids[PLAIN], "nobody", &details),
		ERROR_INVALID_PARAMETER, message);
	assert_int_equal(mailbox_count(), 0);
	request_free(&request);
}

/* --- Users that do not exist --- */

static void test_unknown_user_is_told(void **state)
{
	struct request *request = house_request(*state);
	struct code_delivery_details_type *details;
	assert_refused(
		request, confirm(request, EMAIL, "nobody", STR("123456")), ERROR_USER_NOT_FOUND, UNKNOWN);
	assert_refused(request, resend(request, client_ids[EMAIL], "nobody", &details), ERROR_USER_NOT_FOUND,
		UNKNOWN);
	assert_refused(request, sign_up_admin_confirm(request, pool_ids[EMAIL], STR("nobody")),
		ERROR_USER_NOT_FOUND, UNKNOWN);
	request_free(&request);
}

static void test_unknown_user_has_wrong_codes_only(void **state)
{
	struct request *request = house_request(*state);
	for (int i = 0; i < 15; i++)
		assert_refused(request, confirm_with(request, hiding_ids[EMAIL], "nil", STR("123456"), false),
			ERROR_CODE_MISMATCH, MISMATCH);
	assert_refused(request, confirm_with(request, hiding_ids[EMAIL], "nil", STR("123456"), false),
		ERROR_LIMIT_EXCEEDED, LIMIT);
	assert_refused(request, confirm_with(request, hiding_ids[EMAIL], "nill", STR("123456"), false),
		ERROR_CODE_MISMATCH, MISMATCH);
	request_free(&request);
}

static void test_unknown_user_seems_to_get_a_code(void **state)
{
	static const struct {
		size_t pool;
		enum delivery_medium_type medium;
		const char *attribute;
	} cases[] = {
		{ EMAIL, DELIVERY_MEDIUM_TYPE_EMAIL, "email" },
		{ PHONE, DELIVERY_MEDIUM_TYPE_SMS, "phone_number" },
		{ EITHER, DELIVERY_MEDIUM_TYPE_EMAIL, "email" },
		{ ADDRESS, DELIVERY_MEDIUM_TYPE_EMAIL, "email" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = house_request(*state);
		struct code_delivery_details_type *details, *again;
		assert_ok(request, resend(request, hiding_ids[cases[i].pool], "nobody", &details));
		assert_int_equal(details->delivery_medium, cases[i].medium);
		assert_str_equal(details->attribute_name, str_of(cases[i].attribute));
		assert_non_null(strstr(arena_copy(request->arena, details->destination).data, "***"));
		for (int k = 0; k < 4; k++) {
			assert_ok(request, resend(request, hiding_ids[cases[i].pool], "nobody", &again));
			assert_str_equal(again->destination, details->destination);
		}
		assert_refused(request, resend(request, hiding_ids[cases[i].pool], "nobody", &again),
			ERROR_LIMIT_EXCEEDED, LIMIT);
		assert_int_equal(mailbox_count(), 0);
		request_free(&request);
	}
}

/* A user has one address however its name is spelled; so has nobody. */
static void test_unknown_user_in_other_spellings(void **state)
{
	static const char *const names[] = { "spelled", "Spelled", "SPELLED" };
	struct request *request = house_request(*state);
	struct code_delivery_details_type *first, *again;
	assert_ok(request, resend(request, hiding_ids[FOLDING], names[0], &first));
	for (size_t i = 1; i < ARRAY_LEN(names); i++) {
		assert_ok(request, resend(request, hiding_ids[FOLDING], names[i], &again));
		assert_str_equal(again->destination, first->destination);
	}
	request_free(&request);
}

/* --- AdminConfirmSignUp --- */

static void test_admin_confirm(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, ALIASES, "adam", "email=adam@example.com,preferred_username=adamski");
	assert_ok(request, sign_up_admin_confirm(request, pool_ids[ALIASES], STR("adam")));
	struct user user = house_find_user(request, pool_ids[ALIASES], "adam");
	assert_int_equal(user.status, USER_STATUS_TYPE_CONFIRMED);
	/* The address is not proven. */
	assert_str_equal(user_attribute(&user, STR("email_verified")), STR("false"));
	assert_false(is_called(request, "adam@example.com", "adam"));
	assert_true(is_called(request, "adamski", "adam"));
	assert_refused(request, confirm(request, ALIASES, "adam", code), ERROR_NOT_AUTHORIZED, DONE);
	assert_refused(request, sign_up_admin_confirm(request, pool_ids[ALIASES], STR("adam")),
		ERROR_NOT_AUTHORIZED, DONE);
	assert_refused(request, sign_up_admin_confirm(request, STR("x"), STR("adam")),
		ERROR_RESOURCE_NOT_FOUND, "User pool x does not exist.");
	request_free(&request);
}

/* The model knows no better name for it. */
static void test_admin_confirm_of_a_taken_alias(void **state)
{
	struct request *request = house_request(*state);
	house_user(*state, pool_ids[ALIASES], "abel", "preferred_username=able");
	assert_ok(request, enrol(request, ALIASES, "abe", "preferred_username=able"));
	assert_refused(request, sign_up_admin_confirm(request, pool_ids[ALIASES], STR("abe")),
		ERROR_INVALID_PARAMETER, "An account with the given preferred_username already exists.");
	assert_int_equal(
		house_find_user(request, pool_ids[ALIASES], "abe").status, USER_STATUS_TYPE_UNCONFIRMED);
	request_free(&request);
}

/* --- What happens between the checks and the transaction --- */

static const struct {
	const char *sql;
	enum error_code confirm_error, resend_error;
	const char *confirm_message, *resend_message;
} events[] = {
	{ "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'", ERROR_EXPIRED_CODE,
		ERROR_USER_NOT_FOUND, EXPIRED, UNKNOWN },
	{ "UPDATE pool_user SET status = 'CONFIRMED' WHERE username = 'racer'", ERROR_NOT_AUTHORIZED,
		ERROR_NONE, DONE, NULL },
};

static void test_races(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		struct request *request = house_request(*state);
		struct code_delivery_details_type *details;
		str code = enrolled(request, EMAIL, "racer", "email=racer@example.com");
		interruption_execute(*state, events[i].sql);
		assert_refused(request, confirm(request, EMAIL, "racer", code), events[i].confirm_error,
			events[i].confirm_message);
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		assert_ok(request, enrol(request, EMAIL, "racer", "email=racer@example.com"));
		size_t sent = mailbox_count();
		interruption_execute(*state, events[i].sql);
		if (events[i].resend_message) {
			assert_refused(request, resend(request, client_ids[EMAIL], "racer", &details),
				events[i].resend_error, events[i].resend_message);
			assert_int_equal(mailbox_count(), sent);
		} else {
			assert_ok(request, resend(request, client_ids[EMAIL], "racer", &details));
		}
		house_execute(
			*state, "PRAGMA foreign_keys = ON; DELETE FROM pool_user WHERE username = 'racer'");
		request_free(&request);
	}
}

/* The code proves the address that it was sent to, and no other. */
static void test_address_changes_meanwhile(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, ALIASES, "mover", "email=mover@example.com");
	interruption_execute(*state,
		"UPDATE user_attribute SET value = 'victim@example.com' WHERE value = 'mover@example.com'");
	assert_refused(request, confirm(request, ALIASES, "mover", code), ERROR_CODE_MISMATCH, MISMATCH);
	assert_false(is_called(request, "victim@example.com", "mover"));
	assert_int_equal(
		house_find_user(request, pool_ids[ALIASES], "mover").status, USER_STATUS_TYPE_UNCONFIRMED);
	request_free(&request);
}

static void test_address_changed_before(void **state)
{
	struct request *request = house_request(*state);
	str code = enrolled(request, ALIASES, "moved", "email=moved@example.com");
	house_execute(*state,
		"UPDATE user_attribute SET value = 'v@example.com' WHERE value = 'moved@example.com'");
	assert_refused(request, confirm(request, ALIASES, "moved", code), ERROR_CODE_MISMATCH, MISMATCH);
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sign_up, empty_mailbox),
		cmocka_unit_test_setup(test_refused_sign_ups, empty_mailbox),
		cmocka_unit_test_setup(test_client_that_may_not_write, empty_mailbox),
		cmocka_unit_test_setup(test_taken_names, empty_mailbox),
		cmocka_unit_test_setup(test_taken_address, empty_mailbox),
		cmocka_unit_test_setup(test_race_for_a_name, empty_mailbox),
		cmocka_unit_test_setup(test_code_that_cannot_be_sent, empty_mailbox),
		cmocka_unit_test_setup(test_secret_hash, empty_mailbox),
		cmocka_unit_test_setup(test_unknown_client, empty_mailbox),
		cmocka_unit_test_setup(test_confirm, empty_mailbox),
		cmocka_unit_test_setup(test_wrong_codes, empty_mailbox),
		cmocka_unit_test_setup(test_code_expires, empty_mailbox),
		cmocka_unit_test_setup(test_no_code_was_sent, empty_mailbox),
		cmocka_unit_test_setup(test_guesses_are_limited, empty_mailbox),
		cmocka_unit_test_setup(test_other_names_do_not_help_to_guess, empty_mailbox),
		cmocka_unit_test_setup(test_states_that_cannot_be_confirmed, empty_mailbox),
		cmocka_unit_test_setup(test_alias_after_confirmation, empty_mailbox),
		cmocka_unit_test_setup(test_alias_of_another, empty_mailbox),
		cmocka_unit_test_setup(test_forcing_moves_no_chosen_name, empty_mailbox),
		cmocka_unit_test_setup(test_resend, empty_mailbox),
		cmocka_unit_test_setup(test_resend_is_limited, empty_mailbox),
		cmocka_unit_test_setup(test_resend_does_not_renew_the_guesses, empty_mailbox),
		cmocka_unit_test_setup(test_nothing_to_resend, empty_mailbox),
		cmocka_unit_test_setup(test_unknown_user_is_told, empty_mailbox),
		cmocka_unit_test_setup(test_unknown_user_has_wrong_codes_only, empty_mailbox),
		cmocka_unit_test_setup(test_unknown_user_seems_to_get_a_code, empty_mailbox),
		cmocka_unit_test_setup(test_unknown_user_in_other_spellings, empty_mailbox),
		cmocka_unit_test_setup(test_admin_confirm, empty_mailbox),
		cmocka_unit_test_setup(test_admin_confirm_of_a_taken_alias, empty_mailbox),
		cmocka_unit_test_setup(test_races, empty_mailbox),
		cmocka_unit_test_setup(test_address_changes_meanwhile, empty_mailbox),
		cmocka_unit_test_setup(test_address_changed_before, empty_mailbox),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
