/* SPDX-License-Identifier: Apache-2.0 */
/* What signers make is accepted, and nothing else. The signatures that stand here as text are from AWS's
   documentation or were made by botocore 1.29 for 2015-08-30 12:36:00 UTC. */
#include "iam/signature.h"

#include "base/fatal.h"
#include "base/settings.h"
#include "iam/signature_form.h"
#include "unit/cases.h"
#include "unit/iam/letter.h"

#define SECRET  "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define NOW     1440938160000 /* 2015-08-30T12:36:00Z */
#define FITS    "fits"
#define DIFFERS "does not fit"

static const struct settings settings = { .region = STR_INIT("us-east-1") };

/* How far a message gets: what it is refused with, or whether its signature is that of `secret`. */
static str examine(struct request *request, const struct letter *letter, const char *service, str secret)
{
	const char *const services[] = { service, NULL };
	struct signature signature;
	request->settings = &settings;
	request_clear_failure(request);
	if (!result_is_ok(signature_form_read(request, &letter->message, &signature)) ||
		!result_is_ok(signature_check(request, &letter->message, &signature, services)))
		return request->message;
	return signature_fits(request->arena, &letter->message, &signature, secret) ? STR(FITS)
										    : STR(DIFFERS);
}

static struct request *request_at(int64_t now)
{
	struct request *request = request_new();
	request->now = now;
	return request;
}

struct attempt {
	const char *name, *method, *target, *headers, *body;
	const char *outcome;
};

static void check_attempts(const struct attempt *cases, size_t count, const char *service)
{
	for (size_t i = 0; i < count; i++) {
		struct request *request = request_at(NOW);
		struct letter *letter = letter_new(
			request->arena, cases[i].method, cases[i].target, cases[i].headers, cases[i].body);
		str outcome = examine(request, letter, service, STR(SECRET));
		if (!str_equal(outcome, str_of(cases[i].outcome)))
			fail_msg("case \"%s\": %.*s", cases[i].name, STR_ARG(outcome));
		request_free(&request);
	}
}

#define DATE   "X-Amz-Date: 20150830T123600Z\n"
#define DAY_OF "20150830/us-east-1/"
#define AUTHORIZATION(service, signed_headers, hex)                                                          \
	"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" DAY_OF service                             \
	"/aws4_request, SignedHeaders=" signed_headers ", Signature=" hex "\n"

