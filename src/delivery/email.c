/* SPDX-License-Identifier: Apache-2.0 */
/* From outbox message to mail. */
#include "delivery/email.h"

#include "base/clock.h"
#include "base/settings.h"
#include "message/mail.h"

str email_sender(const struct settings *settings, const struct outbox_message *message)
{
	if (str_is_set(message->sender))
		return message->sender;
	return str_is_set(settings->smtp_from) ? settings->smtp_from : STR("no-reply@localhost");
}

str email_compose(const struct settings *settings, struct arena *arena, const struct outbox_message *message)
{
	str sender = email_sender(settings, message);
	str domain = mail_bare_address(sender);
	str_split(&domain, '@');
	struct mail mail = {
		.from = sender,
		.to = message->recipient,
		.reply_to = str_is_set(message->reply_to) ? mail_bare_address(message->reply_to) : STR_NONE,
		.subject = message->subject,
		.text = message->body,
		.is_html = true,
		.date = clock_now(),
		.message_id = arena_printf(arena, "%.*s@%.*s", STR_ARG(message->id), STR_ARG(domain)),
	};
	return mail_compose(arena, &mail);
}
