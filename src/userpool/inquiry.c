/* SPDX-License-Identifier: Apache-2.0 */
/* Inquiries. */
#include "userpool/inquiry.h"

#include "crypto/seal.h"
#include "userpool/attribute.h"
#include "userpool/client.h"
#include "userpool/pool.h"
#include "userpool/sign_in_name.h"

static RESULT find_user(
	struct request *request, str username, enum attempt_kind kind, struct inquiry *inquiry)
{
	TRY(user_find(request, inquiry->pool, username, &inquiry->user, &inquiry->exists));
	inquiry->name = username;
	inquiry->subject = attempt_subject(
		request, kind, inquiry->pool, inquiry->exists ? &inquiry->user : NULL, username);
	return OK;
}

result inquiry_open(struct request *request, str client_id, str username, str secret_hash,
	enum attempt_kind kind, struct inquiry *inquiry)
{
	TRY(client_find_with_pool(request, client_id, &inquiry->client, &inquiry->pool));
	TRY(client_check_secret_hash(request, inquiry->client, username, secret_hash));
	TRY(find_user(request, username, kind, inquiry));
	if (!inquiry->exists && !inquiry->client->hides_users)
		return FAIL(request, USER_NOT_FOUND, "User does not exist.");
	return OK;
}

result inquiry_open_on_page(struct request *request, str pool_id, str client_id, str username,
	enum attempt_kind kind, struct inquiry *inquiry)
{
	TRY(pool_find(request, pool_id, &inquiry->pool));
	TRY(client_find_in_pool(request, pool_id, client_id, &inquiry->client));
	return find_user(request, username, kind, inquiry);
}

result inquiry_refuse_code(struct request *request, const struct inquiry *inquiry, enum code_verdict verdict)
{
	bool is_hidden = verdict == CODE_ABSENT && inquiry->client->hides_users;
	return confirmation_code_refuse(request, is_hidden ? CODE_WRONG : verdict);
}

static struct digest hash_of(struct request *request, const struct inquiry *inquiry)
{
	str data = arena_printf(request->arena, "%.*s:%.*s", STR_ARG(inquiry->pool->id),
		STR_ARG(sign_in_name_key(request, inquiry->pool, inquiry->name)));
	return seal_hash(request->sealer, STR("invented_address"), data);
}

struct user_address inquiry_invented_address(
	struct request *request, const struct inquiry *inquiry, str attribute)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	enum { LETTERS = sizeof letters - 1 };
	/* Of an address the mask shows what the caller knows already. */
	if (attribute_is_email(inquiry->name))
		return user_message_address_of(STR("email"), inquiry->name);
	if (attribute_is_phone_number(inquiry->name))
		return user_message_address_of(STR("phone_number"), inquiry->name);
	struct digest hash = hash_of(request, inquiry);
	if (str_equal(attribute, STR("phone_number")))
		return user_message_address_of(
			attribute, arena_printf(request->arena, "+1555555%04d",
					   (hash.bytes[0] << 8 | hash.bytes[1]) % 10000));
	return user_message_address_of(
		attribute, arena_printf(request->arena, "%c@%c", letters[hash.bytes[0] % LETTERS],
				   letters[hash.bytes[1] % LETTERS]));
}
