/* SPDX-License-Identifier: Apache-2.0 */
/* E-mail by the operator's mail server. */
#include "delivery/sender.h"

#include "base/settings.h"
#include "delivery/email.h"
#include "message/mail.h"
#include "message/smtp.h"

static bool accepts(const struct settings *settings, enum outbox_medium medium)
{
	return medium == OUTBOX_EMAIL && str_is_set(settings->smtp_url);
}

static enum sender_outcome deliver(const struct settings *settings, struct arena *arena,
	const struct outbox_message *message, str *problem)
{
	static const enum sender_outcome outcomes[] = {
		[SMTP_SENT] = SENDER_SENT,
		[SMTP_REFUSED] = SENDER_REFUSED,
		[SMTP_DEFERRED] = SENDER_DEFERRED,
		[SMTP_DOWN] = SENDER_DOWN,
	};
	const struct smtp_server server = {
		.url = settings->smtp_url,
		.username = settings->smtp_username,
		.password = settings->smtp_password,
		.ca_file = settings->ca_file,
		.require_tls = settings->smtp_require_tls,
	};
	str content = email_compose(settings, arena, message);
	if (!str_is_set(content)) {
		*problem = STR("sender or recipient is no plain e-mail address");
		return SENDER_REFUSED;
	}
	str from = mail_bare_address(email_sender(settings, message));
	return outcomes[smtp_send(&server, arena, from, message->recipient, content, problem)];
}

const struct sender sender_smtp = { .name = "smtp", .accepts = accepts, .send = deliver };
