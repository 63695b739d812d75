/* SPDX-License-Identifier: Apache-2.0 */
/* SMS by a service of the operator's:
       POST <sms_webhook_url>
       Content-Type: application/json
       Idempotency-Key: <id>
       Authorization: Bearer <sms_webhook_secret>
       {"to":"+15555551234","body":"Your code is 123456","pool":"us-east-1_aBcDeFgHi","id":"<id>"}
   The id stays with a message over all attempts, so that the service can tell a repeated one. */
#include "delivery/sender.h"

#include "base/jsontext.h"
#include "base/settings.h"
#include "delivery/medium.h"
#include "delivery/post.h"
#include "delivery/template.h"

/* An escape makes six bytes of one. */
enum { BODY_MAX = 6 * TEMPLATE_MAX + 1024, HEADERS_MAX = 3 };

static bool accepts(const struct settings *settings, enum outbox_medium medium)
{
	return medium == OUTBOX_SMS && str_is_set(settings->sms_webhook_url);
}

static str body_of(struct arena *arena, const struct outbox_message *message)
{
	struct buf body = buf_new(arena, BODY_MAX);
	buf_add_char(&body, '{');
	jsontext_add_string_member(&body, STR("to"), message->recipient);
	jsontext_add_string_member(&body, STR("body"), message->body);
	jsontext_add_string_member(&body, STR("pool"), message->pool_id);
	jsontext_add_string_member(&body, STR("id"), message->id);
	buf_add_char(&body, '}');
	return buf_str(&body);
}

static enum sender_outcome deliver(const struct settings *settings, struct arena *arena,
	const struct outbox_message *message, str *problem)
{
	struct message_header headers[HEADERS_MAX] = {
		{ STR("Content-Type"), STR("application/json") },
		{ STR("Idempotency-Key"), message->id },
	};
	struct post post = {
		.url = settings->sms_webhook_url,
		.headers = headers,
		.header_count = HEADERS_MAX - 1,
		.body = body_of(arena, message),
	};
	struct http_client_answer answer;
	if (!medium_takes(message->medium, message->recipient)) {
		*problem = STR("recipient is no phone number");
		return SENDER_REFUSED;
	}
	if (str_is_set(settings->sms_webhook_secret))
		headers[post.header_count++] = (struct message_header){
			STR("Authorization"),
			arena_printf(arena, "Bearer %.*s", STR_ARG(settings->sms_webhook_secret)),
		};
	return post_send(settings, arena, &post, &answer, problem);
}

const struct sender sender_sms_webhook = { .name = "sms_webhook", .accepts = accepts, .send = deliver };
