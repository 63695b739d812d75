/* SPDX-License-Identifier: Apache-2.0 */
/* Messages are counted also when their transaction fails later on: no code of the product adds one and then
 * fails. */
#include "unit/userpool/mailbox.h"

#include "base/fatal.h"
#include "unit/cases.h"

enum { KEPT = 64, CODE_LEN = 6 };

static struct {
	struct arena *arena;
	struct outbox_message messages[KEPT];
	size_t count;
	bool is_closed;
} mailbox;

void mailbox_empty(void)
{
	if (mailbox.arena)
		arena_free(&mailbox.arena);
	mailbox.count = 0;
	mailbox.is_closed = false;
}

void mailbox_close(void)
{
	mailbox.is_closed = true;
}

size_t mailbox_count(void)
{
	return mailbox.count;
}

const struct outbox_message *mailbox_message(size_t back)
{
	assert_true(back < mailbox.count && back < KEPT);
	return &mailbox.messages[(mailbox.count - 1 - back) % KEPT];
}

str mailbox_code(void)
{
	str body = mailbox_message(0)->body;
	size_t digits = 0;
	for (size_t i = 0; i < body.len; i++) {
		digits = body.data[i] >= '0' && body.data[i] <= '9' ? digits + 1 : 0;
		if (digits == CODE_LEN)
			return str_slice(body, i + 1 - CODE_LEN, CODE_LEN);
	}
	fail_msg("no code in \"%.*s\"", STR_ARG(body));
	return STR_NONE;
}

/* Fails like the real one where there is nothing to send. */
result outbox_add(struct request *request, const struct outbox_message *message)
{
	struct outbox_message *kept = &mailbox.messages[mailbox.count % KEPT];
	if (mailbox.is_closed || str_is_empty(message->recipient) || str_is_empty(message->body))
		return FAIL(request, CODE_DELIVERY_FAILURE, "The message cannot be sent.");
	if (!mailbox.arena)
		mailbox.arena = arena_new();
	*kept = (struct outbox_message){
		.medium = message->medium,
		.pool_id = arena_copy(mailbox.arena, message->pool_id),
		.recipient = arena_copy(mailbox.arena, message->recipient),
		.subject = arena_copy(mailbox.arena, message->subject),
		.body = arena_copy(mailbox.arena, message->body),
		.sender = arena_copy(mailbox.arena, message->sender),
		.reply_to = arena_copy(mailbox.arena, message->reply_to),
	};
	mailbox.count++;
	return OK;
}

result outbox_pretend(struct request *request, const struct outbox_message *message)
{
	if (mailbox.is_closed || str_is_empty(message->recipient) || str_is_empty(message->body))
		return FAIL(request, CODE_DELIVERY_FAILURE, "The message cannot be sent.");
	return OK;
}
