/* SPDX-License-Identifier: Apache-2.0 */
#include "iam/signature_form.h"

#include "base/fatal.h"
#include "iam/signature.h"
#include "unit/cases.h"
#include "unit/iam/letter.h"

#define DATE       "X-Amz-Date: 20150830T123600Z\n"
#define SCOPE      "20150830/us-east-1/iam/aws4_request"
#define CREDENTIAL "Credential=AKIDEXAMPLE/" SCOPE
#define SIGNED     "SignedHeaders=host;x-amz-date"
#define HEX        "Signature=5d672d79"
#define AUTH       "Authorization: AWS4-HMAC-SHA256 "
#define GOOD       AUTH CREDENTIAL ", " SIGNED ", " HEX "\n"

#define QUERY_CREDENTIAL "X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fiam%2Faws4_request"
#define QUERY_ALGORITHM  "X-Amz-Algorithm=AWS4-HMAC-SHA256"
#define QUERY_DATE       "X-Amz-Date=20150830T123600Z"
#define QUERY_SIGNED     "X-Amz-SignedHeaders=host"
#define QUERY_HEX        "X-Amz-Signature=5d672d79"
#define QUERY_GOOD       QUERY_ALGORITHM "&" QUERY_CREDENTIAL "&" QUERY_DATE "&" QUERY_SIGNED "&" QUERY_HEX

static void check_common(const struct signature *signature)
{
	assert_str_equal(signature->access_key_id, STR("AKIDEXAMPLE"));
	assert_str_equal(signature->scope, STR(SCOPE));
	assert_str_equal(signature->date, STR("20150830"));
	assert_str_equal(signature->region, STR("us-east-1"));
	assert_str_equal(signature->service, STR("iam"));
	assert_str_equal(signature->terminator, STR("aws4_request"));
	assert_str_equal(signature->hex, STR("5d672d79"));
	assert_str_equal(signature->timestamp, STR("20150830T123600Z"));
	assert_true(signature->signed_at == 1440938160000);
}

static void both_forms_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *name, *target, *headers, *signed_headers;
		int64_t lifetime;
		bool has_token;
	} cases[] = {
		{ "header", "/", DATE GOOD, "host;x-amz-date", 5 * MINUTE, false },
		{ "names in another case", "/",
			"x-amz-date: 20150830T123600Z\nauthorization: "
			"AWS4-HMAC-SHA256 " CREDENTIAL ", " SIGNED ", " HEX "\n",
			"host;x-amz-date", 5 * MINUTE, false },
		{ "another order, no spaces", "/", DATE AUTH HEX "," SIGNED "," CREDENTIAL "\n",
			"host;x-amz-date", 5 * MINUTE, false },
		{ "more spaces", "/", DATE AUTH "  " CREDENTIAL "  ,\t" SIGNED " , " HEX "\n",
			"host;x-amz-date", 5 * MINUTE, false },
		{ "date of HTTP", "/", "Date: Sun, 30 Aug 2015 12:36:00 GMT\n" GOOD, "host;x-amz-date",
			5 * MINUTE, false },
		{ "basic form in Date", "/", "Date: 20150830T123600Z\n" GOOD, "host;x-amz-date", 5 * MINUTE,
			false },
		{ "both dates", "/", "Date: nonsense\n" DATE GOOD, "host;x-amz-date", 5 * MINUTE, false },
		{ "token", "/", DATE "X-Amz-Security-Token: t\n" GOOD, "host;x-amz-date", 5 * MINUTE, true },
		{ "empty token", "/", DATE "X-Amz-Security-Token:\n" GOOD, "host;x-amz-date", 5 * MINUTE,
			true },
		{ "other parameters", "/?a=b&X-Amz-Date=1&X-Amz-Expires=0", DATE GOOD, "host;x-amz-date",
			5 * MINUTE, false },
		{ "query", "/?" QUERY_GOOD, "", "host", 5 * MINUTE, false },
		{ "shortest", "/?" QUERY_GOOD "&X-Amz-Expires=1", "", "host", 1 * SECOND, false },
		{ "longest", "/?X-Amz-Expires=604800&a=b&" QUERY_GOOD, "", "host", 7 * DAY, false },
		{ "token in query", "/?X-Amz-Security-Token=t&" QUERY_GOOD, "", "host", 5 * MINUTE, true },
		{ "token beside query", "/?" QUERY_GOOD, "X-Amz-Security-Token: t\n", "host", 5 * MINUTE,
			true },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = request_new();
		struct letter *letter =
			letter_new(request->arena, "GET", cases[i].target, cases[i].headers, NULL);
		struct signature signature;
		assert_case(result_is_ok(signature_form_read(request, &letter->message, &signature)),
			cases[i].name);
		check_common(&signature);
		assert_str_equal(signature.signed_headers, str_of(cases[i].signed_headers));
		assert_case(signature.lifetime == cases[i].lifetime, cases[i].name);
		assert_case(signature.has_security_token == cases[i].has_token, cases[i].name);
		request_free(&request);
	}
}

