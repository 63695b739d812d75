/* SPDX-License-Identifier: Apache-2.0 */
/* Where no provider is configured: a Maildir for e-mail and SMS alike, so that a first run needs nothing else
   and tests can read codes. */
#include "delivery/sender.h"

#include "base/buf.h"
#include "base/settings.h"
#include "delivery/email.h"
#include "delivery/maildir.h"
#include "delivery/medium.h"

static bool accepts(const struct settings *settings, enum outbox_medium medium)
{
	(void)settings;
	(void)medium;
	return true;
}

/* Files have the line ends of the system, not of the wire. */
static str with_local_line_ends(struct arena *arena, str text)
{
	struct buf out = buf_new(arena, text.len);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] != '\r')
			buf_add_char(&out, text.data[i]);
	return buf_str(&out);
}

static str email_file(
	const struct settings *settings, struct arena *arena, const struct outbox_message *message)
{
	str content = email_compose(settings, arena, message);
	return str_is_set(content) ? with_local_line_ends(arena, content) : content;
}

static str sms_file(
	const struct settings *settings, struct arena *arena, const struct outbox_message *message)
{
	(void)settings;
	if (!medium_takes(OUTBOX_SMS, message->recipient))
		return STR_NONE;
	return arena_printf(arena,
		"To: %.*s\n"
		"X-Poolwarden-Medium: SMS\n"
		"MIME-Version: 1.0\n"
		"Content-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: 8bit\n"
		"\n"
		"%.*s\n",
		STR_ARG(message->recipient), STR_ARG(message->body));
}

static str (*const files[OUTBOX_MEDIUM_COUNT])(
	const struct settings *, struct arena *, const struct outbox_message *) = {
	[OUTBOX_EMAIL] = email_file,
	[OUTBOX_SMS] = sms_file,
};

static enum sender_outcome deliver(const struct settings *settings, struct arena *arena,
	const struct outbox_message *message, str *problem)
{
	str folder = settings->outbox_dir;
	if (!str_is_set(folder))
		folder = arena_printf(arena, "%.*s/outbox", STR_ARG(settings->data_dir));
	str content = files[message->medium](settings, arena, message);
	if (!str_is_set(content)) {
		*problem = STR("sender or recipient is no plain address");
		return SENDER_REFUSED;
	}
	return maildir_deliver(arena, folder, content, problem) ? SENDER_SENT : SENDER_DOWN;
}

const struct sender sender_maildir = { .name = "maildir", .accepts = accepts, .send = deliver };
