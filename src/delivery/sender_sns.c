/* SPDX-License-Identifier: Apache-2.0 */
/* SMS by Amazon SNS, or by a service that takes its Publish:
   https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
#define _GNU_SOURCE /* memmem */
#include "delivery/sender.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fatal.h"
#include "base/settings.h"
#include "delivery/aws_signer.h"
#include "delivery/medium.h"
#include "delivery/post.h"
#include "message/url.h"

enum { CODE_MAX = 64 };

#define FORM "application/x-www-form-urlencoded; charset=utf-8"

/* What SNS says besides that the message is wrong, which is refused. */
static const struct {
	str code;
	enum sender_outcome outcome;
} codes[] = {
	{ STR_INIT("Throttled"), SENDER_DEFERRED },
	{ STR_INIT("ThrottledException"), SENDER_DEFERRED },
	{ STR_INIT("Throttling"), SENDER_DEFERRED },
	{ STR_INIT("ThrottlingException"), SENDER_DEFERRED },
	{ STR_INIT("AuthorizationError"), SENDER_DOWN },
	{ STR_INIT("IncompleteSignature"), SENDER_DOWN },
	{ STR_INIT("InvalidClientTokenId"), SENDER_DOWN },
	{ STR_INIT("MissingAuthenticationToken"), SENDER_DOWN },
	{ STR_INIT("OptInRequired"), SENDER_DOWN },
	{ STR_INIT("RequestExpired"), SENDER_DOWN },
	{ STR_INIT("SignatureDoesNotMatch"), SENDER_DOWN },
};

static bool accepts(const struct settings *settings, enum outbox_medium medium)
{
	return medium == OUTBOX_SMS && str_is_set(settings->sns_url);
}

static void add_pair(struct buf *form, str name, str value)
{
	if (form->len)
		buf_add_char(form, '&');
	buf_add(form, name);
	buf_add_char(form, '=');
	buf_add(form, url_encode(form->arena, value, STR("")));
}

/* Codes are worth nothing when they come late: Transactional is what SNS calls those that must not. */
static str form_of(struct arena *arena, const struct outbox_message *message)
{
	struct buf form = buf_new(arena, SIZE_MAX);
	add_pair(&form, STR("Action"), STR("Publish"));
	add_pair(&form, STR("Message"), message->body);
	add_pair(&form, STR("MessageAttributes.entry.1.Name"), STR("AWS.SNS.SMS.SMSType"));
	add_pair(&form, STR("MessageAttributes.entry.1.Value.DataType"), STR("String"));
	add_pair(&form, STR("MessageAttributes.entry.1.Value.StringValue"), STR("Transactional"));
	add_pair(&form, STR("PhoneNumber"), message->recipient);
	add_pair(&form, STR("Version"), STR("2010-03-31"));
	return buf_str(&form);
}

/* The letters between <Code> and </Code>; absent when there are none. The sentence beside it may quote the message. */
static str code_in(str answer)
{
	static const str opening = STR_INIT("<Code>");
	if (!str_is_set(answer))
		return STR_NONE;
	const char *found = memmem(answer.data, answer.len, opening.data, opening.len);
	if (!found)
		return STR_NONE;
	str rest = str_from(answer, (size_t)(found - answer.data) + opening.len);
	size_t len = 0;
	while (len < rest.len && len < CODE_MAX && ((rest.data[len] | ' ') >= 'a' && (rest.data[len] | ' ') <= 'z'))
		len++;
	return len ? str_slice(rest, 0, len) : STR_NONE;
}

static enum sender_outcome outcome_of_code(str code, unsigned status)
{
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (str_equal(codes[i].code, code))
			return codes[i].outcome;
	/* About the key, not about the message. */
	return status == 401 || status == 403 ? SENDER_DOWN : SENDER_REFUSED;
}

static enum sender_outcome judge(
	struct arena *arena, const struct http_client_answer *answer, enum sender_outcome outcome, str *problem)
{
	str code = code_in(answer->body);
	if (outcome != SENDER_REFUSED)
		return outcome;
	if (str_is_set(code))
		*problem = arena_printf(arena, "%.*s: %.*s", STR_ARG(*problem), STR_ARG(code));
	return outcome_of_code(code, answer->status);
}

static enum sender_outcome deliver(const struct settings *settings, struct arena *arena,
	const struct outbox_message *message, str *problem)
{
	const struct aws_signer signer = {
		.region = settings->sns_region,
		.service = STR("sns"),
		.access_key_id = settings->sns_access_key_id,
		.secret = settings->sns_secret_access_key,
	};
	struct message_header headers[AWS_SIGNER_HEADERS];
	struct http_client_answer answer;
	if (!medium_takes(message->medium, message->recipient)) {
		*problem = STR("recipient is no phone number");
		return SENDER_REFUSED;
	}
	str form = form_of(arena, message);
	aws_signer_sign(arena, &signer, clock_now(), STR("POST"), settings->sns_url, STR(FORM), form, headers);
	const struct post post = {
		.url = settings->sns_url,
		.headers = headers,
		.header_count = AWS_SIGNER_HEADERS,
		.body = form,
	};
	return judge(arena, &answer, post_send(settings, arena, &post, &answer, problem), problem);
}

const struct sender sender_sns = { .name = "sns", .accepts = accepts, .send = deliver };