struct refusal {
	const char *name, *target, *headers;
	enum error_code error;
	const char *text;
};

static void check_refusals(const struct refusal *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct request *request = request_new();
		struct letter *letter =
			letter_new(request->arena, "GET", cases[i].target, cases[i].headers, NULL);
		struct signature signature;
		if (result_is_ok(signature_form_read(request, &letter->message, &signature)))
			fail_msg("case \"%s\" was read", cases[i].name);
		if (!str_equal(request->message, str_of(cases[i].text)))
			fail_msg("case \"%s\": %.*s", cases[i].name, STR_ARG(request->message));
		assert_case(request->error == cases[i].error, cases[i].name);
		request_free(&request);
	}
}

#define MISSING_TOKEN ERROR_MISSING_AUTHENTICATION_TOKEN, "Missing Authentication Token"
#define HASHED        "(Hashed with SHA-256 and encoded with Base64) Authorization="
#define NEEDS_DATE    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
#define NEEDS(part)   "Authorization header requires '" part "' parameter. "
#define TWO_FORMS                                                                                            \
	ERROR_INVALID_SIGNATURE,                                                                             \
		"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
#define HASHED_VALUE "in Authorization header (hashed with SHA-256 and encoded with Base64): "
#define NO_EQUALS    "Invalid key=value pair (missing equal-sign) " HASHED_VALUE
#define UNKNOWN_KEY  "Unknown or repeated key " HASHED_VALUE
#define NOT_BASIC(date)                                                                                      \
	"Date must be in ISO-8601 'basic format'. Got '" date "'. See http://en.wikipedia.org/wiki/ISO_8601"
#define NOT_FIVE                                                                                             \
	"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."

static void what_is_no_signature_is_refused(void **state)
{
	(void)state;
	static const struct refusal cases[] = {
		{ "nothing", "/", "", MISSING_TOKEN },
		{ "empty", "/", "Authorization:\n", MISSING_TOKEN },
		{ "bearer", "/", DATE "Authorization: Bearer x\n", MISSING_TOKEN },
		{ "basic", "/", DATE "Authorization: Basic QUtJRDpzZWNyZXQ=\n", MISSING_TOKEN },
		{ "lower case", "/", DATE "Authorization: aws4-hmac-sha256 " CREDENTIAL "\n", MISSING_TOKEN },
		{ "version 2", "/", DATE "Authorization: AWS AKIDEXAMPLE:abc=\n", MISSING_TOKEN },
		{ "date alone", "/?" QUERY_DATE "&X-Amz-Expires=1&X-Amz-Security-Token=t", DATE,
			MISSING_TOKEN },
		{ "names of another case", "/?x-amz-algorithm=AWS4-HMAC-SHA256&x-amz-signature=1", "",
			MISSING_TOKEN },
		{ "no query", "/?" QUERY_GOOD "&a=%", "", MISSING_TOKEN },
		{ "both forms", "/?" QUERY_GOOD, DATE GOOD, TWO_FORMS },
		{ "a part of the query form", "/?X-Amz-Signature=1", DATE GOOD, TWO_FORMS },
		{ "another scheme beside the query form", "/?" QUERY_GOOD, "Authorization: Bearer x\n",
			TWO_FORMS },
		{ "two headers", "/", DATE GOOD GOOD, ERROR_INCOMPLETE_SIGNATURE,
			"The header Authorization is given more than once." },
		{ "two dates", "/", DATE DATE GOOD, ERROR_INCOMPLETE_SIGNATURE,
			"The header X-Amz-Date is given more than once." },
		{ "two plain dates", "/", "Date: x\nDate: x\n" GOOD, ERROR_INCOMPLETE_SIGNATURE,
			"The header Date is given more than once." },
		{ "two tokens", "/", DATE "X-Amz-Security-Token: a\nX-Amz-Security-Token: b\n" GOOD,
			ERROR_INCOMPLETE_SIGNATURE,
			"The header X-Amz-Security-Token is given more than once." },
	};
	check_refusals(cases, ARRAY_LEN(cases));
}

