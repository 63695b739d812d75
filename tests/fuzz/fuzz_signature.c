/* SPDX-License-Identifier: Apache-2.0 */
/* Signature Version 4 in headers and URLs. An input is a message as it stands on the wire, with plain line
   ends. One without a signature is signed here, over the headers that its header Sign names, so that the
   check of a good signature is reached too: what fits must not fit another secret, method or body. */
#include "fuzz/fuzz.h"

#include "base/settings.h"
#include "iam/signature.h"
#include "iam/signature_form.h"
#include "message/canonical.h"
#include "unit/iam/letter.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define NOW    1440938160000 /* 2015-08-30T12:36:00Z */

enum { LINES_MAX = 30 };

static const struct settings settings = { .region = STR_INIT("us-east-1") };
static const char *const services[] = { "cognito-idp", "service", "iam", NULL };

/* --- The message --- */

/* What stands before the separator, as a C string; behind it stays the rest, empty when there was none. */
static const char *take(struct arena *arena, str *rest, char separator)
{
	str part = str_split(rest, separator);
	if (!str_is_set(*rest))
		*rest = STR("");
	return arena_copy(arena, part).data;
}

/* The lines up to the first empty one. NULL when there are too many for a letter. */
static const char *take_headers(struct arena *arena, str *rest)
{
	size_t len = 0, lines = 0;
	while (len < rest->len && rest->data[len] != '\n') {
		str line = str_from(*rest, len);
		ptrdiff_t end = str_find_char(line, '\n');
		len += end < 0 ? line.len : (size_t)end + 1;
		if (++lines > LINES_MAX)
			return NULL;
	}
	str headers = arena_copy(arena, str_slice(*rest, 0, len));
	*rest = str_from(*rest, len + 1);
	return headers.data;
}

static struct letter *read_letter(struct arena *arena, str input)
{
	const char *method = take(arena, &input, ' '), *target = take(arena, &input, '\n');
	const char *headers = take_headers(arena, &input);
	if (!headers)
		return NULL;
	struct letter *letter = letter_new(arena, method, target, headers, "");
	letter->message.body = input;
	return letter;
}

/* --- Its signature --- */

static void sign(struct letter *letter)
{
	str names = message_header(&letter->message, STR("Sign"));
	str timestamp = message_header(&letter->message, STR("X-Amz-Date"));
	str day = str_slice(timestamp, 0, sizeof "20150830" - 1);
	letter_sign(
		letter, &(struct letter_signing){
				.access_key_id = STR("AKIDEXAMPLE"),
				.secret = STR(SECRET),
				.timestamp = arena_printf(letter->arena, "%.*s", STR_ARG(timestamp)).data,
				.scope = arena_printf(letter->arena,
					"%.*s/us-east-1/cognito-idp/aws4_request", STR_ARG(day))
						 .data,
				.signed_headers = arena_printf(letter->arena, "%.*s", STR_ARG(names)).data,
			});
}

static RESULT examine(
	struct request *request, const struct message_request *message, struct signature *signature)
{
	TRY(signature_form_read(request, message, signature));
	return signature_check(request, message, signature, services);
}

static void check_fit(
	struct arena *arena, const struct message_request *message, const struct signature *signature)
{
	struct message_request other = *message;
	assert(!signature_fits(arena, message, signature, STR("another secret")));
	other.body = arena_printf(arena, "%.*s!", STR_ARG(message->body));
	assert(!signature_fits(arena, &other, signature, STR(SECRET)));
	other = *message;
	other.method = arena_printf(arena, "%.*s!", STR_ARG(message->method));
	assert(!signature_fits(arena, &other, signature, STR(SECRET)));
}

/* A good signature fits, but for two reasons. */
static bool may_differ(
	struct arena *arena, const struct message_request *message, const struct signature *signature)
{
	return str_is_set(message_header(message, STR("X-Amz-Content-Sha256"))) ||
	       !str_is_set(canonical_request(arena, message, signature->signed_headers, STR("00")));
}

static void try_letter(struct request *request, struct letter *letter)
{
	struct message_request *message = &letter->message;
	struct signature signature;
	bool is_taken = result_is_ok(examine(request, message, &signature));
	bool is_ours = !is_taken && request->error == ERROR_MISSING_AUTHENTICATION_TOKEN;
	if (is_ours) {
		sign(letter);
		request_clear_failure(request);
		is_taken = result_is_ok(examine(request, message, &signature));
	}
	if (!is_taken)
		fuzz_check_failure(request);
	else if (signature_fits(request->arena, message, &signature, STR(SECRET)))
		check_fit(request->arena, message, &signature);
	else
		assert(!is_ours || may_differ(request->arena, message, &signature));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request *request = request_new();
	request->now = NOW;
	request->settings = &settings;
	struct letter *letter = read_letter(request->arena, fuzz_text(data, size));
	if (letter)
		try_letter(request, letter);
	request_free(&request);
	return 0;
}
