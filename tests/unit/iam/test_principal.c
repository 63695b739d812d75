/* SPDX-License-Identifier: Apache-2.0 */
#include "iam/principal.h"

#include "base/clock.h"
#include "base/fatal.h"
#include "crypto/seal.h"
#include "iam/access_key.h"
#include "unit/iam/letter.h"
#include "unit/userpool/house.h"

#define ROOT_ID     STR("POOLWARDENROOTKEY")
#define ROOT_SECRET STR("root-secret-of-the-settings-0123456789")
#define NOW         1440938160000
#define HOST        "Host: 127.0.0.1:4430\n"
#define HEADERS     HOST "X-Amz-Date: 20150830T123600Z\n"
#define DIFFERS                                                                                              \
	"The request signature we calculated does not match the signature you provided. Check your AWS "     \
	"Secret Access Key and signing method. Consult the service documentation for details."
#define UNRECOGNIZED "The security token included in the request is invalid."

static const char *const services[] = { "cognito-idp", NULL };

static int set_up(void **state)
{
	house_set_up(state);
	struct house *house = *state;
	house->settings.root_access_key_id = ROOT_ID;
	house->settings.root_secret_access_key = ROOT_SECRET;
	clock_fix(NOW);
	return 0;
}

static int tear_down(void **state)
{
	clock_fix(0);
	return house_tear_down(state);
}

/* A letter with these headers, signed in one of the two forms by these credentials. */
static const struct message_request *signed_letter(
	struct request *request, const char *headers, str access_key_id, str secret, bool in_query)
{
	struct letter *letter = letter_new(request->arena, "POST", "/?a=b", headers, "{}");
	const struct letter_signing signing = {
		.access_key_id = access_key_id,
		.secret = secret,
		.timestamp = "20150830T123600Z",
		.scope = "20150830/us-east-1/cognito-idp/aws4_request",
		.signed_headers = str_equal(str_of(headers), STR(HOST)) ? "host" : "host;x-amz-date",
	};
	(in_query ? letter_presign : letter_sign)(letter, &signing);
	return &letter->message;
}

static const struct message_request *signed_header(struct request *request, str access_key_id, str secret)
{
	return signed_letter(request, HEADERS, access_key_id, secret, false);
}

static struct access_key create_key(struct request *request, bool is_root)
{
	struct access_key key;
	assert_ok(request, access_key_create(request, is_root, &key));
	return key;
}

static void known_keys_are_recognized(void **state)
{
	struct request *request = house_request(*state);
	struct access_key root = create_key(request, true), other = create_key(request, false);
	const struct {
		str id, secret;
		const char *arn;
		bool is_root;
	} cases[] = {
		{ ROOT_ID, ROOT_SECRET, "arn:aws:iam::123456789012:root", true },
		{ root.id, root.secret, "arn:aws:iam::123456789012:root", true },
		{ other.id, other.secret,
			arena_printf(request->arena, "arn:aws:iam::123456789012:user/%s", other.id.data).data,
			false },
	};
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		str id = cases[i / 2].id, secret = cases[i / 2].secret;
		struct principal principal;
		const struct message_request *message =
			signed_letter(request, i % 2 ? HOST : HEADERS, id, secret, i % 2);
		assert_ok(request, principal_authenticate(request, message, services, &principal));
		assert_str_equal(principal.access_key_id, id);
		assert_str_equal(principal.account_id, STR("123456789012"));
		assert_str_equal(principal.arn, str_of(cases[i / 2].arn));
		assert_int_equal(principal.is_root, cases[i / 2].is_root);
	}
	request_free(&request);
}

static void others_are_refused(void **state)
{
	struct request *request = house_request(*state);
	struct access_key key = create_key(request, true), deleted = create_key(request, true);
	bool found;
	assert_ok(request, access_key_delete(request, deleted.id, &found));
	const struct {
		const char *name;
		str id, secret;
		enum error_code error;
		const char *text;
	} cases[] = {
		{ "wrong secret of the root key", ROOT_ID, key.secret, ERROR_INVALID_SIGNATURE, DIFFERS },
		{ "wrong secret of a stored key", key.id, ROOT_SECRET, ERROR_INVALID_SIGNATURE, DIFFERS },
		{ "deleted key", deleted.id, deleted.secret, ERROR_UNRECOGNIZED_CLIENT, UNRECOGNIZED },
		{ "unknown key", STR("AKIAAAAAAAAAAAAAAAAA"), key.secret, ERROR_UNRECOGNIZED_CLIENT,
			UNRECOGNIZED },
		{ "signed as an unknown key is checked", STR("AKIAAAAAAAAAAAAAAAAA"),
			STR("0000000000000000000000000000000000000000"), ERROR_UNRECOGNIZED_CLIENT,
			UNRECOGNIZED },
		{ "no key", STR(""), STR(""), ERROR_UNRECOGNIZED_CLIENT, UNRECOGNIZED },
		{ "another case", STR("poolwardenrootkey"), ROOT_SECRET, ERROR_UNRECOGNIZED_CLIENT,
			UNRECOGNIZED },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct principal principal;
		const struct message_request *message = signed_header(request, cases[i].id, cases[i].secret);
		result outcome = principal_authenticate(request, message, services, &principal);
		assert_case(!result_is_ok(outcome), cases[i].name);
		assert_case(request->error == cases[i].error, cases[i].name);
		assert_str_equal(request->message, str_of(cases[i].text));
		request_clear_failure(request);
	}
	request_free(&request);
}