/* Each hash is that of the header's value: openssl dgst -sha256 -binary | base64 */
static void the_header_form_must_be_whole(void **state)
{
	(void)state;
	static const struct refusal cases[] = {
		{ "algorithm alone", "/", "Authorization: AWS4-HMAC-SHA256\n", ERROR_INCOMPLETE_SIGNATURE,
			NEEDS("Credential") NEEDS("Signature") NEEDS("SignedHeaders") NEEDS_DATE HASHED
			"YI2YWea8FSxnksZL2ETHbs5elHm9HQufxTLK0W0ffV0=" },
		{ "cut short", "/", DATE AUTH CREDENTIAL ", " SIGNED "\n", ERROR_INCOMPLETE_SIGNATURE,
			NEEDS("Signature") HASHED "4egkZYiefDPv32HmLoPe0bRg+xHoxrNUU1dBjDvPvRQ=" },
		{ "empty parts", "/", DATE AUTH "Credential=, SignedHeaders=, Signature=\n",
			ERROR_INCOMPLETE_SIGNATURE,
			NEEDS("Credential") NEEDS("Signature") NEEDS("SignedHeaders") HASHED
			"5Xd7x8Gcxzv/Tgv5e/Wdy4zURdpHojiS5pDv/e31VRE=" },
		{ "no date", "/", GOOD, ERROR_INCOMPLETE_SIGNATURE,
			NEEDS_DATE HASHED "zE8s+gXVexjyhA2ZgZyMHVQkBosZNT0wb8toxu9iacQ=" },
		{ "empty date", "/", "X-Amz-Date:\n" GOOD, ERROR_INCOMPLETE_SIGNATURE,
			NEEDS_DATE HASHED "zE8s+gXVexjyhA2ZgZyMHVQkBosZNT0wb8toxu9iacQ=" },
		{ "no equals sign", "/", DATE AUTH CREDENTIAL ", SignedHeaders, " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE,
			NO_EQUALS "'AtibrBkGhwSqryS5e0LUCX6IvGZ6NclhqzOn5VSADkk='." },
		{ "comma at the end", "/", DATE AUTH CREDENTIAL ", " SIGNED ", " HEX ",\n",
			ERROR_INCOMPLETE_SIGNATURE,
			NO_EQUALS "'DfuQGEpaXlSbt3SgDZRusRy4Lx4nqyFEdi5ArCDt0UU='." },
		{ "part twice", "/", DATE AUTH CREDENTIAL ", " SIGNED ", " HEX ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE,
			UNKNOWN_KEY "'f3M89htBA+9jQMF2Dvj5aKnV0ccN3qOC/Fz449MmZ1E='." },
		{ "unknown part", "/", DATE AUTH CREDENTIAL ", " SIGNED ", " HEX ", Region=x\n",
			ERROR_INCOMPLETE_SIGNATURE,
			UNKNOWN_KEY "'vjLkaQVekWpapyTCFDgUSmLJr4mKeNKfKVOOEkEsiaY='." },
		{ "two in one", "/",
			DATE AUTH CREDENTIAL ", " SIGNED ", " HEX ", AWS4-HMAC-SHA256 " CREDENTIAL "\n",
			ERROR_INCOMPLETE_SIGNATURE,
			UNKNOWN_KEY "'10TiR7UYDx7mYNkSc6KAvSOKbia/UZ/4Jt2i4U7sPIs='." },
		{ "older hash", "/",
			DATE "Authorization: AWS4-HMAC-SHA1 " CREDENTIAL ", " SIGNED ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE, "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'." },
		{ "version 4a", "/",
			DATE "Authorization: AWS4-ECDSA-P256-SHA256 " CREDENTIAL ", " SIGNED ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE,
			"Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'." },
		{ "no space behind the algorithm", "/",
			DATE "Authorization: AWS4-HMAC-SHA256," CREDENTIAL ", " SIGNED ", " CREDENTIAL
			     ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE, "Unsupported AWS 'algorithm': '...'." },
		{ "space inside", "/", DATE AUTH CREDENTIAL ", SignedHeaders=host; x-amz-date, " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE,
			"A part of the signature has characters that none may have, or more than 2048." },
		{ "no ASCII", "/", DATE AUTH CREDENTIAL "\xc3\xa9, " SIGNED ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE,
			"A part of the signature has characters that none may have, or more than 2048." },
		{ "date with hyphens", "/", "X-Amz-Date: 2015-08-30T12:36:00Z\n" GOOD,
			ERROR_INCOMPLETE_SIGNATURE, NOT_BASIC("2015-08-30T12:36:00Z") },
		{ "date with spaces", "/", "Date: Sun, 30 Aug 2015 12:36:00 CET\n" GOOD,
			ERROR_INCOMPLETE_SIGNATURE, NOT_BASIC("...") },
		{ "long date", "/", "X-Amz-Date: 20150830T123600Z20150830T123600Z2\n" GOOD,
			ERROR_INCOMPLETE_SIGNATURE, NOT_BASIC("...") },
		{ "four elements", "/", DATE AUTH "Credential=a/b/c/d, " SIGNED ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE, NOT_FIVE },
		{ "six elements", "/", DATE AUTH CREDENTIAL "/, " SIGNED ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE, NOT_FIVE },
		{ "key with a slash", "/", DATE AUTH "Credential=a/" SCOPE "/b, " SIGNED ", " HEX "\n",
			ERROR_INCOMPLETE_SIGNATURE, NOT_FIVE },
	};
	check_refusals(cases, ARRAY_LEN(cases));
}