/* https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
static void the_example_of_the_documentation_fits(void **state)
{
	(void)state;
	static const struct attempt cases[] = {
		{ "ListUsers", "GET", "/?Action=ListUsers&Version=2010-05-08",
			"Content-Type: application/x-www-form-urlencoded; charset=utf-8\n"
			"Host: iam.amazonaws.com\n" DATE AUTHORIZATION("iam", "content-type;host;x-amz-date",
				"5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
			NULL, FITS },
	};
	check_attempts(cases, ARRAY_LEN(cases), "iam");
}

/* get-vanilla of AWS's test suite for signers. */
static void the_test_suite_of_aws_fits(void **state)
{
	(void)state;
	static const struct attempt cases[] = {
		{ "get-vanilla", "GET", "/",
			"Host: example.amazonaws.com\n" DATE AUTHORIZATION("service", "host;x-amz-date",
				"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
			NULL, FITS },
	};
	check_attempts(cases, ARRAY_LEN(cases), "service");
}

#define HOST        "Host: 127.0.0.1:4430\n"
#define TYPE        "Content-Type: application/x-amz-json-1.1\n"
#define TARGET      "X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools\n"
#define BODY        "{\"MaxResults\":10}"
#define JSON_HEX    "6266589ba9674950934b397ec66ff33a413ddd8cd60eb23495a872fadabb7b84"
#define JSON_SIGNED "content-type;host;x-amz-date;x-amz-target"
#define JSON_AUTH   AUTHORIZATION("cognito-idp", JSON_SIGNED, JSON_HEX)

static void a_call_fits_as_it_was_signed_only(void **state)
{
	(void)state;
	static const struct attempt cases[] = {
		{ "as signed", "POST", "/", TYPE HOST DATE TARGET JSON_AUTH, BODY, FITS },
		{ "other order of headers", "POST", "/", JSON_AUTH TARGET DATE HOST TYPE, BODY, FITS },
		{ "other case of names", "POST", "/",
			"content-type: application/x-amz-json-1.1\nHOST: 127.0.0.1:4430\nx-amz-date: "
			"20150830T123600Z\nx-amz-target: "
			"AWSCognitoIdentityProviderService.ListUserPools\n" JSON_AUTH,
			BODY, FITS },
		{ "headers that a proxy adds", "POST", "/",
			TYPE HOST DATE TARGET JSON_AUTH
			"X-Forwarded-For: 192.0.2.1\nX-Amzn-Trace-Id: Root=1\n",
			BODY, FITS },
		{ "method", "PUT", "/", TYPE HOST DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "method in lower case", "post", "/", TYPE HOST DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "path", "POST", "/x", TYPE HOST DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "query", "POST", "/?a=b", TYPE HOST DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "query that is none", "POST", "/?%", TYPE HOST DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "host", "POST", "/", TYPE "Host: 127.0.0.1:4431\n" DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "no host", "POST", "/", TYPE DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "type", "POST", "/", "Content-Type: application/json\n" HOST DATE TARGET JSON_AUTH, BODY,
			DIFFERS },
		{ "type removed", "POST", "/", HOST DATE TARGET JSON_AUTH, BODY, DIFFERS },
		{ "target", "POST", "/",
			TYPE HOST DATE
			"X-Amz-Target: AWSCognitoIdentityProviderService.DeleteUserPool\n" JSON_AUTH,
			BODY, DIFFERS },
		{ "second target", "POST", "/", TYPE HOST DATE TARGET TARGET JSON_AUTH, BODY, DIFFERS },
		{ "body", "POST", "/", TYPE HOST DATE TARGET JSON_AUTH, "{\"MaxResults\":11}", DIFFERS },
		{ "longer body", "POST", "/", TYPE HOST DATE TARGET JSON_AUTH, BODY " ", DIFFERS },
		{ "no body", "POST", "/", TYPE HOST DATE TARGET JSON_AUTH, NULL, DIFFERS },
		{ "second", "POST", "/", TYPE HOST "X-Amz-Date: 20150830T123601Z\n" TARGET JSON_AUTH, BODY,
			DIFFERS },
		{ "signature of zeros", "POST", "/",
			TYPE HOST DATE TARGET AUTHORIZATION("cognito-idp", JSON_SIGNED,
				"0000000000000000000000000000000000000000000000000000000000000000"),
			BODY, DIFFERS },
		{ "signature in upper case", "POST", "/",
			TYPE HOST DATE TARGET AUTHORIZATION("cognito-idp", JSON_SIGNED,
				"6266589BA9674950934B397EC66FF33A413DDD8CD60EB23495A872FADABB7B84"),
			BODY, DIFFERS },
		{ "part of the signature", "POST", "/",
			TYPE HOST DATE TARGET AUTHORIZATION("cognito-idp", JSON_SIGNED, "6266589ba9674950"),
			BODY, DIFFERS },
		{ "longer signature", "POST", "/",
			TYPE HOST DATE TARGET AUTHORIZATION("cognito-idp", JSON_SIGNED, JSON_HEX "00"), BODY,
			DIFFERS },
		{ "fewer signed headers", "POST", "/",
			TYPE HOST DATE TARGET AUTHORIZATION(
				"cognito-idp", "host;x-amz-date;x-amz-target", JSON_HEX),
			BODY, DIFFERS },
		{ "signed header that is not there", "POST", "/",
			TYPE HOST DATE TARGET AUTHORIZATION("cognito-idp", JSON_SIGNED ";x-more", JSON_HEX),
			BODY, DIFFERS },
		{ "header X-Amz-* added", "POST", "/", TYPE HOST DATE TARGET JSON_AUTH "x-aMZ-meta: 1\n",
			BODY, "There were headers present in the request which were not signed" },
		{ "claimed hash added", "POST", "/",
			TYPE HOST DATE TARGET JSON_AUTH "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD\n", BODY,
			"There were headers present in the request which were not signed" },
	};
	check_attempts(cases, ARRAY_LEN(cases), "cognito-idp");
}

#define URL_PATH  "/admin/v1/user-pools"
#define URL_QUERY "MaxResults=10&NextToken=a%2Bb%20c"
#define URL_SIGNATURE                                                                                        \
	"&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fcognito-"   \
	"idp%2F"                                                                                             \
	"aws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
#define URL_HEX "&X-Amz-Signature=6d55e70762b1b517f8c06f60807ab4e15aaadee4763d3371447a24c9342d7ace"

static void a_signed_url_fits_as_it_was_signed_only(void **state)
{
	(void)state;
	static const struct attempt cases[] = {
		{ "as signed", "GET", URL_PATH "?" URL_QUERY URL_SIGNATURE URL_HEX, HOST, NULL, FITS },
		{ "another spelling", "GET",
			URL_PATH "?NextToken=a%2bb+c&&MaxResults=1%30" URL_HEX URL_SIGNATURE, HOST, NULL,
			FITS },
		{ "method", "DELETE", URL_PATH "?" URL_QUERY URL_SIGNATURE URL_HEX, HOST, NULL, DIFFERS },
		{ "path", "GET", URL_PATH "/x?" URL_QUERY URL_SIGNATURE URL_HEX, HOST, NULL, DIFFERS },
		{ "slash at the end", "GET", URL_PATH "/?" URL_QUERY URL_SIGNATURE URL_HEX, HOST, NULL,
			DIFFERS },
		{ "parameter", "GET", URL_PATH "?MaxResults=60&NextToken=a%2Bb%20c" URL_SIGNATURE URL_HEX,
			HOST, NULL, DIFFERS },
		{ "parameter added", "GET", URL_PATH "?" URL_QUERY URL_SIGNATURE URL_HEX "&a", HOST, NULL,
			DIFFERS },
		{ "parameter removed", "GET", URL_PATH "?MaxResults=10" URL_SIGNATURE URL_HEX, HOST, NULL,
			DIFFERS },
		{ "plus sign", "GET", URL_PATH "?MaxResults=10&NextToken=a+b%20c" URL_SIGNATURE URL_HEX, HOST,
			NULL, DIFFERS },
		{ "host", "GET", URL_PATH "?" URL_QUERY URL_SIGNATURE URL_HEX, "Host: example.com\n", NULL,
			DIFFERS },
		{ "body", "GET", URL_PATH "?" URL_QUERY URL_SIGNATURE URL_HEX, HOST, "{}", DIFFERS },
		{ "header X-Amz-*", "GET", URL_PATH "?" URL_QUERY URL_SIGNATURE URL_HEX, HOST DATE, NULL,
			"There were headers present in the request which were not signed" },
	};
	check_attempts(cases, ARRAY_LEN(cases), "cognito-idp");
}

static void paths_are_signed_as_they_arrive(void **state)
{
	(void)state;
#define PATH_HEADERS HOST "My-Header:   a   b \n" DATE
#define PATH_AUTH                                                                                            \
	AUTHORIZATION("cognito-idp", "host;my-header;x-amz-date",                                            \
		"9c60cf0f4045d30b7e12305127a0ab44772c0689b62b9c4c5faeb920e8b8b88d")
#define NOT_PLAIN "The path of a signed request must not have empty segments or dots for segments."
	static const struct attempt cases[] = {
		{ "as signed", "PUT", "/admin/v1/a%20b%2Fc~d:e/f?x=2&x=1&y", PATH_HEADERS PATH_AUTH, "z",
			FITS },
		{ "case of an escape", "PUT", "/admin/v1/a%20b%2fc~d:e/f?x=2&x=1&y", PATH_HEADERS PATH_AUTH,
			"z", DIFFERS },
		{ "escape undone", "PUT", "/admin/v1/a%20b/c~d:e/f?x=2&x=1&y", PATH_HEADERS PATH_AUTH, "z",
			DIFFERS },
		{ "two slashes", "PUT", "/admin/v1//a%20b%2Fc~d:e/f?x=2&x=1&y", PATH_HEADERS PATH_AUTH, "z",
			NOT_PLAIN },
		{ "two slashes in front", "PUT", "//admin/v1/a%20b%2Fc~d:e/f?x=2&x=1&y",
			PATH_HEADERS PATH_AUTH, "z", NOT_PLAIN },
		{ "dot", "PUT", "/admin/./v1/a%20b%2Fc~d:e/f?x=2&x=1&y", PATH_HEADERS PATH_AUTH, "z",
			NOT_PLAIN },
		{ "dots", "PUT", "/admin/v1/a%20b%2Fc~d:e/x/../f?x=2&x=1&y", PATH_HEADERS PATH_AUTH, "z",
			NOT_PLAIN },
		{ "dots at the end", "PUT", "/admin/v1/a%20b%2Fc~d:e/f/x/..?x=2&x=1&y",
			PATH_HEADERS PATH_AUTH, "z", NOT_PLAIN },
	};
	check_attempts(cases, ARRAY_LEN(cases), "cognito-idp");
}

/* The client has a key, and a signer of its own. */
static void not_everything_may_be_signed(void **state)
{
	(void)state;
#define SCOPE      "20150830/us-east-1/cognito-idp/aws4_request"
#define TIMESTAMP  "20150830T123600Z"
#define REGION     "Credential should be scoped to a valid region. "
#define SERVICE    "Credential should be scoped to correct service: 'cognito-idp'. "
#define TERMINATOR "Credential should be scoped with a valid terminator: 'aws4_request'. "
#define DAY_DIFFERS                                                                                          \
	"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP. "
#define NO_HOST "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
#define NO_LIST "SignedHeaders must be at most 64 names in lower case, each once, in order, separated by ';'."
/* In order, and enough to reach the limit with "host" and "x-amz-date". */
#define SIXTY_FOUR                                                                                           \
	"a;b;c;d;e;f;g;h;host;i;j;k;l;m;n;o;p;q;r;s;t;u;v;w;x;x-amz-date;y;z;za;zb;zc;zd;ze;zf;zg;zh;zi;zj;" \
	"zk;zl;zm;zn;zo;zp;zq;zr;zs;zt;zu;zv;zw;zx;zy;zz;zza;zzb;zzc;zzd;zze;zzf;zzg;zzh;zzi;zzj"
	static const char empty_hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const struct {
		const char *name, *headers, *body, *scope, *signed_headers, *payload_hash, *outcome;
	} cases[] = {
		{ "plain", HOST DATE, "b", SCOPE, "host;x-amz-date", NULL, FITS },
		{ "date of HTTP", HOST "Date: Sun, 30 Aug 2015 12:36:00 GMT\n", "b", SCOPE, "date;host", NULL,
			FITS },
		{ "date of HTTP, not signed itself", HOST "Date: Sun, 30 Aug 2015 12:36:00 GMT\n", "b", SCOPE,
			"host", NULL, FITS },
		{ "right claimed hash",
			HOST DATE "X-Amz-Content-Sha256: "
				  "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d\n",
			"b", SCOPE, "host;x-amz-content-sha256;x-amz-date", NULL, FITS },
		{ "claimed hash of another body",
			HOST DATE "X-Amz-Content-Sha256: "
				  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
			"b", SCOPE, "host;x-amz-content-sha256;x-amz-date", NULL, DIFFERS },
		{ "hash of another body",
			HOST DATE "X-Amz-Content-Sha256: "
				  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
			"b", SCOPE, "host;x-amz-content-sha256;x-amz-date", empty_hash, DIFFERS },
		{ "unsigned payload", HOST DATE "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD\n", "b", SCOPE,
			"host;x-amz-content-sha256;x-amz-date", "UNSIGNED-PAYLOAD", DIFFERS },
		{ "unsigned payload, silently", HOST DATE, "b", SCOPE, "host;x-amz-date", "UNSIGNED-PAYLOAD",
			DIFFERS },
		{ "streamed payload", HOST DATE "X-Amz-Content-Sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\n",
			"b", SCOPE, "host;x-amz-content-sha256;x-amz-date",
			"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", DIFFERS },
		{ "no host", HOST DATE, "b", SCOPE, "x-amz-date", NULL, NO_HOST },
		{ "like host", HOST DATE "Hosts: x\n", "b", SCOPE, "hosts;x-amz-date", NULL, NO_HOST },
		{ "no date", HOST DATE, "b", SCOPE, "host", NULL,
			"There were headers present in the request which were not signed" },
		{ "wrong order", HOST DATE, "b", SCOPE, "x-amz-date;host", NULL, NO_LIST },
		{ "upper case", HOST DATE, "b", SCOPE, "Host;x-amz-date", NULL, NO_LIST },
		{ "twice", HOST DATE, "b", SCOPE, "host;host;x-amz-date", NULL, NO_LIST },
		{ "empty name", HOST DATE, "b", SCOPE, ";host;x-amz-date", NULL, NO_LIST },
		{ "empty name at the end", HOST DATE, "b", SCOPE, "host;x-amz-date;", NULL, NO_LIST },
		{ "too many", HOST DATE, "b", SCOPE, SIXTY_FOUR ";zzz", NULL, NO_LIST },
		{ "as many as may be", HOST DATE, "b", SCOPE, SIXTY_FOUR, NULL, DIFFERS },
		{ "other region", HOST DATE, "b", "20150830/eu-west-1/cognito-idp/aws4_request",
			"host;x-amz-date", NULL, REGION },
		{ "region in upper case", HOST DATE, "b", "20150830/US-EAST-1/cognito-idp/aws4_request",
			"host;x-amz-date", NULL, REGION },
		{ "other service", HOST DATE, "b", "20150830/us-east-1/s3/aws4_request", "host;x-amz-date",
			NULL, SERVICE },
		{ "other terminator", HOST DATE, "b", "20150830/us-east-1/cognito-idp/aws5_request",
			"host;x-amz-date", NULL, TERMINATOR },
		{ "day before", HOST DATE, "b", "20150829/us-east-1/cognito-idp/aws4_request",
			"host;x-amz-date", NULL, DAY_DIFFERS },
		{ "month alone", HOST DATE, "b", "201508/us-east-1/cognito-idp/aws4_request",
			"host;x-amz-date", NULL, DAY_DIFFERS },
		{ "nothing", HOST DATE, "b", "///", "host;x-amz-date", NULL,
			REGION SERVICE TERMINATOR DAY_DIFFERS },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = request_at(NOW);
		struct letter *letter =
			letter_new(request->arena, "POST", "/", cases[i].headers, cases[i].body);
		const struct letter_signing signing = {
			.access_key_id = STR("AKIDEXAMPLE"),
			.secret = STR(SECRET),
			.timestamp = TIMESTAMP,
			.scope = cases[i].scope,
			.signed_headers = cases[i].signed_headers,
			.payload_hash = cases[i].payload_hash,
		};
		letter_sign(letter, &signing);
		str outcome = examine(request, letter, "cognito-idp", STR(SECRET));
		if (!str_equal(outcome, str_of(cases[i].outcome)))
			fail_msg("case \"%s\": %.*s", cases[i].name, STR_ARG(outcome));
		request_free(&request);
	}
}

static void signatures_are_good_for_a_while(void **state)
{
	(void)state;
	static const struct {
		int64_t passed; /* seconds since it was signed */
		const char *expires; /* NULL: in the header */
		const char *outcome;
	} cases[] = {
		{ 0, NULL, FITS },
		{ 300, NULL, FITS },
		{ 301, NULL,
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z "
			"(20150830T124101Z - 5 min.)" },
		{ -300, NULL, FITS },
		{ -301, NULL,
			"Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z "
			"(20150830T123059Z + 5 min.)" },
		{ 86400, NULL,
			"Signature expired: 20150830T123600Z is now earlier than 20150831T123100Z "
			"(20150831T123600Z - 5 min.)" },
		{ 3600, "3600", FITS },
		{ 3601, "3600",
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z "
			"(20150830T133601Z - 60 min.)" },
		{ 1, "1", FITS },
		{ 2, "1",
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z "
			"(20150830T123602Z - 1 sec.)" },
		{ 604800, "604800", FITS },
		{ 604801, "604800",
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z "
			"(20150906T123601Z - 10080 min.)" },
		{ -300, "604800", FITS },
		{ -301, "604800",
			"Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z "
			"(20150830T123059Z + 5 min.)" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		/* Nearly a second late: whole ones count. */
		struct request *request = request_at(NOW + cases[i].passed * SECOND + 999);
		struct letter_signing signing = { .access_key_id = STR("AKIDEXAMPLE"),
			.secret = STR(SECRET),
			.timestamp = TIMESTAMP,
			.scope = SCOPE,
			.signed_headers = "host",
			.expires = cases[i].expires };
		struct letter *letter = letter_new(request->arena, "GET", "/",
			cases[i].expires ? HOST : HOST "Date: Sun, 30 Aug 2015 12:36:00 GMT\n", NULL);
		(cases[i].expires ? letter_presign : letter_sign)(letter, &signing);
		assert_str_equal(
			examine(request, letter, "cognito-idp", STR(SECRET)), str_of(cases[i].outcome));
		request_free(&request);
	}
}

static void only_one_secret_fits(void **state)
{
	(void)state;
	static const char *const secrets[] = { "", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEx",
		"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY ",
		"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
	struct request *request = request_at(NOW);
	struct letter *letter =
		letter_new(request->arena, "POST", "/", TYPE HOST DATE TARGET JSON_AUTH, BODY);
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		assert_str_equal(examine(request, letter, "cognito-idp", str_of(secrets[i])), STR(DIFFERS));
	assert_str_equal(examine(request, letter, "cognito-idp", STR(SECRET)), STR(FITS));
	request_free(&request);
}

static void any_service_of_the_list_will_do(void **state)
{
	(void)state;
	static const char *const services[] = { "cognito-identity", "cognito-idp", NULL };
	struct request *request = request_at(NOW);
	struct letter *letter =
		letter_new(request->arena, "POST", "/", TYPE HOST DATE TARGET JSON_AUTH, BODY);
	struct signature signature;
	request->settings = &settings;
	assert_true(result_is_ok(signature_form_read(request, &letter->message, &signature)));
	assert_true(result_is_ok(signature_check(request, &letter->message, &signature, services)));
	request_free(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_documentation_fits),
		cmocka_unit_test(the_test_suite_of_aws_fits),
		cmocka_unit_test(a_call_fits_as_it_was_signed_only),
		cmocka_unit_test(a_signed_url_fits_as_it_was_signed_only),
		cmocka_unit_test(paths_are_signed_as_they_arrive),
		cmocka_unit_test(not_everything_may_be_signed),
		cmocka_unit_test(signatures_are_good_for_a_while),
		cmocka_unit_test(only_one_secret_fits),
		cmocka_unit_test(any_service_of_the_list_will_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