static void permanent_keys_have_no_token(void **state)
{
	static const char *const tokens[] = { "FwoGZXIvYXdzEXAMPLE", "" };
	struct request *request = house_request(*state);
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
		struct principal principal;
		str headers = arena_printf(request->arena, HEADERS "X-Amz-Security-Token: %s\n", tokens[i]);
		struct letter *letter = letter_new(request->arena, "GET", "/", headers.data, NULL);
		letter_sign(letter, &(struct letter_signing){ .access_key_id = ROOT_ID,
					    .secret = ROOT_SECRET,
					    .timestamp = "20150830T123600Z",
					    .scope = "20150830/us-east-1/cognito-idp/aws4_request",
					    .signed_headers = "host;x-amz-date;x-amz-security-token" });
		assert_refused(request,
			principal_authenticate(request, &letter->message, services, &principal),
			ERROR_UNRECOGNIZED_CLIENT, UNRECOGNIZED);
	}
	request_free(&request);
}

static void a_house_without_root_key_has_none(void **state)
{
	struct house *house = *state;
	house->settings.root_access_key_id = house->settings.root_secret_access_key = STR_NONE;
	struct request *request = house_request(house);
	struct principal principal;
	const struct message_request *message = signed_header(request, STR(""), STR(""));
	assert_refused(request, principal_authenticate(request, message, services, &principal),
		ERROR_UNRECOGNIZED_CLIENT, UNRECOGNIZED);
	request_free(&request);
}

static void checks_come_before_the_key(void **state)
{
	static const char *const others[] = { "sts", NULL };
	struct request *request = house_request(*state);
	struct principal principal;
	struct letter *unsigned_letter = letter_new(request->arena, "GET", "/", HEADERS, NULL);
	const struct message_request *message = signed_header(request, STR("AKIAAAAAAAAAAAAAAAAA"), STR("x"));
	assert_refused(request,
		principal_authenticate(request, &unsigned_letter->message, services, &principal),
		ERROR_MISSING_AUTHENTICATION_TOKEN, "Missing Authentication Token");
	assert_refused(request, principal_authenticate(request, message, others, &principal),
		ERROR_INVALID_SIGNATURE, "Credential should be scoped to correct service: 'sts'. ");
	request->now += HOUR;
	assert_refused(request, principal_authenticate(request, message, services, &principal),
		ERROR_INVALID_SIGNATURE,
		"Signature expired: 20150830T123600Z is now earlier than 20150830T133100Z (20150830T133600Z "
		"- 5 "
		"min.)");
	request_free(&request);
}

/* As when the master key was exchanged for another: the log has to say so, the caller not. */
static void an_unreadable_key_is_our_fault(void **state)
{
	struct house *house = *state;
	struct request *request = house_request(house);
	struct access_key key = create_key(request, true);
	struct sealer *other = sealer_new(STR("fedcba9876543210fedcba9876543210"));
	struct principal principal;
	const struct message_request *message = signed_header(request, key.id, key.secret);
	request->sealer = other;
	assert_refused(request, principal_authenticate(request, message, services, &principal),
		ERROR_INTERNAL, "The secret of an access key cannot be opened with the master key");
	sealer_free(&other);
	request_free(&request);
}

static void only_root_keys_are_allowed(void **state)
{
	struct request *request = house_request(*state);
	const struct principal root = { .arn = STR("arn:aws:iam::123456789012:root"), .is_root = true };
	const struct principal other = { .arn = STR("arn:aws:iam::123456789012:user/AKIAAAAAAAAAAAAAAAAA") };
	str action = STR("cognito-idp:ListUsers"),
	    pool = STR("arn:aws:cognito-idp:r:123456789012:userpool/p");
	assert_ok(request, principal_authorize(request, &root, action, pool));
	assert_refused(request, principal_authorize(request, &other, action, pool), ERROR_ACCESS_DENIED,
		"User: arn:aws:iam::123456789012:user/AKIAAAAAAAAAAAAAAAAA is not authorized to perform: "
		"cognito-idp:ListUsers on resource: arn:aws:cognito-idp:r:123456789012:userpool/p");
	assert_refused(request, principal_authorize(request, &other, action, STR("*")), ERROR_ACCESS_DENIED,
		"User: arn:aws:iam::123456789012:user/AKIAAAAAAAAAAAAAAAAA is not authorized to perform: "
		"cognito-idp:ListUsers on resource: *");
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(known_keys_are_recognized, set_up, tear_down),
		cmocka_unit_test_setup_teardown(others_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(permanent_keys_have_no_token, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_house_without_root_key_has_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(checks_come_before_the_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_unreadable_key_is_our_fault, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_root_keys_are_allowed, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
