/* SPDX-License-Identifier: Apache-2.0 */
/* An envelope is a JSON object of the members that are set, sealed. */
#include "delivery/envelope.h"

#include "base/fatal.h"
#include "base/jsontext.h"
#include "crypto/seal.h"
#include "delivery/template.h"

/* Room for the longest body of which every other character needs an escape, and for the rest. */
enum { ENVELOPE_MAX = 2 * TEMPLATE_MAX };

static const struct member {
	str name;
	size_t offset; /* in struct outbox_message */
} members[] = {
	{ .name = STR_INIT("recipient"), .offset = offsetof(struct outbox_message, recipient) },
	{ .name = STR_INIT("subject"), .offset = offsetof(struct outbox_message, subject) },
	{ .name = STR_INIT("body"), .offset = offsetof(struct outbox_message, body) },
	{ .name = STR_INIT("sender"), .offset = offsetof(struct outbox_message, sender) },
	{ .name = STR_INIT("reply_to"), .offset = offsetof(struct outbox_message, reply_to) },
};

static str identity_of(struct arena *arena, str id)
{
	return arena_printf(arena, "outbox_message:%.*s:message", STR_ARG(id));
}

str envelope_close(
	const struct sealer *sealer, struct arena *arena, str id, const struct outbox_message *message)
{
	struct buf plain = buf_new(arena, ENVELOPE_MAX);
	buf_add_char(&plain, '{');
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		const str *value = (const str *)((const char *)message + members[i].offset);
		jsontext_add_string_member(&plain, members[i].name, *value);
	}
	buf_add_char(&plain, '}');
	if (plain.overflowed)
		return STR_NONE;
	return seal_close(sealer, arena, buf_str(&plain), identity_of(arena, id));
}

bool envelope_open(
	const struct sealer *sealer, struct arena *arena, str id, str sealed, struct outbox_message *message)
{
	str plain;
	if (!seal_open(sealer, arena, sealed, identity_of(arena, id), &plain))
		return false;
	const struct jsontree *content = jsontree_parse(arena, plain, NULL);
	if (!content || jsontree_kind(content) != JSONTREE_OBJECT)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		str *value = (str *)((char *)message + members[i].offset);
		*value = jsontree_member_string(content, members[i].name.data);
	}
	return true;
}