static void the_query_form_must_be_whole(void **state)
{
	(void)state;
#define QUERY_NEEDS(part) "AWS query-string parameters must include '" part "'. "
#define TWICE(part)       ERROR_INCOMPLETE_SIGNATURE, "The query-string parameter " part " is given more than once."
#define BAD_EXPIRES       ERROR_INCOMPLETE_SIGNATURE, "X-Amz-Expires must be a number of seconds from 1 to 604800."
	static const struct refusal cases[] = {
		{ "algorithm alone", "/?X-Amz-Algorithm", "", ERROR_INCOMPLETE_SIGNATURE,
			QUERY_NEEDS("X-Amz-Algorithm") QUERY_NEEDS("X-Amz-Credential")
				QUERY_NEEDS("X-Amz-Signature") QUERY_NEEDS("X-Amz-SignedHeaders")
					QUERY_NEEDS("X-Amz-Date") "Re-examine the query-string parameters." },
		{ "date in a header",
			"/?" QUERY_ALGORITHM "&" QUERY_CREDENTIAL "&" QUERY_SIGNED "&" QUERY_HEX, DATE,
			ERROR_INCOMPLETE_SIGNATURE,
			QUERY_NEEDS("X-Amz-Date") "Re-examine the query-string parameters." },
		{ "algorithm twice", "/?" QUERY_GOOD "&" QUERY_ALGORITHM, "", TWICE("X-Amz-Algorithm") },
		{ "signature twice", "/?" QUERY_GOOD "&X-Amz-Signature=", "", TWICE("X-Amz-Signature") },
		{ "escaped name", "/?" QUERY_GOOD "&X-Amz-%44ate=20150830T123600Z", "", TWICE("X-Amz-Date") },
		{ "expires twice", "/?" QUERY_GOOD "&X-Amz-Expires=1&X-Amz-Expires=2", "",
			TWICE("X-Amz-Expires") },
		{ "token twice", "/?" QUERY_GOOD "&X-Amz-Security-Token=a", "X-Amz-Security-Token: b\n",
			TWICE("X-Amz-Security-Token") },
		{ "no seconds", "/?" QUERY_GOOD "&X-Amz-Expires=0", "", BAD_EXPIRES },
		{ "negative", "/?" QUERY_GOOD "&X-Amz-Expires=-1", "", BAD_EXPIRES },
		{ "too long", "/?" QUERY_GOOD "&X-Amz-Expires=604801", "", BAD_EXPIRES },
		{ "overflow", "/?" QUERY_GOOD "&X-Amz-Expires=18446744073709551617", "", BAD_EXPIRES },
		{ "no number", "/?" QUERY_GOOD "&X-Amz-Expires=1h", "", BAD_EXPIRES },
		{ "empty expires", "/?" QUERY_GOOD "&X-Amz-Expires=", "", BAD_EXPIRES },
		{ "other algorithm",
			"/?X-Amz-Algorithm=AWS4-HMAC-SHA512&" QUERY_CREDENTIAL "&" QUERY_DATE "&" QUERY_SIGNED
			"&" QUERY_HEX,
			"", ERROR_INCOMPLETE_SIGNATURE, "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'." },
		{ "date of HTTP",
			"/?" QUERY_ALGORITHM "&" QUERY_CREDENTIAL
			"&X-Amz-Date=Sun,+30+Aug+2015+12:36:00+GMT&" QUERY_SIGNED "&" QUERY_HEX,
			"", ERROR_INCOMPLETE_SIGNATURE, NOT_BASIC("...") },
		{ "bytes that are no text",
			"/?" QUERY_ALGORITHM "&X-Amz-Credential=%FF&" QUERY_DATE "&" QUERY_SIGNED
			"&" QUERY_HEX,
			"", ERROR_INCOMPLETE_SIGNATURE,
			"A part of the signature has characters that none may have, or more than 2048." },
		{ "four elements",
			"/?" QUERY_ALGORITHM "&X-Amz-Credential=a%2Fb%2Fc%2Fd&" QUERY_DATE "&" QUERY_SIGNED
			"&" QUERY_HEX,
			"", ERROR_INCOMPLETE_SIGNATURE, NOT_FIVE },
	};
	check_refusals(cases, ARRAY_LEN(cases));
}

static void long_texts_are_refused(void **state)
{
	(void)state;
	static const struct {
		size_t len;
		const char *text;
	} cases[] = {
		{ 2049, "A part of the signature has characters that none may have, or more than 2048." },
		{ 4096, "The header Authorization is longer than 4096 bytes." },
		{ 1000000, "The header Authorization is longer than 4096 bytes." },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request *request = request_new();
		char *name = arena_alloc(request->arena, cases[i].len + 1);
		memset(name, 'a', cases[i].len);
		str headers = arena_printf(
			request->arena, DATE AUTH CREDENTIAL ", SignedHeaders=%s, " HEX "\n", name);
		struct letter *letter = letter_new(request->arena, "GET", "/", headers.data, NULL);
		struct signature signature;
		assert_false(result_is_ok(signature_form_read(request, &letter->message, &signature)));
		assert_str_equal(request->message, str_of(cases[i].text));
		request_free(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_are_read),
		cmocka_unit_test(what_is_no_signature_is_refused),
		cmocka_unit_test(the_header_form_must_be_whole),
		cmocka_unit_test(the_query_form_must_be_whole),
		cmocka_unit_test(long_texts_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
